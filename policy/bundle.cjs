// Makes the published package independent of this project: its rules, and the guide's numbers that they share with the
// planner, go into one file, and the project's licence beside it. `--remove` takes both away again, so that a checkout
// only ever runs its own sources.
const { copyFileSync, rmSync } = require("node:fs");
const { join } = require("node:path");

const bundle = join(__dirname, "bundle.js");
const license = join(__dirname, "LICENSE");
if (process.argv.includes("--remove")) {
  for (const file of [bundle, license]) rmSync(file, { force: true });
} else {
  copyFileSync(join(__dirname, "..", "LICENSE"), license);
  require("esbuild").buildSync({
    entryPoints: [join(__dirname, "index.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["@pulumi/*"],
    logLevel: "warning",
  });
}
