import type { z } from "zod";
import type { Account, Phase, Properties, Reference, Resource, Trace } from "../account";
import type { Settings } from "../settings";
import type { Clock } from "../states/phases";

export type { Properties, Reference } from "../account";

/** What a model may know about the account while it decides. */
export interface Context {
  readonly account: Account;
  readonly region: string;
  readonly accountId: string;
  /** Where the account keeps its files, for what really runs behind a resource (a database's data, a function's code). */
  readonly home: string;
  /** The engine's name of the resource: `urn:pulumi:<stack>::<project>::<type>::<name>`. */
  readonly urn: string;
  /** Simulated time. */
  readonly clock: Clock;
  /** What kind of account it is. */
  readonly settings: Settings;
  /** Puts a resource into states from outside its own operations; absent outside the provider. */
  readonly mark?: (resource: Resource, phases: readonly Phase[]) => void;
  /** Changes inputs of a resource, and the outputs of the same name, from outside its own operations; absent outside the provider. */
  readonly revise?: (resource: Resource, inputs: Properties) => void;
  /** Leaves a trace from outside an operation of a resource; absent outside the API. */
  readonly leave?: (trace: Trace) => void;
  /** A failure on demand that is due now, for what goes on behind resources; absent outside the provider. */
  readonly fault?: (type: string, operation: string, name: string) => Fault | undefined;
  /** Random lower-case hexadecimal digits, for the identifiers that AWS draws. */
  hex(digits: number): string;
}

/** What is to go wrong. */
export interface Fault {
  /** What AWS says. */
  readonly error?: string;
  /** How often something is found still running before it ends. */
  readonly polls: number;
}

/** How a name that the program leaves out is drawn: `<logical name>-<7 hex digits>`, as the real provider does. */
export interface AutoName {
  /** The input that carries the physical name. */
  readonly property: string;
  /** The longest name AWS accepts; a logical name that leaves no room for the digits is an error. */
  readonly maxLength: number;
  /** The input that gives only the beginning of the name, if the type has one. */
  readonly prefixProperty?: string;
  /** Letter case is folded where AWS accepts lower case only. */
  readonly lowerCase?: boolean;
}

/** Names that AWS keeps unique within the account and region (or within `within`). */
export interface Unique {
  readonly property: string;
  /** Further inputs that must be equal for a clash: a rule's security group, a zone's name … */
  readonly within?: readonly string[];
  /** AWS's error code for a taken name: `DBInstanceAlreadyExists`. */
  readonly taken: string;
}

/**
 * What one resource type accepts, refuses and returns. A model is data wherever AWS's behaviour is a table, and a
 * short function where it is not; the provider (`packages/embedded-aws/provider/`) does everything that is the same for all types.
 */
export interface Model {
  /** Type token: `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  /** The type's name in the real provider's errors, where the token does not give it away: `RDS DB Instance`. */
  readonly title?: string;
  /**
   * The inputs, as a strict zod object: unknown nested fields are refused, formats, lengths and allowed values are
   * checked. Cross-field rules go into `.superRefine`. Properties whose value is unknown in a preview are skipped by
   * the provider, so a schema never has to think of them.
   */
  readonly inputs: z.ZodType;
  readonly autoName?: AutoName;
  /** Defaults that the real provider fills in before anything else sees the inputs (so policies see them). */
  readonly defaults?: Properties;
  /** Inputs that hold a JSON document: the program may give an object, the real provider makes text of it. */
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
  /** Whether a creation takes the place of what has the same id already. @default never: it is refused */
  takesPlace?(inputs: Properties): boolean;
  /** The computed outputs. `previous` is there on update. */
  describe(inputs: Properties, id: string, context: Context, previous?: Resource): Properties;
  /**
   * Brings up what really runs behind the resource (a database server, a function's code). Called after create and
   * update, outside the account's lock; its result is merged into the outputs, its failure undoes a create.
   */
  start?(resource: Resource, context: Context, previous?: Resource): Promise<Properties | void>;
  /** Ends what `start` brought up. Called before the resource leaves the account. */
  stop?(resource: Resource, context: Context): Promise<void>;
  /** Other resources that AWS changes with an update, as they are afterwards. */
  affects?(changed: Resource, previous: Resource, context: Context): readonly Resource[];
  /** What stays in the account after the resource is deleted. */
  leaves?(resource: Resource, context: Context): readonly Trace[];
  /** What AWS refuses only when it is asked to create: throw an `AwsError`. Runs after references and names were checked. */
  beforeCreate?(inputs: Properties, context: Context): void;
  /** What AWS refuses when it is asked to change the resource: throw an `AwsError`. */
  beforeUpdate?(inputs: Properties, previous: Resource, context: Context): void;
  /** What AWS refuses when it is asked to delete: throw an `AwsError`. Runs after the search for dependants. */
  beforeDelete?(resource: Resource, context: Context): void;
  /** Inputs whose change forces replacement, for types that `packages/embedded-aws/data/replace-on-change.json` does not have. */
  readonly replace?: readonly string[];
  /** True where AWS keeps only one of the kind, so that the old one has to go before the new one can come. @default false */
  readonly deleteBeforeReplace?: boolean;
  /**
   * Arguments for which the table says "conditional": true when this change forces replacement.
   * Without an entry a conditional argument replaces. Values may be unknown in a preview.
   */
  readonly replaces?: Readonly<Record<string, (before: Properties, after: Properties) => boolean>>;
  /**
   * Inputs whose value AWS may take back by itself: the program is compared with what the outputs hold, so that the
   * next update tries again. @default []
   */
  readonly observed?: readonly string[];
  /** Changes that the real provider does not plan although the values differ (by argument). */
  readonly suppresses?: Readonly<Record<string, (before: Properties, after: Properties) => boolean>>;
}

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
