import { type Scale, scales } from "../../stacks/guide";
import type { Registration } from "./monitor";
import { run, type Run } from "./program";

/** The resources of a successful run, with questions that tests ask. */
export class Recording {
  constructor(readonly run: Run) {}

  get registrations(): readonly Registration[] {
    return this.run.registrations;
  }

  /** All resources of a type. */
  ofType(type: string): readonly Registration[] {
    return this.registrations.filter((each) => each.type === type);
  }

  /** The only resource of a type, or the only one of this name. */
  one(type: string, name?: string): Registration {
    const found = this.ofType(type).filter((each) => name === undefined || each.name === name);
    const [only] = found;
    if (!only || found.length > 1) {
      throw new Error(`${found.length} resources of type ${type}${name ? ` named ${name}` : ""}, not one`);
    }
    return only;
  }

  /** The resource of a URN. */
  byUrn(urn: string): Registration {
    const found = this.registrations.find((each) => each.urn === urn);
    if (!found) throw new Error(`no resource ${urn}`);
    return found;
  }

  /** Everything that an input's value was made of. */
  sourcesOf(resource: Registration, property: string): readonly Registration[] {
    return (resource.propertyDependencies[property] ?? []).map((urn) => this.byUrn(urn));
  }

  /** Names of the resources that an input's value was made of, of one type or of all. */
  namesOf(resource: Registration, property: string, type?: string): readonly string[] {
    return this.sourcesOf(resource, property)
      .filter((source) => type === undefined || source.type === type)
      .map(({ name }) => name)
      .sort();
  }
}

/** How messages and golden files name a resource. */
export const label = ({ type, name }: Registration): string => `${type} ${name}`;

/** Whether computed outputs are known. */
export type Mode = "preview" | "update";

const recordings = new Map<string, Promise<Recording>>();

/**
 * The resources of the program at a scale, recorded once for all tests that ask for the same.
 *
 * @throws the program's error when it ended early.
 */
export function record(
  scale: Scale,
  mode: Mode,
  config: Readonly<Record<string, string>> = {},
): Promise<Recording> {
  const key = JSON.stringify([scale, mode, config]);
  const recording =
    recordings.get(key) ??
    run({ config: { scale, ...config }, preview: mode === "preview" }).then((result) => {
      if (result.error) throw result.error;
      return new Recording(result);
    });
  recordings.set(key, recording);
  return recording;
}

/** Checks the program at every scale, in a preview and in an update; a failure says where it happened. */
export async function everywhere(
  check: (recording: Recording, scale: Scale, mode: Mode) => void,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (const scale of scales) {
    for (const mode of ["preview", "update"] as const) {
      const recording = await record(scale, mode, config);
      try {
        check(recording, scale, mode);
      } catch (error) {
        if (error instanceof Error) error.message = `${scale}, ${mode}: ${error.message}`;
        throw error;
      }
    }
  }
}
