import { asNumber, asText, objects, parsed, type Properties } from "./values";

/** A container of a task definition, as far as rules read it. Each field is read when it is asked for: it may be unknown. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly entryPoint: readonly string[];
  readonly stopTimeout: number | undefined;
  /** Group that the driver `awslogs` writes to; empty with another driver. */
  readonly logGroup: string;
  /** Name of the log driver; empty without one. */
  readonly logDriver: string;
  /** Whether it has a log driver at all. */
  readonly logs: boolean;
  /** Whether it is root on its host. */
  readonly privileged: boolean;
  /** Capabilities of root beyond those of every container. */
  readonly capabilities: readonly string[];
  /** Health check. */
  readonly healthCommand: readonly string[];
  readonly labels: Properties;
  /** Options of the log driver, by name. */
  readonly logOptions: Properties;
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
      : asText(value as string | number | boolean);

const inside = (value: unknown): Properties => objects([value])[0] ?? {};
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(text) : []);

/** Programs write the definitions themselves: a field may be left out, or be null. */
const container = (each: Properties): Container => ({
  get name() {
    return text(each["name"]);
  },
  get image() {
    return text(each["image"]);
  },
  get command() {
    return texts(each["command"]);
  },
  get entryPoint() {
    return texts(each["entryPoint"]);
  },
  get stopTimeout() {
    return typeof each["stopTimeout"] === "number" ? each["stopTimeout"] : undefined;
  },
  get logGroup() {
    return text(this.logOptions["awslogs-group"]);
  },
  get logDriver() {
    return text(inside(each["logConfiguration"])["logDriver"]);
  },
  get logs() {
    return each["logConfiguration"] !== undefined && each["logConfiguration"] !== null;
  },
  get privileged() {
    return each["privileged"] === true;
  },
  get capabilities() {
    return texts(inside(inside(each["linuxParameters"])["capabilities"])["add"]);
  },
  get healthCommand() {
    return texts(inside(each["healthCheck"])["command"]);
  },
  get labels() {
    return inside(each["dockerLabels"]);
  },
  get logOptions() {
    return inside(inside(each["logConfiguration"])["options"]);
  },
  get portMappings() {
    return objects(each["portMappings"]);
  },
  get environment() {
    return objects(each["environment"]).map((entry) => ({
      get name() {
        return text(entry["name"]);
      },
      get value() {
        return text(entry["value"]);
      },
    }));
  },
  get secrets() {
    return objects(each["secrets"]).map((entry) => ({
      get name() {
        return text(entry["name"]);
      },
      get valueFrom() {
        return text(entry["valueFrom"]);
      },
    }));
  },
  get ulimits() {
    return objects(each["ulimits"]).map(({ name, softLimit }) => ({
      name: text(name),
      softLimit: asNumber(softLimit),
    }));
  },
});

/**
 * The containers of a task definition. Their whole text is unknown as soon as one value in it is, unless the component
 * that made it says what it knows (`containerDefinitions` among its outputs).
 */
export const containers = (properties: Properties): readonly Container[] =>
  objects(parsed(properties["containerDefinitions"])).map(container);

/** Containers that clients connect to. */
export const servers = (properties: Properties): readonly Container[] =>
  containers(properties).filter(({ portMappings }) => portMappings.length > 0);

/** The values that containers give a variable; an empty one is none. */
export const valuesOfVariable = (properties: Properties, variable: string): readonly string[] =>
  containers(properties).flatMap(({ environment }) =>
    environment
      .filter(({ name }) => name === variable)
      .map(({ value }) => value)
      .filter((value) => value !== ""),
  );
