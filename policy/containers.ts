import { objects, parsed, type Properties } from "./values";

/** A container of a task definition, as far as rules read it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly stopTimeout: number | undefined;
  /** Group that the driver `awslogs` writes to; empty with another driver. */
  readonly logGroup: string;
  readonly portMappings: readonly Properties[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly ulimits: readonly { readonly name: string; readonly softLimit: number }[];
}

const text = (value: unknown): string =>
  value === undefined || value === null
    ? ""
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value as string | number | boolean);

const inside = (value: unknown): Properties => objects([value])[0] ?? {};

/**
 * The containers of a task definition. Their whole text is unknown as soon as one value in it is. Programs write it in
 * JSON themselves: a field may be left out, or be null.
 */
export const containers = (properties: Properties): readonly Container[] =>
  objects(parsed(properties["containerDefinitions"])).map((each) => ({
    name: text(each["name"]),
    image: text(each["image"]),
    command: Array.isArray(each["command"]) ? each["command"].map(text) : [],
    stopTimeout: typeof each["stopTimeout"] === "number" ? each["stopTimeout"] : undefined,
    logGroup: text(inside(inside(each["logConfiguration"])["options"])["awslogs-group"]),
    portMappings: objects(each["portMappings"]),
    environment: objects(each["environment"]).map(({ name, value }) => ({
      name: text(name),
      value: text(value),
    })),
    secrets: objects(each["secrets"]).map(({ name, valueFrom }) => ({
      name: text(name),
      valueFrom: text(valueFrom),
    })),
    ulimits: objects(each["ulimits"]).map(({ name, softLimit }) => ({
      name: text(name),
      softLimit: Number(softLimit),
    })),
  }));

/** Containers that clients connect to. */
export const servers = (properties: Properties): readonly Container[] =>
  containers(properties).filter(({ portMappings }) => portMappings.length > 0);

/** The values that containers give a variable; an empty one is none. */
export const valuesOfVariable = (properties: Properties, variable: string): readonly string[] =>
  containers(properties).flatMap(({ environment }) =>
    environment.filter(({ name, value }) => name === variable && value !== "").map(({ value }) => value),
  );
