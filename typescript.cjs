// Lets Node load this project's TypeScript directly: no build step, so what runs is never older than what is written.
// Types are checked by `npm run typecheck`; doing it here as well would cost seconds at every preview.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { transformSync } = require("esbuild");

require.extensions[".ts"] = (module, path) =>
  module._compile(
    transformSync(readFileSync(path, "utf8"), {
      loader: "ts",
      format: "cjs",
      target: "node20",
      platform: "node",
      sourcemap: "inline",
      sourcesContent: false,
      sourcefile: path,
    }).code,
    path,
  );

// Pulumi's own runner installs this library without the maps that are inside the code, which hides Node's own.
require("source-map-support").install({ hookRequire: true, environment: "node" });

// Pulumi loads these in every process, for half a second, to turn JavaScript functions into Lambda functions, which
// this project never asks for. Here they are loaded when something of theirs is first used.
const seldomUsed = new Set(["typescript", "@npmcli/arborist"]);
const load = Module._load;
Module._load = (request, ...rest) => {
  if (!seldomUsed.has(request)) return load(request, ...rest);
  const property = (_, name) => (name === "__esModule" ? true : load(request, ...rest)[name]);
  return new Proxy({}, { get: property });
};
