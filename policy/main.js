// Pulumi type-checks a policy pack whose entry point is TypeScript, which costs more than the rest of a preview.
require("../typescript.cjs");
require("./index.ts");
