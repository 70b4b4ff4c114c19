// Keeps the code that V8 makes of modules, because making it anew takes a tenth of each preview. Node 22 can do so itself
// (module.enableCompileCache).
const { Buffer } = require("node:buffer");
const Module = require("node:module");
const { dirname, join } = require("node:path");
const { setTimeout } = require("node:timers");
const { Script } = require("node:vm");
const { digest, folder, keep, kept } = require("./cache.cjs");

/** By then a process has loaded its modules. Plugins are ended by a signal, which leaves no time to keep anything. */
const startsWithinMs = 2_000;

if (Module.enableCompileCache) Module.enableCompileCache(join(folder, "v8"));
else keepCompiledCode(`v8-${digest(process.argv[1] ?? "")}`);

/** @param name Under which the code is kept: the same for all processes of a script. */
function keepCompiledCode(name) {
  /** V8's compiled code of files, by the file's name. */
  let before = unpack(kept(name, null));
  const made = new Map();

  const compile = Module.prototype._compile;
  const compileOnce = function (source, filename, ...rest) {
    const run = functionOf(source, filename);
    if (!run) return compile.call(this, source, filename, ...rest);
    return run.call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename));
  };
  /** A module as a function of `exports`, `require` and so on; undefined for what only Node itself can load. */
  function functionOf(source, filename) {
    if (source.startsWith("#!") || source.includes("import(")) return undefined;
    const hash = digest(source);
    const found = before.get(filename);
    const cachedData = found?.hash === hash ? found.code : undefined;
    try {
      const script = new Script(Module.wrap(source), {
        filename,
        // The wrapper stands before the first line.
        columnOffset: -Module.wrapper[0].length,
        cachedData,
      });
      // V8 refuses the code of another version of itself.
      if (!cachedData || script.cachedDataRejected) made.set(filename, { hash, script });
      return script.runInThisContext();
    } catch {
      return undefined;
    }
  }
  Module.prototype._compile = compileOnce;

  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    if (Module.prototype._compile === compileOnce) Module.prototype._compile = compile;
    for (const [file, { hash, script }] of made) before.set(file, { hash, code: script.createCachedData() });
    if (made.size > 0) keep(name, { [name]: pack(before) });
    made.clear();
    before = new Map();
  };
  setTimeout(end, startsWithinMs).unref();
  process.once("exit", end);
}

/** One buffer of many: what stands where as JSON, whose length comes first, then one after the other. */
function pack(files) {
  let at = 0;
  const index = [...files].map(([file, { hash, code }]) => [file, hash, at, (at += code.length)]);
  const json = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, ...[...files.values()].map(({ code }) => code)]);
}

function unpack(packed) {
  try {
    const begin = 4 + packed.readUInt32LE();
    const index = JSON.parse(packed.subarray(4, begin));
    return new Map(
      index.map(([file, hash, from, to]) => [
        file,
        { hash, code: packed.subarray(begin + from, begin + to) },
      ]),
    );
  } catch {
    return new Map();
  }
}

/** `require` as a module of Node has it. */
function requireOf(module) {
  const require = (id) => module.require(id);
  const resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  const { _extensions: extensions, _cache: cache } = Module;
  return Object.assign(require, { resolve, main: process.mainModule, extensions, cache });
}
