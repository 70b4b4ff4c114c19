// Makes the published package independent of this project: its rules, and the guide's numbers that they share with the
// planner, go into one file, and beside it the project's licence, its changes, and the rules for people to read. `--remove`
// takes all of them away again, so that a checkout only ever runs its own sources.
const { copyFileSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const here = (name) => join(__dirname, name);
const ofProject = (...path) => join(__dirname, "..", ...path);
const made = ["bundle.js", "LICENSE", "CHANGELOG.md", "RULES.md"];

/** Takes links to pages away that the package does not have. */
const unlinked = (text) => text.replace(/\[([^\]]+)\]\((?!#|https?:)[^)]+\)/g, "$1");

if (process.argv.includes("--remove")) {
  for (const file of made) rmSync(here(file), { force: true });
} else {
  for (const file of ["LICENSE", "CHANGELOG.md"]) copyFileSync(ofProject(file), here(file));
  writeFileSync(here("RULES.md"), unlinked(readFileSync(ofProject("docs", "policies.md"), "utf8")));
  require("esbuild").buildSync({
    entryPoints: [here("index.ts")],
    outfile: here("bundle.js"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["@pulumi/*"],
    logLevel: "warning",
  });
}
