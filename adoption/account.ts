// The account to read: AWS by its SDK, or a file.
import type { CloudControlClient } from "@aws-sdk/client-cloudcontrol";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "./commandLine";
import type { Account, Properties } from "./environment";

/** An account by the SDK, with the credentials and region of the shell. It only reads. */
export async function awsAccount(): Promise<Account> {
  // Loaded on demand: it takes a second, and an account in a file does not need it.
  const sdk = await import("@aws-sdk/client-cloudcontrol");
  const client: CloudControlClient = new sdk.CloudControlClient({});
  return {
    async get(TypeName, Identifier) {
      try {
        const { ResourceDescription } = await client.send(
          new sdk.GetResourceCommand({ TypeName, Identifier }),
        );
        return JSON.parse(ResourceDescription?.Properties ?? "{}") as Properties;
      } catch (error) {
        if (error instanceof sdk.ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    async list(TypeName) {
      const found: string[] = [];
      for await (const { ResourceDescriptions = [] } of sdk.paginateListResources({ client }, { TypeName })) {
        found.push(...ResourceDescriptions.map(({ Identifier = "" }) => Identifier));
      }
      return found;
    },
  };
}

/** What to do when AWS does not answer. */
export function unreadable(reason: string): string {
  const remedy = /region is missing/i.test(reason)
    ? "export AWS_REGION=<region of the old environment>"
    : /not authorized/i.test(reason)
      ? "the policy ReadOnlyAccess for that identity"
      : "aws configure sso, then export AWS_PROFILE=<profile>";
  return (
    `The account cannot be read: ${reason.trim().replace(/\.$/, "")}. Mend it with: ${remedy}. ` +
    "OFFLINE=yes reads the embedded AWS instead, and FROM=<file> a file (docs/operations/move.md)."
  );
}

const types = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));

/**
 * An account in a file: `{"AWS::RDS::DBInstance": {"chatpop-db": {…}}}`, each with the properties that `aws
 * cloudcontrol get-resource` prints.
 *
 * @throws UsageError for a file that is not there, or of another form.
 */
export function fileAccount(path: string): Account {
  const account = types.safeParse(readJson(path));
  if (!account.success) throw new UsageError(wrongFile(path, "is of another form"));
  return {
    get: (type, identifier) => Promise.resolve(account.data[type]?.[identifier]),
    list: (type) => Promise.resolve(Object.keys(account.data[type] ?? {})),
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(
      wrongFile(path, error instanceof SyntaxError ? `is no JSON (${error.message})` : "cannot be opened"),
    );
  }
}

const wrongFile = (path: string, fault: string) =>
  `FROM is ${path}, which ${fault}. Allowed: a JSON file of ` +
  `{"AWS::RDS::DBInstance": {"chatpop-db": {"StorageEncrypted": false, …}}, …} (docs/operations/move.md)`;
