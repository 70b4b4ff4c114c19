// Lets Node load this project's TypeScript directly: no build step, so what runs is never older than what is written.
// Types are checked by `npm run typecheck`; doing it here as well would cost seconds at every preview.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
require("./lazyModules.cjs");

/** What was compiled before, by its content: six processes take part in a preview, and each would compile its files anew. */
const cache = join(__dirname, "node_modules", ".cache", "typescript");
/** The files with compiled code that came from here, by source file; their source maps lie beside them. */
const compiled = new Map();

require.extensions[".ts"] = (module, path) => {
  const source = readFileSync(path, "utf8");
  const version = require("esbuild/package.json").version;
  const key = createHash("sha256").update(`${version}\0${path}\0${source}`).digest("hex");
  const file = join(cache, `${key}.js`);
  compiled.set(path, file);
  module._compile(readIfPresent(file) ?? compile(path, source, file), path);
};

function compile(path, source, file) {
  const { code, map } = require("esbuild").transformSync(source, {
    loader: "ts",
    format: "cjs",
    target: "node20",
    platform: "node",
    sourcemap: "external",
    sourcesContent: false,
    sourcefile: path,
  });
  try {
    mkdirSync(cache, { recursive: true });
    for (const [name, text] of [
      [`${file}.map`, map],
      [file, code],
    ]) {
      writeFileSync(`${name}.${process.pid}`, text);
      renameSync(`${name}.${process.pid}`, name);
    }
  } catch {
    // Where nothing can be written, the next process compiles again.
  }
  return code;
}

function readIfPresent(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

// Pulumi's own runner uses this library for every stack trace, and knows no maps but those beside the code.
const sourceMaps = require("source-map-support");
sourceMaps.install({
  environment: "node",
  overrideRetrieveSourceMap: true,
  retrieveSourceMap: (path) => {
    const map = compiled.has(path) && readIfPresent(`${compiled.get(path)}.map`);
    return map ? { url: path, map } : null;
  },
});
// Pulumi takes a stack trace for each promise. Only the frames of this project are looked up in a map: looking at all of
// them, as the library would, takes half a second at each preview.
Error.prepareStackTrace = (error, frames) =>
  [
    error,
    ...frames.map((frame) => (compiled.has(frame.getFileName()) ? sourceMaps.wrapCallSite(frame) : frame)),
  ].join("\n    at ");
