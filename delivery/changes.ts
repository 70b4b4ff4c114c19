import type { BilledResource } from "../aws/billing";
import { types } from "../aws/types";

/** State of a resource before or after a step; absent if there is none. */
export interface ResourceState {
  /** Type token. */
  readonly type?: string;
  /** Arguments by name. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Outputs of a component, or of the stack. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A step of an update. */
export interface Step {
  /** `create`, `update`, `replace`, `delete`, `same` … */
  readonly op: string;
  /** Of the resource. */
  readonly urn: string;
  /** Properties that differ, by their first name. */
  readonly diffs?: readonly string[] | null;
  /** Before; left out at a creation. */
  readonly old?: ResourceState | null;
  /** Afterwards; left out at a deletion. */
  readonly new?: ResourceState | null;
}

/** Type token and name from a URN. */
export function named(urn: string): { readonly type: string; readonly name: string } {
  const [, , path = "", name = ""] = urn.split("::");
  return { type: path.split("$").at(-1) ?? path, name };
}

/** A value on one line; undefined if it is not readable. */
function shown(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  // Pulumi's placeholders: a UUID for an unknown value, `[secret]` for a secret.
  if (typeof value !== "string" || value.length > 60 || /^04da6b54-|^\[secret\]$/.test(value))
    return undefined;
  return value;
}

const isThreshold = ({ urn }: Step, key: string) => named(urn).type === types.alarm && key === "threshold";

interface Change {
  readonly step: Step;
  readonly key: string;
  readonly before?: string;
  readonly after?: string;
}

/** One line for each change; resources of a type that change alike share it. */
function together(changes: readonly Change[]): readonly string[] {
  const alike = new Map<string, { readonly change: Change; readonly names: Set<string> }>();
  for (const change of changes) {
    const { type, name } = named(change.step.urn);
    const kind = [type, change.key, change.before, change.after].join(" ");
    const found = alike.get(kind) ?? { change, names: new Set<string>() };
    found.names.add(name);
    alike.set(kind, found);
  }
  return [...alike.values()].map(({ change: { key, before, after }, names }) => {
    const [first, ...others] = names;
    const and = others.length === 0 ? "" : ` and ${others.length} like it`;
    return `\`${first}\`${and} ${key}: ${before ?? "–"} → **${after ?? "–"}**`;
  });
}

/** Every property whose value changes, as `name: property before → after`. */
export function valueChanges(steps: readonly Step[]): readonly string[] {
  const found = steps.flatMap((step) =>
    (step.diffs ?? []).map((key) => ({
      step,
      key,
      before: shown(step.old?.inputs?.[key]),
      after: shown(step.new?.inputs?.[key]),
    })),
  );
  const values = found.filter(({ before, after }) => (before ?? after) !== undefined && before !== after);
  const thresholds = values.filter(({ step, key }) => isThreshold(step, key));
  const others = values.filter((each) => !thresholds.includes(each));
  return [
    ...together(others),
    // Thresholds follow from a class or a count, which is in the list already.
    ...(thresholds.length > 0 ? [`${thresholds.length} alarm thresholds follow`] : []),
  ];
}

/** Effect of a change of a type on the people in the chat; the first match of a step counts. */
const notices: readonly {
  readonly type: string;
  readonly when: (step: Step) => boolean;
  readonly says: string;
}[] = [
  {
    type: types.database,
    when: ({ op }) => op.includes("replace") || op === "delete",
    says: "**the database is replaced or deleted: look for its data first**",
  },
  {
    type: types.database,
    when: ({ diffs }) => diffs?.some((key) => key === "instanceClass" || key === "multiAz") ?? false,
    says: "the database restarts: some minutes without it, a minute with a standby",
  },
  {
    type: types.cache,
    when: ({ op }) => op.includes("replace") || op === "delete",
    says: "the cache is replaced: every socket reconnects, cached histories are read anew",
  },
  {
    type: types.cache,
    when: ({ diffs }) => diffs?.some((key) => key === "nodeType" || key === "engineVersion") ?? false,
    says: "the cache moves to other nodes: sockets reconnect once",
  },
  {
    type: types.loadBalancer,
    when: ({ op }) => op.includes("replace") || op === "delete",
    says: "the load balancer is replaced: its address changes, and every socket is cut",
  },
  {
    type: types.taskDefinition,
    when: ({ op }) => op !== "same" && op !== "create",
    says: "tasks are replaced one after another: each socket reconnects once",
  },
];

/** Effects that people in the chat notice; empty if there are none. */
export const noticed = (steps: readonly Step[]): readonly string[] => [
  ...new Set(
    steps
      .filter(({ op }) => op !== "same")
      .flatMap((step) => {
        const { type } = named(step.urn);
        return notices.find((notice) => notice.type === type && notice.when(step))?.says ?? [];
      }),
  ),
];

/** The resources of a stack before or after the steps, for their bill. */
export function resourcesOf(steps: readonly Step[], when: "old" | "new"): readonly BilledResource[] {
  const states = new Map<string, BilledResource>();
  for (const step of steps) {
    const state = step[when];
    if (!state?.inputs) continue;
    states.set(step.urn, { ...named(step.urn), urn: step.urn, inputs: state.inputs });
  }
  return [...states.values()];
}
