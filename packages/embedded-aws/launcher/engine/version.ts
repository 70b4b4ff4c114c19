// Which engines this project runs on.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";

import { version as sdkVersion } from "@pulumi/pulumi/package.json";

import { writeAtomically } from "../files";
import { hashObjection } from "./hash";

/** The version that is downloaded or built: the SDK's own, so that both speak the same protocol. */
export const requiredVersion = sdkVersion;

/**
 * Reason against an engine of that version; undefined for the SDK's major version, if it is not older than the SDK.
 * Pulumi promises that a newer engine serves older SDKs of its major version; an older engine lacks calls.
 */
export function versionObjection(version: string): string | undefined {
  const found = numbers(version);
  const [major, ...rest] = numbers(requiredVersion) ?? [];
  if (found === undefined) return `it reports no version but "${version}"`;
  if (found[0] !== major) return `it is ${version}, another major version than the SDK's ${requiredVersion}`;
  const difference = rest.map((wanted, index) => found[index + 1]! - wanted).find((step) => step !== 0) ?? 0;
  return difference < 0 ? `it is ${version}, older than the SDK's ${requiredVersion}` : undefined;
}

function numbers(version: string): number[] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match?.slice(1).map(Number);
}

interface Known {
  readonly [executable: string]: { readonly stamp: string; readonly version: string };
}

/**
 * The version of an engine's executable, asked for once and remembered in `memory` until the file changes. Throws, and
 * starts nothing, if its hash is another than the recorded one.
 */
export async function versionOf(executable: string, memory: string): Promise<string> {
  const file = realpathSync(executable);
  // Whoever writes to a file can set the time of its last change back, but not that of its inode's.
  const { ctimeMs, size } = statSync(file);
  const stamp = `${ctimeMs}/${size}`;
  const known = read(memory);
  if (known[file]?.stamp === stamp) return known[file].version;
  const objection = await hashObjection(file);
  if (objection !== undefined) throw new Error(objection);
  const version = await ask(file);
  mkdirSync(dirname(memory), { recursive: true });
  writeAtomically(memory, JSON.stringify({ ...known, [file]: { stamp, version } }, null, 2));
  return version;
}

function ask(executable: string): Promise<string> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((resolve, reject) =>
    execFile(executable, ["version"], { env, timeout: 30_000 }, (error, output, errors) =>
      error
        ? reject(
            new Error(`\`${executable} version\` fails: ${errors.trim().split("\n")[0] || error.message}`),
          )
        : resolve(output.trim().replace(/^v/, "")),
    ),
  );
}

function read(memory: string): Known {
  try {
    return existsSync(memory) ? (JSON.parse(readFileSync(memory, "utf8")) as Known) : {};
  } catch {
    return {};
  }
}
