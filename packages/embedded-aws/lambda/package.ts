// A function's deployment package: from the archive on the wire to files.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Resource } from "../account";
import { AwsError, type Context, type Properties } from "../models/model";

/** The signatures by which Pulumi's wire format tells assets and archives from plain objects. */
const signature = "4dabf18193072939515e22adb298388d";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Whether a value is an archive. */
export function isArchive(value: unknown): value is Properties {
  return (value as Properties | undefined)?.[signature] === archiveSignature;
}

/** Whether two archives have the same content; their origin does not matter. */
export function sameArchive(one: unknown, other: unknown): boolean {
  return isArchive(one) && isArchive(other) && one.hash !== undefined && one.hash === other.hash;
}

/** Lambda's description of the package: its digest and size. */
export function describePackage(code: unknown): { codeSha256: string; sourceCodeSize: number } {
  const text = JSON.stringify(code ?? null);
  return {
    codeSha256: createHash("sha256").update(text).digest("base64"),
    sourceCodeSize: Buffer.byteLength(text),
  };
}

/** Folder of a function's files. */
export function folderOf(fn: Resource, { home, region }: Pick<Context, "home" | "region">): string {
  return join(home, "lambda", region, fn.id);
}

/** Writes the function's files, after it has removed the former ones. */
export function unpack(fn: Resource, context: Pick<Context, "home" | "region">): void {
  const folder = folderOf(fn, context);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  unpackArchive(fn.inputs.code, folder);
}

/** Removes the function's files. */
export function removePackage(fn: Resource, context: Pick<Context, "home" | "region">): void {
  rmSync(folderOf(fn, context), { recursive: true, force: true });
}

function unpackArchive(archive: unknown, folder: string): void {
  if (!isArchive(archive)) throw unusable("code is no archive");
  if (typeof archive.path === "string") {
    if (!statSync(archive.path).isDirectory()) {
      throw unusable(`the embedded AWS does not unpack ${archive.path}: give a folder, or an AssetArchive`);
    }
    return cpSync(archive.path, folder, { recursive: true });
  }
  for (const [name, entry] of Object.entries((archive.assets ?? {}) as Properties)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (isArchive(entry)) unpackArchive(entry, path);
    else writeFileSync(path, contentOf(name, entry));
  }
}

function contentOf(name: string, entry: unknown): string | Buffer {
  const asset = entry as Properties;
  if (asset[signature] === assetSignature) {
    if (typeof asset.text === "string") return asset.text;
    if (typeof asset.path === "string") return readFileSync(asset.path);
  }
  throw unusable(`the embedded AWS cannot read ${name}: give a StringAsset or a FileAsset`);
}

function unusable(reason: string): AwsError {
  return new AwsError("InvalidParameterValueException", reason);
}
