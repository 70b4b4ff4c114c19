import type { EnforcementLevel, ReportViolation, Severity } from "@pulumi/policy";

/** A report that carries its own message and level. */
export interface Told {
  readonly message: string;
  /** The resource that is blamed; the stack when left out. */
  readonly urn?: string;
  /** @default the level of the policy */
  readonly enforcementLevel?: EnforcementLevel;
  /** @default the severity of the policy */
  readonly severity?: Severity;
}

/** Reports in full: the SDK's declarations have only the plain form. */
export const tell = (report: ReportViolation, told: Told): void =>
  (report as unknown as (told: Told) => void)(told);
