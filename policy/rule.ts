import type {
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { commandsOf, type Mend } from "./mends";
import { tell } from "./report";
import { evidenceFor, type Group, groupOf, isOnAlready, knowsTheGuide } from "./groups";
import { isDeferred, judgeOnce, noteFinding, noteMissing, noteOwn, wasMade } from "./results";
import { hasExpired, type Settings, type Suppression, suppressSchema, type Values } from "./settings";
import { type Complaint, Stack } from "./stack";
import { canonical, types as tokens } from "../aws/types";
import type { Finding, Properties } from "./values";

/** Description of a rule. */
export interface About<S extends Settings = Settings> {
  /** Kebab-case name, as in `--policy-pack-config`. */
  readonly name: string;
  /** Condition that must hold, as one sentence without a full stop. */
  readonly description: string;
  readonly severity: Severity;
  /** @default mandatory */
  readonly level?: "advisory";
  /** Requirements of `docs/guide.md`, and gaps of `docs/guide-gaps.md`, that the rule enforces. */
  readonly requirements: readonly string[];
  /** Remedy in any program: the argument, or the resource. */
  readonly remedy: string;
  /** Settings of this project that do the same. */
  readonly mends?: readonly Mend[];
  /** Part of the resources that it judges, where they may be without: "a listener that speaks TLS". */
  readonly subject?: string;
  /** Ids of public checks for the same thing, where there are any: `CKV_AWS_17`. */
  readonly publicChecks?: readonly string[];
  /** Thresholds that the pack's configuration can change. */
  readonly settings?: S;
}

/** Part of a rule for the documentation. */
export interface Documented {
  readonly about: About;
}

/** A resource of a rule about single resources, in the two forms in which the engine hands it over. */
type Judged = Pick<ResourceValidationArgs, "type" | "name" | "urn"> & { readonly props: Properties };

type Config = { readonly suppress?: Suppression[] };

type Reporter = (
  finding: string,
  resource?: { readonly name: string; readonly urn: string },
  advice?: Severity,
) => void;

/** Remedies, in any program and by this project's settings. */
export const remedyOf = ({ remedy, mends = [] }: About): string =>
  mends.length === 0 ? remedy : `${remedy} [${mends.map(({ key }) => `chatpop:${key}`).join(", ")}]`;

/** End of a finding: the command that mends it, and before it the argument for who edits code; without one, the argument. */
function remedyFor(about: About, thresholds: Readonly<Record<string, unknown>>): string {
  const commands = knowsTheGuide() ? commandsOf(about.mends ?? [], thresholds) : "";
  return commands === ""
    ? `Remedy: ${about.remedy}`
    : `In code: ${endOfSentence(about.remedy)} Remedy: ${commands}`;
}

const common = (about: About) => ({
  name: about.name,
  description: about.description,
  severity: about.severity,
  remediationSteps: about.remedy,
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

const endOfSentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Reports a finding as one line; a suppressed one shows its reason and stops nothing. */
function reporter(about: About, config: Config, report: ReportViolation): Reporter {
  const { suppress: suppressions = [] } = config;
  return (finding, resource, advice) => {
    const fitting = suppressions.filter(
      (each) => each.resource === undefined || [resource?.name, resource?.urn].includes(each.resource),
    );
    const accepted = fitting.find((each) => !hasExpired(each));
    const expired = accepted ? undefined : fitting[0];
    const what = resource ? `${resource.name}: ${finding}` : finding;
    // Requirements and settings are this project's: in another program they say nothing.
    const why = knowsTheGuide() ? `${what} (${about.requirements.join(", ")}).` : `${what}.`;
    const until = expired
      ? ` Accepted until ${expired.expires}, which is over: ${endOfSentence(expired.reason)}`
      : "";
    const message = accepted
      ? `${why} Accepted${accepted.expires ? ` until ${accepted.expires}` : ""}: ${accepted.reason}`
      : `${why}${until} ${remedyFor(about, valuesOf(about, config))}`;
    const { name, urn } = resource ?? {};
    noteFinding(about.name, { message, resource: name, urn, advice, accepted, expired });
    tell(report, {
      message,
      urn,
      ...((accepted ?? advice) && { enforcementLevel: "advisory" }),
      ...(advice && { severity: advice }),
    });
  };
}

/** Finding of one check of a rule. */
type Judge<S extends Settings> = (properties: Properties, config: Values<S>, resource: Judged) => Finding;

/** A check, perhaps one that is only true of the programs of a group. */
export type Check<J> = J | { readonly of: Group; readonly judge: J };

/** A check and its group: its own, or the rule's. */
export const grouped = <J>(rule: string, check: Check<J>): { readonly of: Group; readonly judge: J } =>
  typeof check === "object" && check !== null && "judge" in check
    ? check
    : { of: groupOf(rule), judge: check as J };

/**
 * A rule about each resource of a type, before it is created or changed. A check that is not true of every program waits
 * until the whole stack shows what it is, unless that is sure before.
 *
 * @param checks Each reads as few properties as it can: a value that is unknown in a preview defers the check that
 * reads it, and no other.
 */
export function resourceRule<S extends Settings>(
  about: About<S> & { readonly type: string | readonly string[] },
  checks: readonly Check<Judge<S>>[],
): ResourceValidationPolicy & Documented {
  const types = [about.type].flat();
  const all = checks.map((check) => grouped(about.name, check));
  const judge = (
    resource: Judged,
    config: Config,
    report: ReportViolation,
    isDue: (group: Group, check: string) => boolean,
  ) => {
    noteOwn(resource.type);
    if (!types.includes(canonical(resource.type))) return;
    const tellOf = reporter(about, config, report);
    all.forEach((check, index) => {
      const name = `${index} ${resource.urn}`;
      if (!isDue(check.of, name)) return;
      const finding = judgeOnce(about.name, name, resource, () =>
        check.judge(resource.props, valuesOf(about, config), resource),
      );
      if (finding) tellOf(finding, resource);
    });
  };
  return {
    ...common(about),
    validateResource: (resource, report) => judge(resource, resource.getConfig(), report, isOnAlready),
    // A component may know the text of its resource although the resource's own text is unknown in a preview.
    ...((types.includes(tokens.taskDefinition) || all.some(({ of }) => of !== "aws")) && {
      validateStack: (args: StackValidationArgs, report: ReportViolation) => {
        const stack = new Stack(args, about.name);
        const isDue = (group: Group, check: string) =>
          wasMade(about.name, check)
            ? types.includes(tokens.taskDefinition) && isDeferred(about.name, check)
            : group !== "aws" && stack.is(group);
        for (const resource of stack.anyOf(types)) judge(resource, args.getConfig(), report, isDue);
        if (all.every(({ of }) => of !== "aws" && !stack.is(of)))
          noteMissing(about.name, evidenceFor(all[0]!.of));
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
      const config = args.getConfig<Config>();
      const stack = new Stack(args, about.name);
      const group = groupOf(about.name);
      if (!stack.is(group)) return noteMissing(about.name, evidenceFor(group));
      // The pack's configuration for one resource takes precedence over a setting for all.
      const suppress = [...(config.suppress ?? []), ...stack.acceptedByProgram()];
      const tell = reporter(about, { ...config, suppress }, report);
      for (const { resource, message, advice } of find(stack, valuesOf(about, config))) {
        tell(message, resource, advice);
      }
    },
  };
}
