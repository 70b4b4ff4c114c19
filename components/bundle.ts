import { buildSync } from "esbuild";
import { join } from "node:path";

const bundles = new Map<string, string>();

/**
 * The code of a Lambda function in one file. Each run of the program bundles the TypeScript anew, so the deployed code
 * is never older than the source. AWS's own SDK is part of Lambda's Node runtime and stays out.
 *
 * @param entryPoint File that exports `handler`, from the project's root.
 */
export function bundle(entryPoint: string): string {
  const text = bundles.get(entryPoint) ?? build(entryPoint);
  bundles.set(entryPoint, text);
  return text;
}

function build(entryPoint: string): string {
  const { outputFiles } = buildSync({
    absWorkingDir: join(__dirname, ".."),
    entryPoints: [entryPoint],
    bundle: true,
    minify: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "cjs",
    external: ["@aws-sdk/*", "pg-native"],
    // The bundle must be equal on every machine; otherwise every machine would update the function.
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}
