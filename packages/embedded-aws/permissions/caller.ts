// The caller of an operation: its role, and whether the role's policies and boundary allow the operation.
import type { Properties, Resource } from "../account";
import { AwsError, type Context } from "../models/model";
import { allows } from "../models/permission";
import type { ConditionKeys } from "../models/conditions";
import { valuesAt } from "../provider/paths";
import { needsOf, questions, type Need, type Needs } from "./needs";

export const variable = "EMBEDDED_AWS_CALLER";

/** The role with a name, an ARN, or a beginning of the name (`chatpop-deploy-*`). */
export function roleNamed(name: string, roles: readonly Resource[]): Resource {
  const matches = ({ id, outputs }: Resource) =>
    outputs.arn === name || id === name || (name.endsWith("*") && id.startsWith(name.slice(0, -1)));
  const found = roles.filter(matches);
  if (found.length === 1 && found[0]) return found[0];
  const there = roles.map(({ id }) => id).join(", ") || "none";
  throw new Error(
    `${variable} is ${JSON.stringify(name)}, and ${found.length === 0 ? "no role" : "more than one role"} in the account is ` +
      `called so. Bring the role up as an administrator first (without ${variable}). Roles: ${there}`,
  );
}

/** An operation on a resource. */
export interface Asked {
  readonly type: string;
  readonly operation: "create" | "read" | "update" | "delete";
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly id: string;
}

/** Refuses an operation that the caller's role does not allow. Without a role an administrator calls. */
export function requireCaller(role: Resource | undefined, asked: Asked, context: Context): void {
  if (!role) return;
  const needs = needsOf(asked.type);
  if (!needs) {
    throw new Error(
      `The embedded AWS does not know what ${asked.type} demands of its caller: write it in packages/embedded-aws/permissions`,
    );
  }
  const { operation } = asked;
  const own = needs[operation] ?? [];
  const list = operation === "create" || operation === "update" ? [...own, ...(needs.read ?? [])] : own;
  for (const need of list) judge(role, need, asked, needs, context);
}

/** Refuses an invoke of the program that the caller's role does not allow. */
export function requireAsker(
  role: Resource | undefined,
  token: string,
  args: Properties,
  context: Context,
): void {
  if (!role) return;
  const asked: Asked = { type: token, operation: "read", inputs: args, outputs: {}, id: "" };
  for (const need of questions[token] ?? []) judge(role, need, asked, {}, context);
}

const grammar = /^(\S+)(?: (\*|=\S+|@\S+))?(?: -> (\S+))?(?: if (\S+))?$/;

/** A demand in its parts. */
export function parseNeed(need: Need) {
  const match = grammar.exec(need);
  if (!match) throw new Error(`${JSON.stringify(need)} is no demand such as "ec2:CreateVpc if tagsAll"`);
  const [, action = "", where, service, condition] = match;
  return { action, where, service, condition };
}

/** Conditions of a demand that are not the name of an input. */
const conditions: Readonly<Record<string, (inputs: Properties) => boolean>> = {
  /** KMS demands that its caller can change the policy later. */
  lockout: ({ policy, bypassPolicyLockoutSafetyCheck }) =>
    policy !== undefined && bypassPolicyLockoutSafetyCheck !== true,
  toBucket: ({ logDestinationType }) => logDestinationType === "s3",
  crud: ({ lifecycleScope }) => lifecycleScope === "CRUD",
};

function judge(role: Resource, need: Need, asked: Asked, needs: Needs, context: Context): void {
  const { action, where, service, condition } = parseNeed(need);
  if (condition !== undefined) {
    const holds = conditions[condition]?.(asked.inputs) ?? given(asked.inputs[condition]);
    if (!holds) return;
  }
  const keys: ConditionKeys = {
    "aws:RequestedRegion": context.region,
    ...(service === undefined ? {} : { "iam:PassedToService": service }),
    ...keysOf(asked, context),
  };
  for (const resource of resourcesOf(where, asked, needs, context)) {
    if (allows(role, action, resource, context, keys)) continue;
    if (condition === "lockout") {
      throw new AwsError(
        "MalformedPolicyDocumentException",
        `The new key policy will not allow you to update the key policy in the future: ${role.id} may not ${action}`,
      );
    }
    throw new AwsError(
      "AccessDenied",
      `User: arn:aws:sts::${context.accountId}:assumed-role/${role.id}/offline is not authorized to perform: ${action} ` +
        `on resource: ${resource} because no identity-based policy allows the ${action} action`,
    );
  }
}

const given = (value: unknown) =>
  value !== undefined &&
  value !== false &&
  !(typeof value === "object" && value !== null && Object.keys(value).length === 0);

function resourcesOf(where: string | undefined, asked: Asked, needs: Needs, context: Context): string[] {
  if (where === "*") return ["*"];
  if (where?.startsWith("@")) {
    return valuesAt(asked.inputs, where.slice(1)).map(({ value }) => arnIn(String(value), context));
  }
  if (where?.startsWith("=")) return [filledIn(where.slice(1), asked, context)];
  const own = needs.arn === undefined ? undefined : filledIn(needs.arn, asked, context);
  return [arnIn(own ?? String(asked.outputs.arn ?? asked.id), context)];
}

/** `role:<name>` is the role's ARN, with its path. */
function arnIn(text: string, { account, accountId }: Context): string {
  if (!text.startsWith("role:")) return text;
  const name = text.slice("role:".length);
  return String(
    account.find("aws:iam/role:Role", "name", name)?.outputs.arn ?? `arn:aws:iam::${accountId}:role/${name}`,
  );
}

function filledIn(pattern: string, { inputs, id }: Asked, { region, accountId }: Context): string {
  const known: Properties = { ...inputs, region, account: accountId, id };
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => String(known[name] ?? "*"));
}

/** Condition keys of the call. */
function keysOf({ type, inputs }: Asked, { account }: Context): ConditionKeys {
  if (type === "aws:route53/record:Record")
    return { "route53:ChangeResourceRecordSetsRecordTypes": String(inputs.type) };
  if (!type.startsWith("aws:iam/role")) return {};
  // Calls on a role carry its boundary.
  const role = account.find("aws:iam/role:Role", "name", inputs.role)?.inputs ?? inputs;
  const { permissionsBoundary } = role;
  return typeof permissionsBoundary === "string" ? { "iam:PermissionsBoundary": permissionsBoundary } : {};
}
