// Permissions of a role: the principals that may assume it, and the actions that its policies allow. Without the keys
// of a call, conditions count as satisfied; NotAction and NotResource never match.
import type { Resource } from "../account";
import { conditionsHold, matches, type ConditionKeys } from "./conditions";
import type { Context } from "./model";

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | string[];
  readonly Resource?: string | string[];
  readonly Principal?: "*" | Record<string, string | string[]>;
  readonly Condition?: unknown;
}

/** AWS's own policies that are common for tasks and functions, by the last part of their ARN. */
const managed: Readonly<Record<string, readonly string[]>> = {
  AmazonECSTaskExecutionRolePolicy: [
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
  ],
  AWSLambdaBasicExecutionRole: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
  AWSLambdaVPCAccessExecutionRole: [
    ...["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    ...["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"],
  ],
  SecretsManagerReadWrite: ["secretsmanager:*"],
  AdministratorAccess: ["*"],
};

/** The role with that ARN. */
export function roleByArn(arn: unknown, context: Context): Resource | undefined {
  return context.account.find("aws:iam/role:Role", "arn", arn);
}

/** Whether the service (`ecs-tasks.amazonaws.com`) may assume the role. */
export function trusts(role: Resource, service: string): boolean {
  return statements(role.inputs.assumeRolePolicy).some((statement) => {
    const principal = statement.Principal;
    const services = typeof principal === "object" ? list(principal.Service) : [];
    return statement.Effect === "Allow" && services.includes(service);
  });
}

/**
 * Whether the role's policies and its boundary allow the action on the resource. `keys` are the condition keys of the
 * call.
 */
export function allows(
  role: Resource,
  action: string,
  resource: string,
  context: Context,
  keys?: ConditionKeys,
): boolean {
  const allowedBy = (policies: readonly Statement[]): boolean => {
    const matching = policies.filter(
      (statement) =>
        list(statement.Action).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
        list(statement.Resource).some((pattern) => matches(pattern, resource)) &&
        (keys === undefined || conditionsHold(statement.Condition, keys)),
    );
    return (
      matching.some((statement) => statement.Effect === "Allow") &&
      !matching.some((statement) => statement.Effect === "Deny")
    );
  };
  const boundary = role.inputs.permissionsBoundary;
  return (
    allowedBy(policiesOf(role, context)) &&
    (boundary === undefined || allowedBy(attachedPolicy(boundary, context)))
  );
}

/** A call for the decision of a resource's own policy. */
interface Call {
  readonly principal: Readonly<Record<string, string>>;
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the call. */
  readonly keys: ConditionKeys;
}

/** Whether a resource's own policy lets a principal do something. */
export function permits(policy: unknown, { principal, action, resource, keys }: Call): boolean {
  const [[kind = "", name = ""] = []] = Object.entries(principal);
  const matching = statements(policy).filter(({ Principal: given, ...statement }) => {
    const named = typeof given === "object" ? list(given[kind]) : list(given);
    return (
      (named.includes(name) || named.includes("*")) &&
      list(statement.Action).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      list(statement.Resource).some((pattern) => matches(pattern, resource)) &&
      conditionsHold(statement.Condition, keys)
    );
  });
  return (
    matching.some(({ Effect }) => Effect === "Allow") && !matching.some(({ Effect }) => Effect === "Deny")
  );
}

function policiesOf(role: Resource, context: Context): Statement[] {
  const { account } = context;
  const name = role.outputs.name ?? role.inputs.name;
  const ofRole = (type: string) =>
    account.list(type).filter(({ inputs }) => inputs.role === name || inputs.role === role.id);
  const inline = [
    ...((role.inputs.inlinePolicies ?? []) as { policy?: unknown }[]).map(({ policy }) => policy),
    ...ofRole("aws:iam/rolePolicy:RolePolicy").map(({ inputs }) => inputs.policy),
  ];
  const attached = [
    ...((role.inputs.managedPolicyArns ?? []) as unknown[]),
    ...ofRole("aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ inputs }) => inputs.policyArn),
  ];
  return [...inline.flatMap(statements), ...attached.flatMap((arn) => attachedPolicy(arn, context))];
}

function attachedPolicy(arn: unknown, { account }: Context): Statement[] {
  const policy = account.find("aws:iam/policy:Policy", "arn", arn);
  if (policy) return statements(policy.inputs.policy);
  const actions = managed[String(arn).split("/").pop() ?? ""];
  return actions ? [{ Effect: "Allow", Action: [...actions], Resource: "*" }] : [];
}

function statements(policy: unknown): Statement[] {
  try {
    const document = typeof policy === "string" ? JSON.parse(policy) : policy;
    return list((document as { Statement?: Statement | Statement[] } | undefined)?.Statement);
  } catch {
    // Text that is no JSON: the role's own model refuses it.
    return [];
  }
}

function list<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
