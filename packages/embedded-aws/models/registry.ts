// The resource types of all packages that the embedded AWS serves.
import { canonical } from "./aliases";
import type { Model } from "./model";

/** Packages with their types, loaded at the first use: the `random` plugin never loads AWS's. */
const packages: Readonly<Record<string, () => Iterable<Model>>> = {
  /* eslint-disable @typescript-eslint/no-require-imports */
  aws: () => {
    // A process judges few resources of a type: zod compiles each schema first, which takes longer than it saves.
    (require("zod") as typeof import("zod")).config({ jitless: true });
    return (require(".") as typeof import(".")).models.values();
  },
  random: () => (require("./random") as typeof import("./random")).models,
  /* eslint-enable @typescript-eslint/no-require-imports */
};
const loaded = new Map<string, ReadonlyMap<string, Model>>();

function ofPackage(name: string): ReadonlyMap<string, Model> {
  const list =
    loaded.get(name) ?? new Map([...(packages[name]?.() ?? [])].map((model) => [model.type, model]));
  loaded.set(name, list);
  return list;
}

/** All models by type token. */
export const models = {
  get: (type: string): Model | undefined => ofPackage(type.slice(0, type.indexOf(":"))).get(canonical(type)),
  values: (): readonly Model[] => Object.keys(packages).flatMap((name) => [...ofPackage(name).values()]),
};
