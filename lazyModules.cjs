const Module = require("node:module");
const load = Module._load;

// Packs are run by a script of Pulumi's.
if (/[\\/]@pulumi[\\/]/.test(process.argv[1] ?? "")) require("./compileCache.cjs");

// Pulumi loads the TypeScript compiler in every process, and npm's resolver, its own Automation API and a reader of
// package.json in most, for things that this project never asks for: functions that become Lambda functions, policy packs
// written in TypeScript without a loader of their own, stacks within a program. zod loads its messages in all languages. Here
// they get them when they first use something of theirs. Every other program gets what it asks for, npm above all, which
// inherits NODE_OPTIONS in whatever the engine starts.
const ofPulumi = (parent) => /[\\/]@pulumi[\\/]/.test(parent?.filename ?? "");
const seldomUsed = new Set(["typescript", "@npmcli/arborist", "normalize-package-data"]);
const seldomUsedParts = new Map([
  ["./automation", /[\\/]@pulumi[\\/]pulumi[\\/]index\.js$/],
  ["../locales/index.cjs", /[\\/]zod[\\/]v4[\\/]/],
]);

function lazy(request, rest) {
  const property = (_, name) => {
    if (name === "__esModule") return true;
    // Asked for at every start, to be compared or logged.
    if (name === "version") return load(`${request}/package.json`, ...rest).version;
    const loaded = load(request, ...rest);
    // As a compiled `import` does where a module is no compiled one.
    return name === "default" && !loaded.__esModule ? loaded : loaded[name];
  };
  return new Proxy({}, { get: property });
}

// ts-node sets up the compiler as soon as it is told to take over TypeScript files. It takes over at the first such file,
// unless typescript.cjs has done so before.
function lazyLoader(request, rest) {
  const register = (options) => {
    const waiting = (module, path) => {
      delete require.extensions[".ts"];
      load(request, ...rest).register(options);
      require.extensions[".ts"](module, path);
    };
    require.extensions[".ts"] = waiting;
  };
  return { register };
}

Module._load = (request, ...rest) => {
  if (seldomUsedParts.get(request)?.test(rest[0]?.filename ?? "")) return lazy(request, rest);
  if (!ofPulumi(rest[0])) return load(request, ...rest);
  if (seldomUsed.has(request)) return lazy(request, rest);
  if (/ts-node@[\d.]+$/.test(request)) return lazyLoader(request, rest);
  return load(request, ...rest);
};
