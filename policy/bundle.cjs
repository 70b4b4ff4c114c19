// Makes the published package independent of this project: its rules, and the guide's numbers that they share with the
// planner, go into one file. `--remove` takes it away again, so that a checkout only ever runs its own sources.
const { rmSync } = require("node:fs");
const { join } = require("node:path");

const bundle = join(__dirname, "bundle.js");
if (process.argv.includes("--remove")) {
  rmSync(bundle, { force: true });
} else {
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
