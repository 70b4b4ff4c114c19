const Module = require("node:module");

// Pulumi loads these in every process, for half a second, to turn JavaScript functions into Lambda functions, which
// this project never asks for. Here they are loaded when something of theirs is first used.
const seldomUsed = new Set(["typescript", "@npmcli/arborist"]);
const load = Module._load;
Module._load = (request, ...rest) => {
  if (!seldomUsed.has(request)) return load(request, ...rest);
  const property = (_, name) => (name === "__esModule" ? true : load(request, ...rest)[name]);
  return new Proxy({}, { get: property });
};
