// Checks types, rules and formatting: types and formatting in processes of their own, rules folder by folder. Each
// check prints a line with its time.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const begin = Date.now();
let failed = false;

/** `rules        components   43 files, 3.1 s`; what is wrong follows. */
function say(check, what, since, faults = "") {
  const seconds = ((Date.now() - since) / 1000).toFixed(1);
  console.log(`${faults === "" ? "✓" : "✗"} ${check.padEnd(10)} ${what}, ${seconds} s`);
  if (faults === "") return;
  console.log(faults);
  failed = true;
}

async function command(check, script, ...args) {
  const child = spawn(process.execPath, [join(root, "node_modules", script), ...args], { cwd: root });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  const [code] = await once(child, "close");
  say(check, "everything", begin, code === 0 ? "" : output.trim() || `ended with ${code}`);
}

async function rules() {
  // A rule's result depends on one file alone, so unchanged files come from the cache.
  const cached = { cache: true, cacheLocation: "node_modules/.cache/eslint/", cacheStrategy: "content" };
  const eslint = new ESLint({ cwd: root, errorOnUnmatchedPattern: false, ...cached });
  const formatter = await eslint.loadFormatter("stylish");
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
    .map(({ name }) => name);
  for (const group of ["*.{ts,cjs,mjs,js}", ...folders.map((name) => `${name}/**/*.{ts,cjs,mjs,js}`)]) {
    const since = Date.now();
    const results = await eslint.lintFiles(group);
    if (results.length === 0) continue;
    const what = `${group.startsWith("*") ? "the root" : group.split("/")[0]}, ${results.length} files`;
    const bad = results.some(({ errorCount, warningCount }) => errorCount + warningCount > 0);
    say("rules", what, since, bad ? await formatter.format(results) : "");
  }
}

await Promise.all([
  command("types", "typescript/bin/tsc", "--noEmit"),
  command("formatting", "prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."),
  rules(),
]);
process.exitCode = failed ? 1 : 0;
