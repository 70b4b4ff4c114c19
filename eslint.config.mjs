import js from "@eslint/js";
import importX from "eslint-plugin-import-x";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";
import { zones } from "./floors.mjs";

/** Declarations that other files see: everything exported, and its members that are not private. */
const exported = [
  "ExportNamedDeclaration[declaration.type=VariableDeclaration]",
  "ExportNamedDeclaration > :matches(FunctionDeclaration, ClassDeclaration)",
  "ExportNamedDeclaration > :matches(TSInterfaceDeclaration, TSTypeAliasDeclaration)",
  "ExportNamedDeclaration > TSInterfaceDeclaration > TSInterfaceBody > :matches(TSPropertySignature, TSMethodSignature)",
  "ExportNamedDeclaration > ClassDeclaration > ClassBody > :matches(PropertyDefinition, MethodDefinition[kind!=constructor])[accessibility!=private]",
];

export default tseslint.config(
  { ignores: ["node_modules/", ".engine/", ".offline/", "**/*.json"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // A module that loads slowly and is seldom needed is loaded at its place of use.
      "@typescript-eslint/no-require-imports": ["error", { allow: ["/imageBuild$", "^yaml$"] }],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      // One handwriting; what AWS calls ClusterName keeps its name.
      "@typescript-eslint/naming-convention": [
        "error",
        { selector: "variable", format: ["camelCase", "PascalCase"], leadingUnderscore: "allow" },
        { selector: "variable", modifiers: ["destructured"], format: null },
      ],
      // A Pulumi resource acts by being constructed; its variable is often not needed.
      "no-new": "off",
      // chai's assertions are expressions.
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
  {
    files: ["{aws,stacks,forecast,components,release,delivery,doctor,acceptance}/**/*.ts"],
    plugins: { jsdoc },
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        { require: { FunctionDeclaration: false }, contexts: exported, enableFixer: false },
      ],
      "jsdoc/no-restricted-syntax": [
        "error",
        {
          contexts: [
            {
              context: "TSPropertySignature[optional=true][parent.parent.id.name=/Args$/]",
              comment: "JsdocBlock:not([description=/@default /])",
              message: "An optional argument says what it is when it is left out: @default",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["**/*.ts"],
    ignores: ["tests/**", "**/tests/**"],
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [importX.createNodeResolver({ extensions: [".ts", ".js", ".cjs", ".json"] })],
    },
    rules: { "import-x/no-restricted-paths": ["error", { zones }] },
  },
  {
    files: ["policy/rules/*.ts"],
    rules: {
      // A program's value may be an object with the name of a function that every object has: `{"toString": 1}` ends both.
      "no-restricted-syntax": [
        "error",
        {
          selector:
            ":matches(CallExpression[callee.name=/^(String|Number)$/], CallExpression > Identifier.arguments[name=/^(String|Number)$/])",
          message: "A value of a program is read by asText or asNumber of policy/values.ts",
        },
      ],
    },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly" } },
  },
  {
    files: ["**/*.cjs", "**/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { require: "readonly", module: "writable", process: "readonly", __dirname: "readonly" },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
