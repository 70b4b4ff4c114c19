// Text of an operation for a terminal: a line for each change, and a closing summary with results and errors.
import { named, type PolicyEvent, spoken } from "./events";
import { type Change, Operation, type Operations } from "./operation";

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

/**
 * The resources that change, a line each: replacements and deletions, updates while they are few, creations while all
 * are few. What holds data comes first, and is always named.
 */
export function changedResources({ changes }: Operation): readonly string[] {
  const resources = changes.filter(({ urn }) => !named(urn).type.startsWith("pulumi:"));
  const ends = ({ op }: Change) => op === "replace" || op === "delete";
  const present = resources.filter(({ op }) => op !== "create");
  const worthwhile =
    resources.length <= mostNamed ? resources : present.length <= mostNamed ? present : present.filter(ends);
  const losses = worthwhile.filter(({ losesData }) => losesData);
  const shown = [...losses, ...worthwhile.filter(({ losesData }) => !losesData)].slice(
    0,
    Math.max(mostNamed, losses.length),
  );
  const unnamed = worthwhile.length - shown.length;
  return [
    ...shown.map(
      ({ op, urn, diffs }) => `  ${op} ${spoken(urn)}${diffs.length > 0 ? `: ${diffs.join(", ")}` : ""}`,
    ),
    ...(unnamed > 0 ? [`  … and ${unnamed} more to replace or delete (VERBOSE=yes names them)`] : []),
    ...(losses.length > 0
      ? [
          `warning: the data of ${losses.map(({ urn }) => spoken(urn)).join(", ")} would be lost. ` +
            "Take back the change that replaces or deletes them, or move the data first (docs/operations.md)",
        ]
      : []),
  ];
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
  /** Further options, as `make` takes them (OPTIONS). @default none */
  readonly options?: string;
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
    ...[...last.errors].map((text) => `✗ ${typedHere(text, command.stack)}`),
    ...(code !== 0 ? failed(last, command) : []),
    ...(code === 0 && verb !== "preview" && last.changed === 0 ? [nothing(command)] : []),
    ...(code === 0 ? summary : []),
    ...(code === 0 ? now(last, command) : []),
    ...(code === 0 ? next(last, command) : []),
  ].flatMap((text) => text.split("\n"));
}

/** Commands of the provider as they can be typed here; the program's own are already. */
const typedHere = (text: string, stack: string) =>
  text.replaceAll(/(?<![\w/])pulumi config (set|rm) /g, `offline/pulumi config $1 --stack ${stack} `);

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

const isMandatory = ({ enforcementLevel }: PolicyEvent) => enforcementLevel !== "advisory";

function failed(operation: Operation, command: Command): string[] {
  const { verb, stack } = command;
  if (verb === "destroy") return [`Stack ${stack}: not everything was deleted.`];
  const then = (target: string, first = "mend what ✗ names, then ") =>
    `Next: ${first}make ${target}${again(command)}`;
  // --expect-no-changes fails after a preview without a fault.
  if (operation.isPreview && !operation.failed && operation.changed > 0)
    return [`Stack ${stack}: ${counts(operation)}, where no change was expected.`, then("up", "")];
  const silent = operation.errors.size === 0 && !operation.violations.some(isMandatory);
  const reason = silent
    ? [
        `No reason was given: VERBOSE=yes make ${operation.isPreview ? "preview" : "up"}${again(command)} shows all that Pulumi says.`,
      ]
    : [];
  const unjudged = operation.judged ? [] : ["No rule was checked: the program stopped before its end."];
  return operation.isPreview
    ? [
        `Stack ${stack}: nothing was changed, for the preview failed.`,
        ...reason,
        ...unjudged,
        then("preview"),
      ]
    : [
        `Stack ${stack}: the update failed after ${operation.done} resources, which stay as they are now.`,
        ...reason,
        ...unjudged,
        then("up"),
      ];
}

const on = (stack: string) => (stack === "small" ? "" : ` STACK=${stack}`);

/** Words after `make up` or `make preview`, so that they do the same again. */
const again = ({ stack, options }: Command) => `${on(stack)}${options ? ` OPTIONS="${options}"` : ""}`;

/** Commands that a person may want now, for the stack in hand. */
function next(operation: Operation, command: Command): string[] {
  const { verb, stack } = command;
  const plan = operation.outputs["plan"] as { deletionProtection?: boolean } | undefined;
  const here = on(stack);
  const unprotect = plan?.deletionProtection ? " UNPROTECT=yes" : "";
  if (verb === "destroy") return [`Next: make up${here} · make clean`];
  if (verb === "preview" && operation.changes.some(({ losesData }) => losesData))
    return [`Next: take back what loses data, or make up${again(command)}`];
  if (verb === "preview")
    return [
      operation.changed > 0
        ? `Next: make up${again(command)}`
        : `Next: make cost${here} · make report${here}`,
    ];
  return [
    `Next: make preview${again(command)} · make cost${here} · offline/pulumi stack output --stack ${stack} · make down${here}${unprotect}`,
  ];
}

const colours: Readonly<Record<string, number>> = { "✗": 31, "!": 33, "warning:": 33 };

/** A line with its sign in the colour that a terminal gives it. */
export function inColour(line: string): string {
  return line.replace(/^(✗|!|warning:)(?= )/, (sign) => `\x1b[${colours[sign]}m${sign}\x1b[0m`);
}
