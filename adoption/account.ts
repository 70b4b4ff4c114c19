// The account to read: AWS by its SDK, or a file.
import type { CloudControlClient } from "@aws-sdk/client-cloudcontrol";
import { readFileSync } from "node:fs";
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

/**
 * An account in a file: `{"AWS::RDS::DBInstance": {"chatpop-db": {…}}}`, each in the form of `aws cloudcontrol
 * get-resource`.
 */
export function fileAccount(path: string): Account {
  const types = JSON.parse(readFileSync(path, "utf8")) as Record<string, Record<string, Properties>>;
  return {
    get: (type, identifier) => Promise.resolve(types[type]?.[identifier]),
    list: (type) => Promise.resolve(Object.keys(types[type] ?? {})),
  };
}
