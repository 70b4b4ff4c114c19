// Lets Node load this project's TypeScript directly: no build step, so what runs is never older than what is written.
// Types are checked by `npm run typecheck`; doing it here as well would cost seconds at every preview.
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { transformSync } = require("esbuild");

/** Source maps of what was compiled here, by file. */
const maps = new Map();

require.extensions[".ts"] = (module, path) => {
  const { code, map } = transformSync(readFileSync(path, "utf8"), {
    loader: "ts",
    format: "cjs",
    target: "node20",
    platform: "node",
    sourcemap: "external",
    sourcesContent: false,
    sourcefile: path,
  });
  maps.set(path, map);
  module._compile(code, path);
};

// Pulumi's own runner uses this library for every stack trace, and takes one for each promise. Without the maps of
// packages, which it would read from the disk, that costs a third less.
require("source-map-support").install({
  environment: "node",
  overrideRetrieveSourceMap: true,
  retrieveSourceMap: (path) => (maps.has(path) ? { url: path, map: maps.get(path) } : null),
});

// Pulumi loads these in every process, for half a second, to turn JavaScript functions into Lambda functions, which
// this project never asks for. Here they are loaded when something of theirs is first used.
const seldomUsed = new Set(["typescript", "@npmcli/arborist"]);
const load = Module._load;
Module._load = (request, ...rest) => {
  if (!seldomUsed.has(request)) return load(request, ...rest);
  const property = (_, name) => (name === "__esModule" ? true : load(request, ...rest)[name]);
  return new Proxy({}, { get: property });
};
