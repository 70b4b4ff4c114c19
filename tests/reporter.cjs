// Shows the tests on the terminal as mocha does, and leaves the result in a file for whoever counts.
const { join } = require("node:path");
const { reporters } = require("mocha");

/** Where the result is left, in the format of mocha's json reporter. */
const resultFile = join(__dirname, "..", ".offline", "test-result.json");

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    new reporters.JSON(runner, { ...options, reporterOption: { output: resultFile } });
  }
};
