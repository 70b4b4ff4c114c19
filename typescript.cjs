// Lets Node load this project's TypeScript directly: no build step, so what runs is never older than what is written.
// Types are checked by `npm run typecheck`; doing it here as well would cost seconds at every preview.
require("./nodeVersion.cjs");
requirePackages();
const { readFileSync } = require("node:fs");
require("./compileCache.cjs");
const { digest, keep, kept } = require("./cache.cjs");
require("./lazyModules.cjs");

const options = {
  loader: "ts",
  format: "cjs",
  target: "node20",
  platform: "node",
  sourcemap: "external",
  sourcesContent: false,
};
/** The name under which a file's compiled code is kept, by source file; its source map lies beside it. */
const compiled = new Map();

// Compiled code is kept by its content: six processes take part in a preview, and each would compile its files anew.
require.extensions[".ts"] = (module, path) => {
  const source = readFileSync(path, "utf8");
  const { version } = require("esbuild/package.json");
  const name = `${digest(path)}-${digest(version, JSON.stringify(options), String(loadHere), source)}.js`;
  compiled.set(path, name);
  module._compile(kept(name) ?? compile(path, source, name), path);
};

/** Refuses a clone without its packages in one sentence, where Node would name a file of somebody else's. */
function requirePackages() {
  try {
    require.resolve("esbuild/package.json");
  } catch {
    process.stderr.write("The packages of this project are not installed. Install them with: npm ci\n");
    process.exit(1);
  }
}

/**
 * Node's own `import()` knows neither TypeScript nor names without an ending: that of a file beside this one, or of this
 * package from elsewhere, is a `require`.
 */
const loadHere = (code) =>
  code.replaceAll(
    /\bimport\(("(?:\.{1,2}|chatpop-on-aws)\/[^"]+")\)/g,
    "Promise.resolve().then(() => require($1))",
  );

function compile(path, source, name) {
  const { code, map } = require("esbuild").transformSync(source, { ...options, sourcefile: path });
  const loadable = loadHere(code);
  keep(digest(path), { [`${name}.map`]: map, [name]: loadable });
  return loadable;
}

// Pulumi's own runner uses this library for every stack trace, and knows no maps but those beside the code.
const sourceMaps = require("source-map-support");
sourceMaps.install({
  environment: "node",
  overrideRetrieveSourceMap: true,
  retrieveSourceMap: (path) => {
    const map = compiled.has(path) && kept(`${compiled.get(path)}.map`);
    return map ? { url: path, map } : null;
  },
});
// Pulumi takes a stack trace of each resource, for the state, and of each promise, for those who look for a promise that is
// never kept. Frames of this project alone are looked up in a map, and each once: looking at all of them, as the library
// would, takes half a second at each preview.
const ofPromises = /[\\/]@pulumi[\\/]pulumi[\\/]runtime[\\/]debuggable\.js$/;
const looksForPromises = Boolean(process.env.PULUMI_DEBUG_PROMISE_LEAKS);
const shown = new Map();
function show(frame) {
  if (!compiled.has(frame.getFileName())) return frame;
  const here = String(frame);
  const text = shown.get(here) ?? String(sourceMaps.wrapCallSite(frame));
  shown.set(here, text);
  return text;
}
Error.prepareStackTrace = (error, frames) => {
  if (!looksForPromises && ofPromises.test(frames[0]?.getFileName() ?? "")) return String(error);
  return [error, ...frames.map(show)].join("\n    at ");
};
