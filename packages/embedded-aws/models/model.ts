import type { z } from "zod";
import type { Account, Phase, Properties, Reference, Resource, Trace } from "../account";
import type { Settings } from "../settings";
import type { Clock } from "../states/phases";

export type { Properties, Reference } from "../account";

/** Context of a model's decision: the account and the place of the operation. */
export interface Context {
  readonly account: Account;
  readonly region: string;
  readonly accountId: string;
  /**
   * Folder of the account's files, for services that really run behind a resource (a database's data, a function's
   * code).
   */
  readonly home: string;
  /** The engine's name of the resource: `urn:pulumi:<stack>::<project>::<type>::<name>`. */
  readonly urn: string;
  /** Simulated time. */
  readonly clock: Clock;
  /** Settings of the account: plan, quotas, service-linked roles. */
  readonly settings: Settings;
  /** Puts a resource into states from outside its own operations; absent outside the provider. */
  readonly mark?: (resource: Resource, phases: readonly Phase[]) => void;
  /** Changes inputs of a resource, and the outputs of the same name, from outside its own operations; absent outside the provider. */
  readonly revise?: (resource: Resource, inputs: Properties) => void;
  /** Leaves a trace from outside an operation of a resource; absent outside the API. */
  readonly leave?: (trace: Trace) => void;
  /** The failure on demand that is due now for an event behind a resource; absent outside the provider. */
  readonly fault?: (type: string, operation: string, name: string) => Fault | undefined;
  /** Random lower-case hexadecimal digits, for the identifiers that AWS draws. */
  hex(digits: number): string;
}

/** A failure on demand. */
export interface Fault {
  /** AWS's error message. */
  readonly error?: string;
  /** Number of questions to which something is still running before it ends. */
  readonly polls: number;
}

/** Generated names for resources without one: `<logical name>-<7 hex digits>`, as from the real provider. */
export interface AutoName {
  /** The input that carries the physical name. */
  readonly property: string;
  /** The longest name AWS accepts; a logical name that leaves no room for the digits is an error. */
  readonly maxLength: number;
  /** The input that gives only the beginning of the name, if the type has one. */
  readonly prefixProperty?: string;
  /** Whether the name becomes lower case, because AWS accepts nothing else. */
  readonly lowerCase?: boolean;
}

/** Names that AWS keeps unique within the account and region (or within `within`). */
export interface Unique {
  readonly property: string;
  /** Further inputs that must be equal for a clash: a rule's security group, a zone's name … */
  readonly within?: readonly string[];
  /** AWS's error code for a taken name: `DBInstanceAlreadyExists`. */
  readonly taken: string;
  /** Whether names that differ in the case of their letters alone clash. @default false */
  readonly ignoresCase?: boolean;
}

/**
 * Inputs, refusals and outputs of one resource type. A model is data where AWS's behaviour is a table, and a short
 * function elsewhere; the provider (`packages/embedded-aws/provider/`) has everything that is the same for all types.
 */
export interface Model {
  /** Type token: `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  /** The type's name in the real provider's errors, if it does not follow from the token: `RDS DB Instance`. */
  readonly title?: string;
  /**
   * The inputs, as a strict zod object: unknown nested fields are refused, formats, lengths and allowed values are
   * checked. Cross-field rules go into `.superRefine`. The provider skips properties with an unknown value (preview),
   * so a schema need not handle them.
   */
  readonly inputs: z.ZodType;
  readonly autoName?: AutoName;
  /** Defaults that the real provider fills in before anything else sees the inputs (so policies see them). */
  readonly defaults?: Properties;
  /** Inputs with a JSON document: the program may give an object, and the real provider converts it to text. */
  readonly documents?: readonly string[];
  readonly references?: readonly Reference[];
  readonly unique?: readonly Unique[];
  /** AWS's error code when the resource is deleted while another one still names it. @default "DependencyViolation" */
  readonly inUse?: string;
  /** Inputs and outputs that the account keeps encrypted on disk. */
  readonly sensitive?: readonly string[];
  /** Names of the outputs that exist only after creation; they are unknown in a preview. */
  readonly computed: readonly string[];
  /**
   * Computed outputs that an update changes; they are unknown in the preview of an update.
   * All others keep their value. @default []
   */
  readonly changesOnUpdate?: readonly string[];
  /** The resource's id. */
  identify(inputs: Properties, context: Context): string;
  /** Whether a creation replaces an existing resource with the same id. @default never: AWS refuses it */
  takesPlace?(inputs: Properties): boolean;
  /** The computed outputs. `previous` is there on update. */
  describe(inputs: Properties, id: string, context: Context, previous?: Resource): Properties;
  /**
   * Starts the service that really runs behind the resource (a database server, a function's code). Called after create
   * and update, outside the account's lock; its result is merged into the outputs, its failure undoes a create.
   */
  start?(resource: Resource, context: Context, previous?: Resource): Promise<Properties | void>;
  /** Ends the service that `start` started. Called before the resource leaves the account. */
  stop?(resource: Resource, context: Context): Promise<void>;
  /** Other resources that AWS changes with an update, in their new state. */
  affects?(changed: Resource, previous: Resource, context: Context): readonly Resource[];
  /** Traces that stay in the account after the resource is deleted. */
  leaves?(resource: Resource, context: Context): readonly Trace[];
  /** Refusals at creation: throws an `AwsError`. Runs after the checks of references and names. */
  beforeCreate?(inputs: Properties, context: Context): void;
  /** Refusals of a change: throws an `AwsError`. */
  beforeUpdate?(inputs: Properties, previous: Resource, context: Context): void;
  /** Refusals of a deletion: throws an `AwsError`. Runs after the search for dependants. */
  beforeDelete?(resource: Resource, context: Context): void;
  /**
   * Inputs whose change forces replacement, for types without a row in
   * `packages/embedded-aws/data/replace-on-change.json`.
   */
  readonly replace?: readonly string[];
  /** Whether AWS deletes the old resource before it creates the new one, because only one can exist. @default false */
  readonly deleteBeforeReplace?: boolean;
  /**
   * Arguments for which the table says "conditional": true when this change forces replacement.
   * Without an entry a conditional argument replaces. Values may be unknown in a preview.
   */
  readonly replaces?: Readonly<Record<string, (before: Properties, after: Properties) => boolean>>;
  /**
   * Inputs whose value AWS may revert by itself. The diff compares the program with the outputs, so that the next
   * update tries again. @default []
   */
  readonly observed?: readonly string[];
  /** Changes that the real provider does not plan although the values differ, by argument. */
  readonly suppresses?: Readonly<Record<string, (before: Properties, after: Properties) => boolean>>;
}

/** A refusal of what AWS takes and then never acts on: only a mistake looks like that, and the message says so. */
export const stricter = (code: string, message: string) =>
  new AwsError(code, `The embedded AWS refuses what AWS takes: ${message}`);

/** A refusal by AWS, with its own error code, as the real provider would report it. */
export class AwsError extends Error {
  constructor(
    /** AWS's error code: `DependencyViolation`. */
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}
