// The engine's events, as `--json` streams them: the kinds that a terminal needs.

/** A step on a resource. */
export interface Step {
  /** `create`, `update`, `replace`, `delete`, `same` … */
  readonly op: string;
  readonly urn: string;
  /** Properties that differ, by their first name. */
  readonly diffs?: readonly string[] | null;
  readonly new?: { readonly outputs?: Readonly<Record<string, unknown>> } | null;
  readonly old?: { readonly inputs?: Readonly<Record<string, unknown>> } | null;
}

/** One event; exactly one of its fields is there. */
export interface Event {
  /** An operation begins. */
  readonly preludeEvent?: object;
  readonly policyLoadEvent?: object;
  /** A step begins. */
  readonly resourcePreEvent?: { readonly metadata: Step };
  /** A step is done. */
  readonly resOutputsEvent?: { readonly metadata: Step };
  /** A step has failed. */
  readonly resOpFailedEvent?: { readonly metadata: Step };
  readonly policyEvent?: PolicyEvent;
  /** The pack has judged the stack as a whole. */
  readonly policyAnalyzeStackSummaryEvent?: object;
  readonly diagnosticEvent?: {
    readonly message: string;
    readonly severity: string;
    readonly urn?: string;
    readonly ephemeral?: boolean;
  };
  readonly summaryEvent?: {
    readonly isPreview: boolean;
    readonly durationSeconds: number;
    readonly resourceChanges: Readonly<Record<string, number>>;
    readonly result?: string;
  };
  /** The operation ends. */
  readonly cancelEvent?: object;
}

/** A violation of a policy. */
export interface PolicyEvent {
  readonly resourceUrn?: string;
  readonly message: string;
  readonly policyName: string;
  readonly enforcementLevel: string;
}

/** The event in a line of the stream; undefined for what the engine says beside it. */
export function readEvent(line: string): Event | undefined {
  try {
    const event = JSON.parse(line) as unknown;
    return typeof event === "object" && event !== null && "sequence" in event ? (event as Event) : undefined;
  } catch {
    return undefined;
  }
}

/** Type token and name from a URN. */
export function named(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = "", name = ""] = urn.split("::");
  return { type: types.split("$").at(-1) ?? types, name };
}

/** `chatpop-db (rds Instance)`: a resource as a person calls it. */
export function spoken(urn: string): string {
  const { type, name } = named(urn);
  const [, module = "", kind = type] = /^[^:]+:([^:/]+)[^:]*:(.+)$/.exec(type) ?? [];
  return `${name} (${module ? `${module} ` : ""}${kind})`;
}
