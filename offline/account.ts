// The account on disk; completed by the provider.
import type { Properties } from "./models/model";

/** One resource that exists in the account. */
export interface Resource {
  readonly type: string;
  readonly id: string;
  readonly urn: string;
  readonly inputs: Properties;
  /** Inputs and computed outputs together, as the program sees them. */
  readonly outputs: Properties;
}

/** Everything that exists in the embedded AWS account, across stacks. */
export interface Account {
  /** All resources of a type, in order of creation. */
  list(type: string): readonly Resource[];
  /** The resource of that type with that id. */
  get(type: string, id: string): Resource | undefined;
  /** The first resource of that type whose output (or `id`) `property` equals `value`. */
  find(type: string, property: string, value: unknown): Resource | undefined;
  /** Resources of any type that name `target` through a declared reference that holds. */
  dependants(target: Resource): readonly Resource[];
}
