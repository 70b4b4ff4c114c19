// The start of a task: every resource in its definition must exist, and its roles must be able to use it.
import type { Resource } from "../account";
import { readContainers, type Container } from "./containerDefinitions";
import { hasEndpoints, wayOutFault } from "./internet";
import { AwsError, type Context } from "./model";
import { allows, roleByArn } from "./permission";
import { currentValue } from "./secretsManager";

const secretType = "aws:secretsmanager/secret:Secret";

/** Refuses a task that would stop before its containers run, with ECS's reason. */
export function requireStart(taskDefinition: Resource, context: Context, network?: TaskNetwork): void {
  const role = roleByArn(taskDefinition.inputs.executionRoleArn, context);
  for (const container of readContainers(taskDefinition.inputs.containerDefinitions)) {
    for (const { name, valueFrom } of container.secrets ?? [])
      requireSecret(container.name, name, valueFrom, role, context);
    requireLogGroup(container, role, context);
    requireImage(container, role, context);
    if (network) requireWayOut(container, network, context);
  }
}

/** Place of a task in the network. */
export interface TaskNetwork {
  readonly subnets: readonly string[];
  readonly assignPublicIp?: boolean | undefined;
}

/** Endpoints for ECR in a subnet without a way to the internet. */
const ownRegistry = ["ecr.api", "ecr.dkr", "s3"];

/** Checks each subnet, because ECS may place the task in any of them. */
function requireWayOut(
  { name, image }: Container,
  { subnets, assignPublicIp = false }: TaskNetwork,
  context: Context,
): void {
  const own = /^\d{12}\.dkr\.ecr\./.test(image);
  for (const subnet of subnets) {
    const fault = wayOutFault(subnet, assignPublicIp, context);
    if (fault === undefined || (own && hasEndpoints(subnet, ownRegistry, context))) continue;
    throw new AwsError(
      "CannotPullContainerError",
      `container ${name} cannot pull ${image}: dial tcp: i/o timeout: ${fault}`,
    );
  }
}

function requireSecret(
  container: string,
  name: string,
  valueFrom: string,
  role: Resource | undefined,
  context: Context,
): void {
  const fail = (reason: string): never => {
    throw new AwsError(
      "ResourceInitializationError",
      `unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret ${name} of container ${container}: ${reason}`,
    );
  };
  if (valueFrom.startsWith("arn:aws:ssm:") || !valueFrom.startsWith("arn:")) {
    return fail(`${valueFrom} is no secret's ARN; give the ARN of a Secrets Manager secret`);
  }
  const [secretArn = "", key] = split(valueFrom);
  const secret = context.account.find(secretType, "arn", secretArn);
  if (!secret) {
    const byName = context.account.list(secretType).find(({ id }) => id.slice(0, -7) === secretArn);
    return fail(
      `ResourceNotFoundException: Secrets Manager can't find the specified secret ${secretArn}` +
        (byName ? `; the full ARN ends in six more characters: ${byName.id}` : ""),
    );
  }
  if (role && !allows(role, "secretsmanager:GetSecretValue", secretArn, context)) {
    fail(
      `AccessDeniedException: ${String(role.outputs.arn)} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${secretArn}`,
    );
  }
  const value = currentValue(secretArn, context);
  if (value === undefined) {
    return fail(
      `ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT (${secretArn}); make the service depend on the secret's version`,
    );
  }
  if (key && !keysOf(value).includes(key))
    fail(`retrieved secret from Secrets Manager did not contain json key ${key}`);
}

/** `<arn>:<key>:<stage>:<version>` → ARN and key. A secret's ARN has seven parts. */
function split(valueFrom: string): [string, string | undefined] {
  const parts = valueFrom.split(":");
  return [parts.slice(0, 7).join(":"), parts[7] || undefined];
}

function keysOf(value: string): string[] {
  try {
    const parsed = JSON.parse(value) as unknown;
    return typeof parsed === "object" && parsed !== null ? Object.keys(parsed) : [];
  } catch {
    return [];
  }
}

function requireLogGroup(
  { name, logConfiguration }: Container,
  role: Resource | undefined,
  context: Context,
): void {
  if (logConfiguration?.logDriver !== "awslogs") return;
  const options = logConfiguration.options ?? {};
  const group = options["awslogs-group"] ?? "";
  const fail = (reason: string) => {
    throw new AwsError(
      "ResourceInitializationError",
      `failed to validate logger args of container ${name}: ${reason}`,
    );
  };
  const logGroup = context.account.get("aws:cloudwatch/logGroup:LogGroup", group);
  const create = options["awslogs-create-group"] === "true";
  if (!logGroup && !create)
    fail(`The specified log group does not exist: ${group}; create it, or set awslogs-create-group`);
  if (!role) return;
  const arn = `arn:aws:logs:${context.region}:${context.accountId}:log-group:${group}`;
  const needed = ["logs:CreateLogStream", "logs:PutLogEvents", ...(logGroup ? [] : ["logs:CreateLogGroup"])];
  const denied = needed.find(
    (action) => ![`${arn}:log-stream:x`, `${arn}:*`, arn].some((each) => allows(role, action, each, context)),
  );
  if (denied)
    fail(
      `AccessDeniedException: ${String(role.outputs.arn)} is not authorized to perform: ${denied} on resource: ${arn}`,
    );
}

/** Refuses an image of the account's own registry without its repository; tags are not checked. */
function requireImage({ name, image }: Container, role: Resource | undefined, context: Context): void {
  const [, account, region, repository = ""] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)/.exec(image) ?? [];
  if (account !== context.accountId || region !== context.region) return;
  const fail = (reason: string) => {
    throw new AwsError("CannotPullContainerError", `container ${name} cannot pull ${image}: ${reason}`);
  };
  if (!context.account.get("aws:ecr/repository:Repository", repository)) fail("repository does not exist");
  const arn = `arn:aws:ecr:${region}:${account}:repository/${repository}`;
  const needed = [
    ["ecr:GetAuthorizationToken", "*"],
    ["ecr:BatchGetImage", arn],
    ["ecr:GetDownloadUrlForLayer", arn],
  ] as const;
  const denied = needed.find(([action, resource]) => role && !allows(role, action, resource, context));
  if (denied)
    fail(`${String(role?.outputs.arn)} is not authorized to perform: ${denied[0]} on resource: ${denied[1]}`);
}
