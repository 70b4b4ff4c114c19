// Pulumi type-checks a policy pack whose entry point is TypeScript, which costs more than the rest of a preview. A checkout
// loads its sources as they are; the published package has them in one file.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

if (existsSync(join(__dirname, "index.ts"))) {
  require("../typescript.cjs");
  require("./index.ts");
} else {
  require("./bundle.js");
}
