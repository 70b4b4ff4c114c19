import { readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "esbuild/package.json";
import { digest, keep, kept } from "../cache.cjs";

const project = join(__dirname, "..");
const options = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  external: ["@aws-sdk/*", "pg-native"],
  // The bundle must be equal on every machine; otherwise every machine would update the function.
  charset: "utf8",
  legalComments: "none",
  logLevel: "silent",
} as const;

/** A bundle as it is kept. */
interface Bundle {
  /** Digest of each file that went into it, by its path in the project. */
  readonly files: Readonly<Record<string, string>>;
  readonly text: string;
}

const bundles = new Map<string, string>();

/**
 * The code of a Lambda function in one file. It is bundled anew when one of the files that went into it has changed, or the
 * packages that are installed, so the deployed code is never older than the source. AWS's own SDK is part of Lambda's Node
 * runtime and stays out.
 *
 * @param entryPoint File that exports `handler`, from the project's root.
 */
export function bundle(entryPoint: string): string {
  const text = bundles.get(entryPoint) ?? keptBundle(entryPoint) ?? build(entryPoint);
  bundles.set(entryPoint, text);
  return text;
}

/** Key of a bundle in the cache, made of bundler, options and package versions. */
function nameOf(entryPoint: string): { readonly subject: string; readonly name: string } {
  const subject = digest(project, "bundle", entryPoint);
  const packages = digestOf("node_modules/.package-lock.json") ?? "";
  return { subject, name: `${subject}-${digest(version, JSON.stringify(options), packages)}.json` };
}

function keptBundle(entryPoint: string): string | undefined {
  const found = kept(nameOf(entryPoint).name);
  if (found === undefined) return undefined;
  const { files, text } = JSON.parse(found) as Bundle;
  return Object.entries(files).every(([file, before]) => digestOf(file) === before) ? text : undefined;
}

function digestOf(file: string): string | undefined {
  try {
    return digest(readFileSync(join(project, file), "utf8"));
  } catch {
    return undefined;
  }
}

function build(entryPoint: string): string {
  // It starts a process of its own, which most runs do without.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { buildSync } = require("esbuild") as typeof import("esbuild");
  const { outputFiles, metafile } = buildSync({
    ...options,
    external: [...options.external],
    absWorkingDir: project,
    entryPoints: [entryPoint],
    metafile: true,
    write: false,
  });
  const text = outputFiles[0]?.text ?? "";
  const files = Object.keys(metafile.inputs).map((file) => [file, digestOf(file)] as const);
  const { subject, name } = nameOf(entryPoint);
  keep(subject, { [name]: JSON.stringify({ files: Object.fromEntries(files), text }) });
  return text;
}
