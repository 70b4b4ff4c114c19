// Decisions on an update's pending operations, and on resources outside any state.
import { filledIn, idIn, others, partsOf, ways, type Way } from "./imports";
import { isKnown, type Export, type Inputs, type Known } from "./state";

/** A resource of the account with its tags. */
export interface Tagged {
  /** Amazon's name of it. */
  readonly arn: string;
  /** Its tags, those of the provider among them; none where AWS knows none for the type. */
  readonly tags: Readonly<Record<string, string>>;
  /** Its name, where the ARN has none. */
  readonly name?: string;
}

/** Decisions of a recovery. */
export interface Recovery {
  /** Creations whose resource exists in AWS, or may exist: the state imports it. */
  readonly imports: readonly { readonly urn: string; readonly id: string }[];
  /** Creations without a resource in AWS, or with a repeatable call: the next update makes them. */
  readonly forgotten: readonly string[];
  /** Interrupted updates, deletions and reads: a refresh settles them. */
  readonly settled: readonly string[];
  /** Creations that match several resources: a person has to decide. */
  readonly unclear: readonly { readonly urn: string; readonly arns: readonly string[] }[];
  /** Creations that cannot be found in AWS: a command lists the possible resources. */
  readonly unseen: readonly { readonly urn: string; readonly command: string }[];
  /** Tagged resources that neither the state nor a pending creation knows. */
  readonly orphans: readonly string[];
}

/** Decides from the state and the tagged resources of the account. */
export function recoveryOf(state: Export, account: readonly Tagged[]): Recovery {
  const { pending_operations: pending = [] } = state.deployment;
  const unknown = account.filter(({ arn }) => !others.test(arn) && !isKnown(arn, state));
  const creations = pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
  const found = creations.map((resource) => ({ resource, ids: idsOf(resource, unknown) }));
  const claimed = new Set(found.flatMap(({ ids }) => ids.flatMap(({ arn }) => arn ?? [])));
  return {
    imports: found.flatMap(({ resource, ids }) =>
      ids.length === 1 && ids[0] ? [{ urn: resource.urn, id: ids[0].id }] : [],
    ),
    forgotten: found
      .filter(({ resource, ids }) => ids.length === 0 && commandFor(resource) === undefined)
      .map(({ resource }) => resource.urn),
    settled: pending.filter(({ type }) => type !== "creating").map(({ resource }) => resource.urn),
    unclear: found
      .filter(({ ids }) => ids.length > 1)
      .map(({ resource, ids }) => ({ urn: resource.urn, arns: ids.map(({ arn, id }) => arn ?? id) })),
    unseen: creations.flatMap((resource) => {
      const command = commandFor(resource);
      return command === undefined ? [] : [{ urn: resource.urn, command }];
    }),
    orphans: unknown.map(({ arn }) => arn).filter((arn) => !claimed.has(arn)),
  };
}

/**
 * The state with the creations that are there, under the ids by which AWS finds them, and without pending operations.
 * Outputs are for a refresh to read; a resource follows all that it depends on, because these were made before it.
 */
export function recovered(state: Export, { imports }: Recovery): Export {
  const { resources = [], pending_operations: pending = [], ...rest } = state.deployment;
  const made = imports.flatMap(({ urn, id }) =>
    pending
      .filter(({ type, resource }) => type === "creating" && resource.urn === urn)
      .map(({ resource }) => ({ ...resource, id })),
  );
  return { ...state, deployment: { ...rest, resources: [...resources, ...made] } };
}

interface Candidate {
  readonly id: string;
  readonly arn?: string;
}

function idsOf({ type, inputs = {} }: Known, unknown: readonly Tagged[]): readonly Candidate[] {
  const way = ways[type];
  if (way === undefined) return [];
  if ("inputs" in way) {
    const id = filledIn(way.inputs, inputs);
    return id === undefined ? [] : [{ id }];
  }
  if ("look" in way) return [];
  return unknown
    .filter((each) => fits(each, way, inputs))
    .flatMap(({ arn }) => {
      const id = idIn(arn, way, inputs);
      return id === undefined ? [] : [{ arn, id }];
    });
}

/** Command that lists a resource of a type that cannot be found by itself. */
function commandFor({ type, inputs = {} }: Known): string | undefined {
  const way = ways[type];
  return way !== undefined && "look" in way ? (filledIn(way.look, inputs) ?? way.look) : undefined;
}

function fits(
  { arn, tags, name }: Tagged,
  { kind, isDrawn }: Extract<Way, { kind: string }>,
  inputs: Inputs,
): boolean {
  const asked = { ...(inputs["tagsAll"] as object | undefined), ...(inputs["tags"] as object | undefined) };
  return (
    arn.includes(kind) &&
    (isDrawn || partsOf(inputs).every((part) => (name === undefined ? arn.includes(part) : name === part))) &&
    Object.entries(asked).every(([key, value]) => tags[key] === value)
  );
}
