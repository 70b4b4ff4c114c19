import type {
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import type { SettingKey } from "../stacks/settings";
import { tell } from "./report";
import { completeArguments } from "./arguments";
import { attempt, isDeferred, noteApplied, noteFinding } from "./results";
import { type Settings, type Suppression, suppressSchema, type Values } from "./settings";
import { type Complaint, Stack } from "./stack";
import { canonical, types as tokens } from "../aws/types";
import type { Finding, Properties } from "./values";

/** What every rule says of itself. */
export interface About<S extends Settings = Settings> {
  /** Kebab-case name, as in `--policy-pack-config`. */
  readonly name: string;
  /** What must hold, as one sentence without a full stop. */
  readonly description: string;
  readonly severity: Severity;
  /** @default mandatory */
  readonly level?: "advisory";
  /** Requirements of `docs/guide.md`, and gaps of `docs/guide-gaps.md`, that the rule enforces. */
  readonly requirements: readonly string[];
  /** What mends a violation in any program: the argument, or the resource. */
  readonly remedy: string;
  /** Keys of this project's configuration that do the same. */
  readonly keys?: readonly SettingKey[];
  /** Ids of public checks for the same thing, where there are any: `CKV_AWS_17`. */
  readonly publicChecks?: readonly string[];
  /** Thresholds that the pack's configuration can change. */
  readonly settings?: S;
}

/** What a rule keeps of itself for the documentation. */
export interface Documented {
  readonly about: About;
}

/** A resource of a rule about single resources, in the two forms in which the engine hands it over. */
type Judged = Pick<ResourceValidationArgs, "type" | "name" | "urn"> & { readonly props: Properties };

type Config = { readonly suppress?: Suppression[] };

type Reporter = (finding: string, resource?: { readonly name: string; readonly urn: string }) => void;

/** What mends a violation, in any program and in this one. */
export const remedyOf = ({ remedy, keys = [] }: About): string =>
  keys.length === 0 ? remedy : `${remedy} [${keys.map((key) => `chatpop:${key}`).join(", ")}]`;

const common = (about: About) => ({
  name: about.name,
  description: about.description,
  severity: about.severity,
  remediationSteps: remedyOf(about),
  ...(about.level && { enforcementLevel: about.level }),
  configSchema: { properties: schemas(about.settings) },
  about,
});

const schemas = (settings: Settings = {}): Record<string, PolicyConfigJSONSchema> => ({
  ...Object.fromEntries(Object.entries(settings).map(([key, { schema }]) => [key, schema])),
  suppress: suppressSchema,
});

function valuesOf<S extends Settings>(about: About<S>, config: object): Values<S> {
  const fallbacks = Object.entries(about.settings ?? {}).map(([key, { fallback }]) => [key, fallback]);
  return { ...Object.fromEntries(fallbacks), ...config } as Values<S>;
}

/** Reports a finding as one line; a suppressed one shows its reason and stops nothing. */
function reporter(
  about: About,
  suppressions: readonly Suppression[] = [],
  report: ReportViolation,
): Reporter {
  return (finding, resource) => {
    const accepted = suppressions.find(
      (each) => each.resource === undefined || [resource?.name, resource?.urn].includes(each.resource),
    );
    noteFinding(about.name, accepted);
    const what = resource ? `${resource.name}: ${finding}` : finding;
    const why = `${what} (${about.requirements.join(", ")}).`;
    tell(report, {
      message: accepted ? `${why} Accepted: ${accepted.reason}` : `${why} Remedy: ${remedyOf(about)}`,
      urn: resource?.urn,
      ...(accepted && { enforcementLevel: "advisory" }),
    });
  };
}

/**
 * A rule about each resource of a type, before it is created or changed.
 *
 * @param checks Each reads as few properties as it can: a value that is unknown in a preview defers the check that
 * reads it, and no other.
 */
export function resourceRule<S extends Settings>(
  about: About<S> & { readonly type: string | readonly string[] },
  checks: readonly ((properties: Properties, config: Values<S>, resource: Judged) => Finding)[],
): ResourceValidationPolicy & Documented {
  const types = [about.type].flat();
  const judge = (resource: Judged, config: Config, report: ReportViolation, again = false) => {
    if (!types.includes(canonical(resource.type))) return;
    noteApplied(about.name);
    const tellOf = reporter(about, config.suppress, report);
    checks.forEach((check, index) => {
      const name = `${index} ${resource.urn}`;
      if (again && !isDeferred(about.name, name)) return;
      const finding = attempt(about.name, name, resource.name, () =>
        check(resource.props, valuesOf(about, config), resource),
      );
      if (finding) tellOf(finding, resource);
    });
  };
  return {
    ...common(about),
    validateResource: (resource, report) => judge(resource, resource.getConfig(), report),
    // What a resource's own text does not say in a preview, its component may.
    ...(types.includes(tokens.taskDefinition) && {
      validateStack: ({ resources, getConfig }: StackValidationArgs, report: ReportViolation) => {
        completeArguments(resources);
        for (const resource of resources) judge(resource, getConfig(), report, true);
      },
    }),
  };
}

/** A rule about how the resources of a stack go together, when all of them are known. */
export function stackRule<S extends Settings>(
  about: About<S>,
  find: (stack: Stack, config: Values<S>) => Iterable<Complaint>,
): StackValidationPolicy & Documented {
  return {
    ...common(about),
    validateStack: (args, report) => {
      const config = args.getConfig<{ suppress?: Suppression[] }>();
      const tell = reporter(about, config.suppress, report);
      for (const { resource, message } of find(new Stack(args, about.name), valuesOf(about, config))) {
        tell(message, resource);
      }
    },
  };
}
