import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** A stack's file, as far as the checks need it. */
export interface StackFile {
  /** Settings of the program, as text. */
  readonly settings: Readonly<Record<string, string>>;
  /** Keys of encrypted settings, whose values are not decrypted here. */
  readonly secretKeys: ReadonlySet<string>;
  /** `aws:region`, if the file has it. */
  readonly region?: string;
  /** Secrets provider, if the file names one. */
  readonly secretsProvider?: string;
}

/** Reads `Pulumi.<stack>.yaml` in a folder; undefined where there is none. */
export function readStackFile(stack: string, folder: string): StackFile | undefined {
  const path = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(path)) return undefined;
  const file = (parse(readFileSync(path, "utf8")) ?? {}) as {
    config?: Record<string, unknown>;
    secretsprovider?: string;
  };
  const config = file.config ?? {};
  const own = Object.entries(config).flatMap(([key, value]) =>
    key.startsWith("chatpop:") ? [[key.slice("chatpop:".length), value] as const] : [],
  );
  const isSecret = (value: unknown) => typeof value === "object" && value !== null && "secure" in value;
  const region = config["aws:region"];
  return {
    settings: Object.fromEntries(
      own
        .filter(([, value]) => !isSecret(value))
        .map(([key, value]) => [key, typeof value === "object" ? JSON.stringify(value) : String(value)]),
    ),
    secretKeys: new Set(own.filter(([, value]) => isSecret(value)).map(([key]) => key)),
    ...(typeof region === "string" && { region }),
    ...(file.secretsprovider && { secretsProvider: file.secretsprovider }),
  };
}
