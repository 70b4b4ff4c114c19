// Invokes a function, with its network, the API for its calls, its log and its answer.
import { randomUUID } from "node:crypto";
import type { Resource } from "../account";
import { startApi } from "../api/server";
import { logWriter } from "../api/logStreams";
import { masked, secretsIn } from "../api/secrets";
import type { Context } from "../models/model";
import { allows, roleByArn } from "../models/permission";
import { type OpenRoutes, openRoutes } from "../postgres/routes";
import { withCertificates } from "./certificates";
import { execute } from "./execution";
import { openLoadBalancers } from "./loadBalancers";
import type { Answer, FunctionError, Invocation } from "./messages";
import { folderOf } from "./package";

/** Invokes the function with a JSON document. Secrets of the document appear neither in the log nor in errors. */
export async function invoke(fn: Resource, payload: string, context: Context): Promise<Answer> {
  const secrets = [...secretsIn(payload), ...secretsIn(variablesOf(fn))];
  const open = await openRoutes(placeOf(fn), context);
  // No load balancers inside a VPC: the way to the internet is not modelled, and no function here needs it.
  const balancers = placeOf(fn) ? undefined : await openLoadBalancers(context);
  try {
    const routes = [...open.routes, ...(balancers?.routes ?? [])];
    const answer = await runWithApi(fn, payload, { ...open, routes }, secrets, context);
    return "error" in answer ? { error: withoutSecrets(answer.error, secrets) } : answer;
  } finally {
    await Promise.all([open.close(), balancers?.close()]);
  }
}

async function runWithApi(
  fn: Resource,
  payload: string,
  { routes, certificates }: Pick<OpenRoutes, "routes" | "certificates">,
  secrets: readonly string[],
  context: Context,
): Promise<Answer> {
  const role = roleByArn(fn.inputs.role, context);
  if (!role) throw new Error(`The role ${String(fn.inputs.role)} of ${fn.id} is gone`);
  const api = await startApi({ role, session: fn.id, context });
  const [requestId, timeout] = [randomUUID(), Number(fn.outputs.timeout)];
  const log = logOf(fn);
  const say = maySay(role, log.group, context)
    ? logWriter(context, log.group, log.stream, secrets)
    : () => undefined;
  const invocation: Invocation = {
    folder: folderOf(fn, context),
    handler: String(fn.inputs.handler),
    ...{ payload, requestId, routes },
    functionName: fn.id,
    functionArn: String(fn.outputs.arn),
    memorySize: Number(fn.outputs.memorySize),
    logGroup: log.group,
    logStream: log.stream,
    deadline: Date.now() + timeout * 1000,
  };
  try {
    say(`START RequestId: ${requestId} Version: $LATEST`);
    const file = `${invocation.folder}-${requestId}.pem`;
    const answer = await withCertificates(variablesOf(fn), file, certificates, (variables) => {
      const environment = { ...variables, ...runtimeVariables(fn, invocation, api.url, context) };
      return execute(invocation, {
        timeout,
        environment,
        say,
        pass: (seconds) => context.clock.pass(seconds),
      });
    });
    if ("error" in answer) say(`ERROR ${answer.error.errorType}: ${answer.error.errorMessage}`);
    say(`END RequestId: ${requestId}`);
    return answer;
  } finally {
    await api.close();
  }
}

function withoutSecrets(
  { errorType, errorMessage }: FunctionError,
  secrets: readonly string[],
): FunctionError {
  return { errorType, errorMessage: masked(errorMessage, secrets) };
}

/** The function's place in the network; undefined without a VPC. */
function placeOf(fn: Resource) {
  const vpc = fn.inputs.vpcConfig as { subnetIds?: string[]; securityGroupIds?: string[] } | undefined;
  const { subnetIds = [], securityGroupIds = [] } = vpc ?? {};
  return subnetIds.length === 0 ? undefined : { subnets: subnetIds, securityGroups: securityGroupIds };
}

function logOf(fn: Resource) {
  const { logGroup } = (fn.inputs.loggingConfig ?? {}) as { logGroup?: string };
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return {
    group: logGroup ?? `/aws/lambda/${fn.id}`,
    stream: `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`,
  };
}

/** Lambda writes the log with the function's role, and drops it when the role may not. */
function maySay(role: Resource, group: string, context: Context): boolean {
  const stream = `arn:aws:logs:${context.region}:${context.accountId}:log-group:${group}:log-stream:x`;
  const exists = context.account.get("aws:cloudwatch/logGroup:LogGroup", group) !== undefined;
  return exists && allows(role, "logs:PutLogEvents", stream, context);
}

function variablesOf(fn: Resource): Record<string, string> {
  return (fn.inputs.environment as { variables?: Record<string, string> } | undefined)?.variables ?? {};
}

function runtimeVariables(fn: Resource, invocation: Invocation, url: string, { region }: Context) {
  return {
    PATH: process.env.PATH ?? "",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${String(fn.inputs.runtime)}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.id,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(invocation.memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: invocation.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: invocation.logStream,
    LAMBDA_TASK_ROOT: invocation.folder,
    // The API on this machine knows the caller without them; the user's own login stays unread.
    AWS_ACCESS_KEY_ID: "ASIAEMBEDDEDAWS00000",
    AWS_SECRET_ACCESS_KEY: "embedded",
    AWS_SESSION_TOKEN: "embedded",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    // This machine's Node may be older than the function's runtime.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    AWS_ENDPOINT_URL: url,
  };
}
