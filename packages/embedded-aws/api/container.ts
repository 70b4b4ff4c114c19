// The work of containers. AWS runs any image; the embedded AWS calls a module of its user that stands in for the image.
import { createRequire } from "node:module";
import type { Route } from "../postgres/routes";

/** A command in a container. */
export interface Run {
  /** Word by word. */
  readonly command: readonly string[];
  /** The container's variables, secrets among them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Message with which the command must fail. @default it does its work */
  readonly failure?: string | undefined;
  /** The databases that the task may reach, and the local ports behind them. */
  readonly routes: readonly Route[];
  /** Writes a line of output. */
  say(line: string): void;
}

/** A module that stands in for images. */
export interface Containers {
  /** Runs the command and returns its exit code. */
  runCommand(run: Run): Promise<number>;
}

/** Names the module in the environment of the plugin process. */
export const variable = "EMBEDDED_AWS_CONTAINERS";

/** Runs a container's command by the module that the environment names; without one there is no image to run. */
export function runContainer(run: Run): Promise<number> {
  const module = process.env[variable];
  if (module) return (createRequire(__filename)(module) as Containers).runCommand(run);
  run.say(`The embedded AWS holds no images: ${variable} names a module that says what this container does`);
  return Promise.resolve(127);
}
