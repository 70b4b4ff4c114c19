// Lets Node load this project's TypeScript directly: no build step, so what runs is never older than what is written.
// Types are checked by `npm run typecheck`; doing it here as well would cost seconds at every preview.
const { readFileSync } = require("node:fs");
const { transformSync } = require("esbuild");

require.extensions[".ts"] = (module, path) =>
  module._compile(
    transformSync(readFileSync(path, "utf8"), {
      loader: "ts",
      format: "cjs",
      target: "node20",
      platform: "node",
      sourcemap: "inline",
      sourcefile: path,
    }).code,
    path,
  );

// Pulumi's own runner installs this library without the maps that are inside the code, which hides Node's own.
require("source-map-support").install({ hookRequire: true, environment: "node" });
