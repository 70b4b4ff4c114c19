/** Account and region of a policy. */
export interface Place {
  /** The account's 12 digits. */
  readonly accountId: string;
  /** The stack's region: `us-east-1`. */
  readonly region: string;
}

/** One statement of an IAM policy, spelled as IAM wants it. */
export interface Statement {
  /** `Deny` wins over every `Allow`. */
  readonly Effect: "Allow" | "Deny";
  /** Actions with the service's prefix: `ecs:UpdateService`. */
  readonly Action: readonly string[];
  /** ARNs, which may hold wildcards, or `*`. */
  readonly Resource: readonly string[];
  /** Operator, key, value: `{ StringEquals: { "aws:RequestedRegion": "us-east-1" } }`; left out, it always holds. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy document of these statements. */
export const document = (statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
