// Lets Node load this project's TypeScript directly: no build step, so what runs is never older than what is written.
// Types are checked by `npm run typecheck`; doing it here as well would cost seconds at every preview.
require("./nodeVersion.cjs");
const { createHash } = require("node:crypto");
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
require("./lazyModules.cjs");

/** What was compiled before, by its content: six processes take part in a preview, and each would compile its files anew. */
const cache = join(__dirname, "node_modules", ".cache", "typescript");
const options = {
  loader: "ts",
  format: "cjs",
  target: "node20",
  platform: "node",
  sourcemap: "external",
  sourcesContent: false,
};
/** The files with compiled code that came from here, by source file; their source maps lie beside them. */
const compiled = new Map();

require.extensions[".ts"] = (module, path) => {
  const source = readFileSync(path, "utf8");
  const { version } = require("esbuild/package.json");
  const name = `${digest(path)}-${digest(version, JSON.stringify(options), String(loadHere), source)}.js`;
  const file = join(cache, name);
  compiled.set(path, file);
  module._compile(readIfPresent(file) ?? compile(path, source, file), path);
};

const digest = (...texts) => createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 32);

/** Node's own `import()` knows neither TypeScript nor names without an ending: that of a file beside this one is a `require`. */
const loadHere = (code) =>
  code.replaceAll(/\bimport\(("\.{1,2}\/[^"]+")\)/g, "Promise.resolve().then(() => require($1))");

function compile(path, source, file) {
  const compiled = require("esbuild").transformSync(source, { ...options, sourcefile: path });
  const { map } = compiled;
  const code = loadHere(compiled.code);
  try {
    mkdirSync(cache, { recursive: true });
    forgetFormer(path, file);
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

/** What the source was compiled to before it changed. */
function forgetFormer(path, file) {
  const former = readdirSync(cache).filter(
    (name) => name.startsWith(digest(path)) && !join(cache, name).startsWith(file),
  );
  for (const name of former) rmSync(join(cache, name), { force: true });
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
