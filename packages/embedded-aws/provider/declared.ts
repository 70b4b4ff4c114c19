// Arguments of a type, nested ones too, as Pulumi's SDK declares them: they tell AWS's arguments from limits of the embedded AWS.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Whether the SDK knows `key` in the object at `path` of a type's arguments; false where there is no SDK. */
export function declares(type: string, path: readonly PropertyKey[], key: string): boolean {
  const [, pkg = "", module = "", file = ""] = /^(\w+):([\w-]+)\/(\w+):/.exec(type) ?? [];
  try {
    const folder = dirname(require.resolve(`@pulumi/${pkg}/package.json`));
    const own = readFileSync(join(folder, module === "index" ? "" : module, `${file}.d.ts`), "utf8");
    let body = /export interface \w+Args [\s\S]*?\n}/.exec(own)?.[0] ?? "";
    for (const step of path) {
      if (typeof step !== "string") continue;
      const name = /\binputs\.([\w.]+)/.exec(declaration(body, step) ?? "")?.[1];
      if (name === undefined) return false;
      body = interfaceOf(name, join(folder, "types", "input.d.ts"));
    }
    return declaration(body, key) !== undefined;
  } catch {
    return false;
  }
}

/** The line that declares a property of an interface. */
const declaration = (body: string, name: string) => new RegExp(`^ +${name}\\??: .*$`, "m").exec(body)?.[0];

/** The text of an interface in a namespace: `cloudwatch.LogMetricFilterMetricTransformation`. */
function interfaceOf(name: string, file: string): string {
  const [interfaceName = "", ...spaces] = name.split(".").reverse();
  const text = readFileSync(file, "utf8");
  const space = text.indexOf(`declare namespace ${spaces.reverse().join(".")} {`);
  const start = text.indexOf(`interface ${interfaceName} {`, space);
  return space < 0 || start < 0 ? "" : text.slice(start, text.indexOf("\n    }", start));
}
