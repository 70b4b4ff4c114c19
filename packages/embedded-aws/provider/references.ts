// Checks between resources: a named resource must exist, and a name can be taken only once.
import type { Resource } from "../account";
import type { Context, Model, Properties } from "../models/model";
import { AwsError } from "../models/model";
import { upserts } from "../models/upserts";
import { title } from "./context";
import { valuesAt } from "./paths";

/** Refuses an input with the name of a missing resource. */
export function requireReferences(model: Model, inputs: Properties, context: Context): void {
  for (const reference of model.references ?? []) {
    for (const { value } of valuesAt(inputs, reference.path)) {
      if (value === "" || reference.optional) continue;
      if (context.account.find(reference.to, reference.by ?? "id", value) === undefined) {
        throw new AwsError(
          reference.missing,
          `${title(reference.to)} '${String(value)}' (${reference.path}) does not exist in the account`,
        );
      }
    }
  }
}

/** Refuses a name that another resource of the type has. `self` is the resource itself on update. */
export function requireUnique(model: Model, inputs: Properties, context: Context, self?: Resource): void {
  for (const { property, within = [], taken, ignoresCase = false } of model.unique ?? []) {
    if (inputs[property] === undefined) continue;
    const owner = context.account
      .list(model.type)
      .find(
        (other) =>
          other.id !== self?.id &&
          [property, ...within].every(
            (name) => folded(other.outputs[name], ignoresCase) === folded(inputs[name], ignoresCase),
          ),
      );
    if (owner !== undefined) {
      const value = model.sensitive?.includes(property) ? "[secret]" : JSON.stringify(inputs[property]);
      const limit = upserts.has(model.type)
        ? `. AWS would let this one take its place; the embedded AWS refuses it, because ${owner.urn} manages it`
        : "";
      throw new AwsError(
        taken,
        `${title(model.type)} with ${property} ${value} already exists: ${owner.id}${limit}`,
      );
    }
  }
}

/** A value for comparison with another one; null is as good as absent. */
function folded(value: unknown, ignoresCase: boolean): unknown {
  return ignoresCase && typeof value === "string" ? value.toLowerCase() : (value ?? undefined);
}

/** Refuses the deletion of a resource that others still name. */
export function requireUnused(model: Model, resource: Resource, context: Context): void {
  const dependants = context.account.dependants(resource);
  if (dependants.length === 0) return;
  const names = dependants.map((dependant) => `${title(dependant.type)} ${dependant.id}`).join(", ");
  throw new AwsError(
    model.inUse ?? "DependencyViolation",
    `${title(model.type)} '${resource.id}' is in use and cannot be deleted: ${names} depend${dependants.length === 1 ? "s" : ""} on it`,
  );
}
