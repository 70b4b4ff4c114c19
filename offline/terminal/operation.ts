// Result of a preview, an update or a destruction, collected from its events.
import { type Event, named, type PolicyEvent, type Step } from "./events";

/** A step of this operation that changes something. */
export interface Change {
  readonly op: string;
  readonly urn: string;
  readonly diffs: readonly string[];
  /** Whether data are lost with it. */
  readonly losesData: boolean;
}

/** Result of a rule, in the pack's form with CHATPOP_RULES=json. */
export interface RuleResult {
  readonly rule: string;
  readonly concern: string;
  readonly outcome: string;
}

/** The steps that a person counts; the second half of a replacement belongs to the first. */
const counted = ["create", "update", "replace", "delete", "import"];

/** What holds data that nothing else has. */
const keepers = [
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:ecr/repository:Repository",
  "aws:secretsmanager/secret:Secret",
];

/** One operation; `take` gives it its events in order. */
export class Operation {
  isPreview = true;
  /** Whether the engine has said that it ended. */
  ended = false;
  failed = false;
  seconds = 0;
  readonly changes: Change[] = [];
  /** Resources by operation, as the engine counts them. */
  counts: Readonly<Record<string, number>> = {};
  /** Resources of the provider's on which a step has begun and not ended, the longest first. */
  readonly underWay = new Set<string>();
  done = 0;
  readonly warnings = new Set<string>();
  readonly errors = new Set<string>();
  /** Messages of program and pack for the person at the terminal. */
  readonly said: string[] = [];
  readonly violations: PolicyEvent[] = [];
  /** Whether the pack has judged the stack as a whole. */
  judged = false;
  outputs: Readonly<Record<string, unknown>> = {};

  take(event: Event): void {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, policyEvent, diagnosticEvent } = event;
    if (resourcePreEvent) this.begin(resourcePreEvent.metadata);
    if (resOutputsEvent) this.end(resOutputsEvent.metadata);
    if (resOpFailedEvent) this.underWay.delete(resOpFailedEvent.metadata.urn);
    if (policyEvent) this.violations.push(policyEvent);
    if (event.policyAnalyzeStackSummaryEvent) this.judged = true;
    if (diagnosticEvent && !diagnosticEvent.ephemeral) this.hear(diagnosticEvent);
    if (event.summaryEvent) {
      const { isPreview, durationSeconds, resourceChanges, result } = event.summaryEvent;
      this.isPreview = isPreview;
      this.seconds = durationSeconds;
      this.counts = resourceChanges ?? {};
      this.failed = result === "failed";
      this.ended = true;
    }
  }

  /** Resources that were or would be changed. */
  get changed(): number {
    return counted.reduce((sum, op) => sum + (this.counts[op] ?? 0), 0);
  }

  /** Counts by operation, without what stays the same. */
  get countedChanges(): readonly (readonly [op: string, count: number])[] {
    return counted.flatMap((op) => (this.counts[op] ? [[op, this.counts[op]] as const] : []));
  }

  private begin({ op, urn, diffs, old }: Step): void {
    if (!counted.includes(op) || isProvider(urn)) return;
    // A replica has the data of its source.
    const keeps = keepers.includes(named(urn).type) && !old?.inputs?.["replicateSourceDb"];
    const losesData = keeps && (op === "replace" || op === "delete");
    this.changes.push({ op, urn, diffs: diffs ?? [], losesData });
    if (!isComponent(urn)) this.underWay.add(urn);
  }

  private end({ urn, ...step }: Step): void {
    if (this.underWay.delete(urn)) this.done++;
    if (named(urn).type === "pulumi:pulumi:Stack") this.outputs = step.new?.outputs ?? {};
  }

  private hear({ message, severity, urn }: NonNullable<Event["diagnosticEvent"]>): void {
    const text = message.trim();
    if (severity === "warning") this.warnings.add(text);
    // That it failed is said by its result; what a resource says while it is made (an image build) is no summary.
    if (severity === "error" && !/^(preview|update|destroy) failed$/.test(text))
      for (const each of complaints(text)) this.errors.add(about(urn, each));
    if (severity.startsWith("info") && !urn) this.said.push(text);
  }
}

/** Complaints of a text: one a line, or one whose further lines are indented. */
const complaints = (text: string) => (/\n\s/.test(text) ? [text] : text.split("\n"));

/** The engine's words before a complaint about a provider's settings, which are the stack's own. */
const ofProvider = /^pulumi:providers:\S+ resource '[^']*' has a problem: /;

const about = (urn: string | undefined, text: string) =>
  !urn || named(urn).type === "pulumi:pulumi:Stack"
    ? text
    : ofProvider.test(text)
      ? text.replace(ofProvider, "")
      : `${named(urn).type} ${named(urn).name}: ${text}`;

const isProvider = (urn: string) => named(urn).type.startsWith("pulumi:providers:");
const isComponent = (urn: string) => /^(chatpop|pulumi):/.test(named(urn).type);

/** Puts a stream of events together: a preview and the update after it are two operations. */
export class Operations {
  readonly all: Operation[] = [];

  take(event: Event): Operation {
    const last = this.all.at(-1);
    if (event.cancelEvent && last) return last;
    const operation = last && !last.ended ? last : new Operation();
    if (operation !== last) this.all.push(operation);
    operation.take(event);
    return operation;
  }

  /** The operation that counts: the update, or the preview that was asked for or stopped it. */
  get last(): Operation | undefined {
    return this.all.at(-1);
  }

  /** Warnings of all of them, each once. */
  get warnings(): readonly string[] {
    return [...new Set(this.all.flatMap(({ warnings }) => [...warnings]))];
  }
}
