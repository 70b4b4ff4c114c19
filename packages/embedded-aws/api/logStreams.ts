// Output of functions and tasks: one file for each log stream, in the account.
import { appendFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "../models/model";
import { masked } from "./secrets";

type Where = Pick<Context, "home" | "region">;

/** One line of a stream. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/**
 * Writes lines to a stream without the values of `secrets`: a reader of the log may have fewer rights than its writer.
 */
export function logWriter(where: Where, group: string, stream: string, secrets: readonly string[]) {
  const path = fileOf(where, group, stream);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return (text: string): void => {
    const lines = masked(text, secrets).split("\n");
    const time = new Date().toISOString();
    appendFileSync(path, lines.map((line) => `${time} ${line}\n`).join(""), { mode: 0o600 });
  };
}

/** The lines of a stream in order; undefined when there is no such stream. */
export function readStream(where: Where, group: string, stream: string): LogEvent[] | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(where, group, stream), "utf8");
  } catch {
    return undefined;
  }
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [time = ""] = line.split(" ", 1);
      return { timestamp: Date.parse(time), message: line.slice(time.length + 1) };
    });
}

/** Removes the streams of a group that is deleted. */
export function removeStreams(where: Where, group: string): void {
  rmSync(folderOf(where, group), { recursive: true, force: true });
}

/**
 * The folder of a group, by its encoded name: names contain slashes, and `a` with stream `b/c` differs from `a/b` with
 * stream `c`.
 */
function folderOf({ home, region }: Where, group: string): string {
  return join(home, "logs", region, encodeURIComponent(group));
}

function fileOf(where: Where, group: string, stream: string): string {
  return join(folderOf(where, group), `${encodeURIComponent(stream)}.log`);
}
