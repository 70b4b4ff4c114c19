import { UnknownValueError } from "@pulumi/policy";

/** Checks that met a value which a preview cannot know, with the name of the resource that they are about. */
const deferred = new Map<string, string>();

/**
 * Makes one check of one resource. A check that needs an unknown value is left to the update and counted; it hides
 * nothing that other checks find.
 *
 * @param key Tells the check apart from all others.
 */
export function attempt<T>(key: string, resourceName: string, check: () => T): T | undefined {
  deferred.delete(key);
  try {
    return check();
  } catch (error) {
    if (!(error instanceof UnknownValueError)) throw error;
    deferred.set(key, resourceName);
    return undefined;
  }
}

/** How many checks of each resource were left to the update since the last call. */
export function takeDeferred(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of deferred.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  deferred.clear();
  return counts;
}
