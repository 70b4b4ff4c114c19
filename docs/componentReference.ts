import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as ts from "typescript";

const folder = join(__dirname, "..", "components");
const sources = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .sort()
  .map((file) =>
    ts.createSourceFile(file, readFileSync(join(folder, file), "utf8"), ts.ScriptTarget.Latest, true),
  );

/** The interfaces of all components: arguments of one may extend those of another. */
const interfaces = new Map(
  sources.flatMap(({ statements }) =>
    statements.filter(ts.isInterfaceDeclaration).map((each) => [each.name.text, each] as const),
  ),
);

/** The comment above a declaration, in one line. */
function described(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return (ts.getTextOfJSDocComment(comment?.comment) ?? "").replaceAll(/\s+/g, " ").trim();
}

const typeOf = (node: { readonly type?: ts.TypeNode }): string =>
  (node.type?.getText() ?? "").replaceAll(/\s+/g, " ");

/** Meaning, unit and default of a member, without the tag before the default. */
const meaning = (node: ts.Node): string => {
  const defaults = ts
    .getJSDocTags(node)
    .filter(({ tagName }) => tagName.text === "default")
    .map((tag) => ` Default: ${ts.getTextOfJSDocComment(tag.comment) ?? ""}.`);
  return described(node) + defaults.join("");
};

const row = (name: string, optional: boolean, type: string, text: string): string =>
  `| \`${name}${optional ? "?" : ""}\` | \`${type.replaceAll("|", "\\|")}\` | ${text.replaceAll("|", "\\|")} |`;

function membersOf(name: string): readonly string[] {
  const found = interfaces.get(name);
  if (!found) return [];
  const inherited = (found.heritageClauses ?? [])
    .flatMap(({ types }) => types)
    .flatMap(({ expression }) => membersOf(expression.getText()));
  const own = found.members
    .filter(ts.isPropertySignature)
    .map((member) =>
      row(member.name.getText(), member.questionToken !== undefined, typeOf(member), meaning(member)),
    );
  return [...inherited, ...own];
}

const hidden = (node: ts.HasModifiers): boolean =>
  (ts.getModifiers(node) ?? []).some(
    ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
  );

const table = (title: string, rows: readonly string[]): readonly string[] =>
  rows.length === 0 ? [] : ["", `| ${title} | type | meaning |`, "| --- | --- | --- |", ...rows];

function classText(file: string, component: ts.ClassDeclaration): string {
  const name = component.name!.text;
  const parameters = component.members.find(ts.isConstructorDeclaration)?.parameters ?? [];
  const signature = parameters.map(
    (each) => `${each.name.getText()}${each.questionToken ? "?" : ""}: ${typeOf(each)}`,
  );
  const outputs = component.members
    .filter((member) => ts.isPropertyDeclaration(member))
    .filter((member) => !hidden(member))
    .map((member) =>
      row(member.name.getText(), member.questionToken !== undefined, typeOf(member), meaning(member)),
    );
  const methods = component.members
    .filter((member) => ts.isMethodDeclaration(member))
    .filter((member) => !hidden(member))
    .map((member) => {
      const given = member.parameters
        .map((each) => each.getText())
        .join(", ")
        .replaceAll(/\s+/g, " ");
      return row(`${member.name.getText()}(${given})`, false, typeOf(member), meaning(member));
    });
  return [
    `### ${name}`,
    "",
    "```ts",
    `import { ${name} } from "chatpop-on-aws/components/${basename(file, ".ts")}";`,
    `new ${name}(${signature.join(", ")});`,
    "```",
    "",
    described(component),
    ...table(
      "argument",
      parameters.flatMap((each) => membersOf(typeOf(each))),
    ),
    ...table("output", outputs),
    ...table("method", methods),
  ].join("\n");
}

/** Every component with its arguments, outputs and methods, as its source says. */
export function componentsText(): string {
  return sources
    .flatMap(({ fileName, statements }) =>
      statements
        .filter(ts.isClassDeclaration)
        .filter(({ heritageClauses = [] }) =>
          heritageClauses.some(({ types }) => types[0]!.getText() === "pulumi.ComponentResource"),
        )
        .map((component) => classText(fileName, component)),
    )
    .join("\n\n");
}
