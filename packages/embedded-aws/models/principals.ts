// Principals of a policy: roles and users of this account must exist when the policy is written.
import { AwsError, type Context } from "./model";

interface Statement {
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
}

/** Refuses a policy with a missing role or user of this account. */
export function requirePrincipals(text: unknown, { account, accountId }: Context, code: string): void {
  const { Statement: given = [] } = JSON.parse(String(text)) as { Statement?: Statement | Statement[] };
  for (const { Principal: principal } of [given].flat()) {
    const named = typeof principal === "object" ? [principal["AWS"] ?? []].flat() : [];
    for (const each of named) {
      const [, kind, name] =
        new RegExp(`^arn:aws[a-z-]*:iam::${accountId}:(role|user)/(?:.+/)?([^/]+)$`).exec(each) ?? [];
      if (kind === undefined || name === undefined) continue;
      const type = kind === "role" ? "aws:iam/role:Role" : "aws:iam/user:User";
      if (!account.find(type, "arn", each))
        throw new AwsError(code, `Invalid principal in policy: "AWS":"${each}"`);
    }
  }
}
