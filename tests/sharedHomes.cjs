// A folder for each run of the tests, in which a stack of default settings is kept once it is up: bringing one up anew for
// each file would take most of the run. mocha's own process makes and removes it; those that run the files inherit its name.
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

exports.mochaGlobalSetup = () => {
  process.env.CHATPOP_TEST_HOMES = mkdtempSync(join(tmpdir(), "chatpop-homes-"));
};

exports.mochaGlobalTeardown = () => {
  rmSync(process.env.CHATPOP_TEST_HOMES, { recursive: true, force: true });
};
