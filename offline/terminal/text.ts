// Text of an operation for a terminal: a line for each change, and a closing summary with results and errors.
import { named, type PolicyEvent, spoken } from "./events";
import { Operation, type Operations } from "./operation";

const words: Readonly<Record<string, readonly [would: string, did: string]>> = {
  create: ["to create", "created"],
  update: ["to update", "updated"],
  replace: ["to replace", "replaced"],
  delete: ["to delete", "deleted"],
  import: ["to import", "imported"],
};

/** Resources that are named one by one; more are only counted. */
const mostNamed = 12;

/** `2 to update, 1 to replace`, or `nothing to change`; of an update `2 updated`. */
export function counts(operation: Operation): string {
  const index = operation.isPreview ? 0 : 1;
  const parts = operation.countedChanges.map(([op, count]) => `${count} ${words[op]![index]}`);
  return parts.length > 0 ? parts.join(", ") : operation.isPreview ? "nothing to change" : "nothing changed";
}

/** The resources that change, a line each. A replacement or deletion is always named, the others while they are few. */
export function changedResources({ changes }: Operation): readonly string[] {
  const resources = changes.filter(({ urn }) => !named(urn).type.startsWith("pulumi:"));
  const few = resources.length <= mostNamed;
  return resources
    .filter(({ op }) => few || op === "replace" || op === "delete")
    .map(({ op, urn, diffs }) => `  ${op} ${spoken(urn)}${diffs.length > 0 ? `: ${diffs.join(", ")}` : ""}`);
}

/** Lines that the closing summary replaces. */
const inTheCounts = ["deferred-to-update"];

/** Violations by rule; an advisory about a setting that a warning names already is not said again. */
export function violations(operation: Operation, warnings: readonly string[]): readonly string[] {
  const warned = ({ enforcementLevel, message }: PolicyEvent) => {
    const settings = [...message.matchAll(/\bchatpop:\w+/g)].map(([setting]) => setting);
    return enforcementLevel === "advisory" && settings.some((each) => warnings.join("\n").includes(each));
  };
  const rules = new Map<string, PolicyEvent[]>();
  for (const violation of operation.violations) {
    if (inTheCounts.includes(violation.policyName) || warned(violation)) continue;
    rules.set(violation.policyName, [...(rules.get(violation.policyName) ?? []), violation]);
  }
  return [...rules].flatMap(([rule, found]) => [
    `${found[0]!.enforcementLevel === "advisory" ? "!" : "✗"} ${rule}`,
    ...new Set(found.map(({ message }) => `    ${message.trim()}`)),
  ]);
}

/** Which command it was, for the last lines. */
export interface Command {
  readonly verb: "preview" | "up" | "destroy";
  readonly stack: string;
}

/** The last lines of a command. */
export function closing(operations: Operations, command: Command, code: number): readonly string[] {
  const { warnings } = operations;
  // An empty stack is destroyed without an event.
  const last = operations.last ?? (command.verb === "destroy" ? new Operation() : undefined);
  if (!last) return [];
  const { verb } = command;
  const rules = last.said.filter((text) => isRules(text));
  const summary = last.said.filter((text) => !isRules(text));
  return [
    // Not "!": this is the mark of a rule that advises.
    ...warnings.map((text) => `warning: ${text}`),
    ...rules,
    ...violations(last, warnings),
    ...[...last.errors].map((text) => `✗ ${text}`),
    ...(code !== 0 ? failed(last, command) : []),
    ...(code === 0 && verb !== "preview" && last.changed === 0 ? [nothing(command)] : []),
    ...(code === 0 ? summary : []),
    ...(code === 0 ? now(last, command) : []),
    ...(code === 0 ? next(last, command) : []),
  ].flatMap((text) => text.split("\n"));
}

const isRules = (text: string) => /^\d+ policy rules: /.test(text);

/** State after a command that succeeded. */
function now(operation: Operation, { verb, stack }: Command): string[] {
  if (verb === "up")
    return [`Stack ${stack} is up on the embedded AWS: its url leads nowhere, its database is real.`];
  if (verb === "preview") return [`Stack ${stack}: ${counts(operation)}; a preview changes nothing.`];
  return operation.changed > 0
    ? [`Stack ${stack} is down: ${operation.changed} resources were deleted.`]
    : [];
}

const nothing = ({ verb, stack }: Command) =>
  verb === "destroy"
    ? `Stack ${stack} is empty already: nothing was deleted.`
    : `Nothing changed: everything in stack ${stack} is as the program says.`;

function failed(operation: Operation, { verb, stack }: Command): string[] {
  if (verb === "destroy") return [`Stack ${stack}: not everything was deleted.`];
  const again = (target: string) => `Next: mend what ✗ names, then make ${target}${on(stack)}`;
  const unjudged = operation.judged ? [] : ["No rule was checked: the program stopped before its end."];
  return operation.isPreview
    ? [`Stack ${stack}: nothing was changed, for the preview failed.`, ...unjudged, again("preview")]
    : [
        `Stack ${stack}: the update failed after ${operation.done} resources, which stay as they are now.`,
        ...unjudged,
        again("up"),
      ];
}

const on = (stack: string) => (stack === "small" ? "" : ` STACK=${stack}`);

/** Commands that a person may want now, for the stack in hand. */
function next(operation: Operation, { verb, stack }: Command): string[] {
  const plan = operation.outputs["plan"] as { deletionProtection?: boolean } | undefined;
  const here = on(stack);
  const unprotect = plan?.deletionProtection ? " UNPROTECT=yes" : "";
  if (verb === "destroy") return [`Next: make up${here} · make clean`];
  if (verb === "preview")
    return [operation.changed > 0 ? `Next: make up${here}` : `Next: make cost${here} · make report${here}`];
  return [
    `Next: make preview${here} · make cost${here} · offline/pulumi stack output --stack ${stack} · make down${here}${unprotect}`,
  ];
}

const colours: Readonly<Record<string, number>> = { "✗": 31, "!": 33, "warning:": 33 };

/** A line with its sign in the colour that a terminal gives it. */
export function inColour(line: string): string {
  return line.replace(/^(✗|!|warning:)(?= )/, (sign) => `\x1b[${colours[sign]}m${sign}\x1b[0m`);
}
