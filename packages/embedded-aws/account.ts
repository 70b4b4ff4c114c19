// The account, as the rest of the embedded AWS sees it. Its form on disk: provider/accountFile.ts.
import { valuesAt } from "./provider/paths";

/** Plain properties of a resource, in the form that the engine sends and receives. */
export type Properties = Record<string, unknown>;

/** An input that names another resource. It must exist at create and update, and it keeps its target from being deleted. */
export interface Reference {
  /** Path of the input; `*` steps through a list: `auths.*.secretArn`. */
  readonly path: string;
  /** Type token of the target. */
  readonly to: string;
  /** The target's property that the input holds: `id` (default) or an output such as `arn` or `name`. */
  readonly by?: string;
  /** AWS's error code when there is no such target: `InvalidVpcID.NotFound`. */
  readonly missing: string;
  /** Whether AWS refuses to delete the target while it is named here. @default true */
  readonly holds?: boolean;
  /**
   * Whether the input may also name something outside this account (another account's image, an AWS-managed policy …).
   * @default false
   */
  readonly optional?: boolean;
}

/** A state of a resource; it ends by itself, and the last one has no end. */
export interface Phase {
  readonly state: string;
  /** AWS's reason for it. */
  readonly reason?: string;
  /** Beginning of the next state (ISO 8601, simulated time). */
  readonly until?: string;
}

/** One resource that exists in the account. */
export interface Resource {
  readonly type: string;
  readonly id: string;
  readonly urn: string;
  /** Region of the resource; absent for global ones, such as a role. */
  readonly region?: string;
  readonly inputs: Properties;
  /** Inputs and computed outputs, as the program sees them. */
  readonly outputs: Properties;
  /** Time of creation (ISO 8601, simulated). */
  readonly createdAt?: string;
  /** Its states in time, if its type has any (`states/machines.ts`). */
  readonly phases?: readonly Phase[];
}

/** A trace that stays in an account after a resource is gone. */
export interface Trace {
  /** Kind of the trace, in AWS's words: `DB snapshot`. */
  readonly kind: string;
  /** Name that stays taken. */
  readonly name: string;
  /** Time at which AWS forgets it (ISO 8601). @default never */
  readonly until?: string;
  readonly value?: number;
  /** Further properties of the resource that stay. */
  readonly properties?: Properties;
}

/** All that the account holds. */
export interface State {
  /** In order of creation. */
  readonly resources: readonly Resource[];
  /** Traces of resources that are gone. */
  readonly traces: readonly Trace[];
}

/** The resources of all stacks in the account that one region sees: its own and the global ones. */
export interface Account {
  /** All resources of a type, in order of creation. */
  list(type: string): readonly Resource[];
  /** The resource of that type with that id. */
  get(type: string, id: string): Resource | undefined;
  /** The first resource of that type whose output (or `id`) `property` equals `value`. An ARN is found in every region. */
  find(type: string, property: string, value: unknown): Resource | undefined;
  /** Resources of any type with a declared reference to `target` that prevents its deletion. */
  dependants(target: Resource): readonly Resource[];
  /** Traces of resources that are gone, by kind: `DB snapshot`. */
  traces(kind: string): readonly Trace[];
}

/** The id, or an output, of a resource. */
export function valueOf(resource: Resource, property: string): unknown {
  return property === "id" ? resource.id : resource.outputs[property];
}

/** The account as one region sees it. `references` returns the references of a type. */
export class RegionalView implements Account {
  constructor(
    private readonly state: State,
    private readonly region: string | undefined,
    private readonly references: (type: string) => readonly Reference[],
  ) {}

  list(type: string): readonly Resource[] {
    return this.state.resources.filter((resource) => resource.type === type && this.sees(resource));
  }

  get(type: string, id: string): Resource | undefined {
    return this.list(type).find((resource) => resource.id === id);
  }

  find(type: string, property: string, value: unknown): Resource | undefined {
    const everywhere = typeof value === "string" && value.startsWith("arn:");
    return this.state.resources.find(
      (resource) =>
        resource.type === type &&
        (everywhere || this.sees(resource)) &&
        valueOf(resource, property) === value,
    );
  }

  dependants(target: Resource): readonly Resource[] {
    return this.state.resources.filter(
      (resource) =>
        !(resource.type === target.type && resource.id === target.id && resource.region === target.region) &&
        this.references(resource.type).some(
          (reference) =>
            reference.to === target.type &&
            reference.holds !== false &&
            valuesAt(resource.inputs, reference.path).some(
              (named) =>
                named.value !== undefined &&
                named.value === valueOf(target, reference.by ?? "id") &&
                (sameRegion(resource, target) || String(named.value).startsWith("arn:")),
            ),
        ),
    );
  }

  traces(kind: string): readonly Trace[] {
    return this.state.traces.filter((trace) => trace.kind === kind);
  }

  private sees(resource: Resource): boolean {
    return resource.region === undefined || this.region === undefined || resource.region === this.region;
  }
}

function sameRegion(one: Resource, other: Resource): boolean {
  return one.region === undefined || other.region === undefined || one.region === other.region;
}
