import type {
  PolicyConfigSchema,
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import { Stack } from "./stack";

/** What every rule says of itself. */
interface About {
  /** Kebab-case name, as in `--policy-pack-config`. */
  readonly name: string;
  /** What must hold, as one sentence. */
  readonly description: string;
  readonly severity: Severity;
  /** Requirements of `docs/guide.md` that the rule enforces. */
  readonly requirements: readonly string[];
  /** The setting or argument that mends a violation. */
  readonly remedy: string;
  /** Ids of public checks for the same thing, where there are any: `CKV_AWS_17`. */
  readonly publicChecks?: readonly string[];
  readonly configSchema?: PolicyConfigSchema;
}

type Properties = Readonly<Record<string, unknown>>;

const description = (about: About) =>
  `${about.description} (${about.requirements.join(", ")}). Remedy: ${about.remedy}`;

const common = (about: About) => ({
  name: about.name,
  description: description(about),
  severity: about.severity,
  remediationSteps: about.remedy,
  ...(about.configSchema && { configSchema: about.configSchema }),
});

/**
 * A rule about one resource of a type.
 *
 * @param checks Each returns the complaint or undefined. One check reads as few properties as it can: a value that is
 * unknown in a preview ends the check that reads it, and must not hide what another check would find.
 */
export function resourceRule(
  about: About & { readonly type: string },
  checks: readonly ((properties: Properties, resource: ResourceValidationArgs) => string | undefined)[],
): ResourceValidationPolicy {
  return {
    ...common(about),
    validateResource: checks.map(
      (check) => (resource: ResourceValidationArgs, report: (message: string) => void) => {
        if (resource.type !== about.type) return;
        const complaint = check(resource.props, resource);
        if (complaint) report(`${resource.name}: ${complaint}`);
      },
    ),
  };
}

/** A complaint of a rule about a whole stack; without a resource it is about the stack itself. */
export interface Complaint {
  readonly resource?: PolicyResource;
  readonly message: string;
}

/** A rule about how the resources of a stack go together. */
export function stackRule(about: About, find: (stack: Stack) => Iterable<Complaint>): StackValidationPolicy {
  return {
    ...common(about),
    validateStack: (args, report) => {
      for (const { resource, message } of find(new Stack(args))) {
        report(resource ? `${resource.name}: ${message}` : message, resource?.urn);
      }
    },
  };
}
