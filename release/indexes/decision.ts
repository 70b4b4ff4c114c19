import { createStatement, isOptional } from "../../stacks/guideIndexes";
import type { Observation, ObservedIndex } from "./inspection";

/** Choices of whoever runs the build. */
export interface DecisionOptions {
  /** Leaves out an index that another one makes redundant. @default false */
  readonly skipEquivalent?: boolean;
  /** Replaces an index of the same name and table whose definition differs. @default false */
  readonly replace?: boolean;
}

/** Decision on one index of the catalogue. */
export type Action =
  | { readonly kind: "keep" }
  | { readonly kind: "build" }
  | { readonly kind: "rebuild"; readonly drop: ObservedIndex }
  | { readonly kind: "replace"; readonly drop: ObservedIndex }
  | { readonly kind: "await"; readonly pid: number }
  | { readonly kind: "skip"; readonly reason: string }
  | { readonly kind: "refuse"; readonly reason: string };

const refuse = (reason: string): Action => ({ kind: "refuse", reason });
const skip = (reason: string): Action => ({ kind: "skip", reason });

/** Indexes under other names that answer every query the wanted one would; a unique one does so too. */
export function equivalents({ wanted, others }: Observation): readonly string[] {
  return others.filter(({ definition }) => definition === wanted).map(({ name }) => name);
}

/** Decides about one index from what was observed; pure. */
export function decide(observation: Observation, options: DecisionOptions = {}): Action {
  const action = tableObstacle(observation) ?? decideByName(observation, options);
  const changes = action.kind === "build" || action.kind === "rebuild" || action.kind === "replace";
  return changes && !observation.table?.owned ? notOwner(observation) : action;
}

function decideByName(observation: Observation, options: DecisionOptions): Action {
  const { index, named, wanted, builds } = observation;
  if (named === undefined) {
    const redundantWith = equivalents(observation);
    if (!options.skipEquivalent || redundantWith.length === 0) return { kind: "build" };
    return skip(`the same queries are served by ${redundantWith.join(" and ")}`);
  }
  if (typeof named === "string" || named.table !== index.table) return nameTaken(observation);
  if (named.definition !== wanted || named.unique) return differentDefinition(observation, named, options);
  if (named.valid) return { kind: "keep" };
  // A build whose index is hidden from this user may be of this one; dropping would wait for it and undo it.
  const build = builds.find(({ indexOid }) => indexOid === named.oid || indexOid === null);
  return build ? { kind: "await", pid: build.pid } : { kind: "rebuild", drop: named };
}

function tableObstacle({ index, schema, table, named, wanted }: Observation): Action | undefined {
  if (!table) {
    const missing = `table ${index.table} does not exist in schema ${schema}`;
    return isOptional(index)
      ? skip(
          `${missing}; it belongs to the outbox, which the guide requires at scale ${index.scales.join(", ")} only`,
        )
      : refuse(`${missing}. Run the migrations first (python manage.py migrate), or name another schema.`);
  }
  if (table.kind === "p") {
    // Valid on the parent means: valid on every partition.
    const isThere = typeof named === "object" && named.table === index.table && named.valid;
    if (isThere && named.definition === wanted && !named.unique) return { kind: "keep" };
    return refuse(
      `table ${index.table} is partitioned, and PostgreSQL cannot build concurrently on all partitions at once. ` +
        "Build the index on each partition, then attach them to one on the parent.",
    );
  }
  return table.kind === "r"
    ? undefined
    : refuse(`${index.table} in schema ${schema} is not an ordinary table.`);
}

function notOwner({ index, table, user }: Observation): Action {
  return refuse(
    `user ${user} may not build indexes on ${index.table}, which belongs to ${table?.owner}. ` +
      `Connect as ${table?.owner}, or GRANT ${table?.owner} TO ${user}.`,
  );
}

function nameTaken({ index, schema, named }: Observation): Action {
  const what =
    typeof named === "object"
      ? `an index of table ${named.table}`
      : "something that is not an index of a table";
  return refuse(`the name ${index.name} is taken in schema ${schema} by ${what}. Rename or drop it.`);
}

function differentDefinition({ index }: Observation, named: ObservedIndex, options: DecisionOptions): Action {
  const difference = `${index.name} exists with another definition: ${named.statement}; wanted: ${createStatement(index)}`;
  if (named.constraint) return refuse(`${difference} A constraint rests on it. Rename the constraint.`);
  if (options.replace) return { kind: "replace", drop: named };
  return refuse(`${difference} Rename or drop it, or choose to replace it (--replace).`);
}
