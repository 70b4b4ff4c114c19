import type { Recording } from "../recording/recording";
import { types } from "../recording/types";

interface Pair {
  readonly name: string;
}

/** The parts of a container definition that tests look at. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly command: readonly string[];
  readonly portMappings: readonly object[];
  readonly environment: readonly (Pair & { readonly value: string })[];
  readonly secrets: readonly (Pair & { readonly valueFrom: string })[];
  readonly logConfiguration: {
    readonly logDriver: string;
    readonly options: Readonly<Record<string, string>>;
  };
  readonly ulimits: readonly object[];
  readonly linuxParameters: object;
  readonly stopTimeout: number;
}

/** The text of a task's container definitions, the chat's unless another one is named; they are known in an update only. */
export const definitions = (recording: Recording, task = "chatpop-backend"): string =>
  recording.one(types.taskDefinition, task).inputs["containerDefinitions"] as string;

/** The only container of a task. */
export function container(recording: Recording, task?: string): Container {
  const [only, ...others] = JSON.parse(definitions(recording, task)) as Container[];
  if (!only || others.length > 0) throw new Error("a task has exactly one container (G-59)");
  return only;
}

/** The container's plain variables by name. */
export const environment = (recording: Recording): Readonly<Record<string, string>> =>
  Object.fromEntries(container(recording).environment.map(({ name, value }) => [name, value]));

/** Where the container's secret variables come from, by name. */
export const secrets = (recording: Recording): Readonly<Record<string, string>> =>
  Object.fromEntries(container(recording).secrets.map(({ name, valueFrom }) => [name, valueFrom]));
