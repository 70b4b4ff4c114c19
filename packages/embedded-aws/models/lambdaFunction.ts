// Lambda functions. Their code really runs (packages/embedded-aws/lambda).
import { z } from "zod";
import { describePackage, isArchive, removePackage, sameArchive, unpack } from "../lambda/package";
import { AwsError, type Context, type Model, type Properties } from "./model";
import { allows, roleByArn, trusts } from "./permission";
import { foreignGroups, toSecurityGroups, toSubnets, vpcsOf } from "./placement";
import { refusal } from "./refusal";
import { arn, securityGroupId, subnetId, taggable, text } from "./schema";

const logGroupType = "aws:cloudwatch/logGroup:LogGroup";

/** Runtimes that run here. Errors distinguish AWS's other runtimes from unknown ones. */
const runnable = ["nodejs20.x", "nodejs22.x", "nodejs24.x"];
const elsewhere = /^(python3\.\d+|java\d+|dotnet\d+|ruby3\.\d|provided\.al20\d\d)$/;

const ownVariables = [
  ..."_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_ACCESS_KEY AWS_ACCESS_KEY_ID".split(
    " ",
  ),
  ..."AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR".split(
    " ",
  ),
  ..."AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION".split(" "),
  ..."AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME".split(" "),
];
const mostVariables = 4096;

const environment = z.strictObject({
  variables: z
    .record(
      text(/^[a-zA-Z]\w+$/, "a variable's name: a letter, then letters, digits and _, at least 2 characters"),
      z.string(),
    )
    .superRefine((variables, context) => {
      const reserved = Object.keys(variables).filter((name) => ownVariables.includes(name));
      for (const name of reserved) {
        refusal(context)(
          name,
          `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${name}`,
        );
      }
      const size = Buffer.byteLength(JSON.stringify(variables));
      if (size > mostVariables) {
        context.addIssue({
          code: "custom",
          message: `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit: ${size} bytes`,
        });
      }
    })
    .optional(),
});

const functionName = text(/^[\w-]{1,64}$/, "a function's name: letters, digits, - and _, 1 to 64");

const functionInputs = taggable({
  architectures: z.tuple([z.enum(["x86_64", "arm64"])]).optional(),
  code: z.custom<Properties>(isArchive, {
    error: "code is an archive: give an AssetArchive or a FileArchive",
  }),
  description: z.string().max(256).optional(),
  environment: environment.optional(),
  ephemeralStorage: z.strictObject({ size: z.int().min(512).max(10_240) }).optional(),
  handler: text(/^[^\s]{1,128}$/, "a handler without blanks, at most 128 characters").refine(
    (handler) => /^[^.][^\s]*\.[A-Za-z_$][\w$]*$/.test(handler),
    {
      error: ({ input }) =>
        `${JSON.stringify(input)} is not <file>.<exported function>, such as index.handler`,
    },
  ),
  loggingConfig: z
    .strictObject({
      applicationLogLevel: z.enum(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]).optional(),
      logFormat: z.enum(["JSON", "Text"]),
      logGroup: text(/^[\w./#-]{1,512}$/, "a log group's name").optional(),
      systemLogLevel: z.enum(["DEBUG", "INFO", "WARN"]).optional(),
    })
    .optional(),
  memorySize: z.int().min(128).max(10_240).optional(),
  name: functionName.optional(),
  packageType: z.literal("Zip").optional(),
  publish: z.boolean().optional(),
  reservedConcurrentExecutions: z.int().min(-1).optional(),
  role: arn("iam", "role/"),
  runtime: z.string().superRefine((runtime, context) => {
    if (runnable.includes(runtime)) return;
    const words = elsewhere.test(runtime)
      ? `The embedded AWS does not run ${runtime}; it runs ${runnable.join(", ")}`
      : `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set; here ${runnable.join(", ")}`;
    context.addIssue({ code: "custom", message: words });
  }),
  skipDestroy: z.boolean().optional(),
  sourceCodeHash: z.string().optional(),
  timeout: z.int().min(1).max(900).optional(),
  tracingConfig: z.strictObject({ mode: z.enum(["Active", "PassThrough"]) }).optional(),
  vpcConfig: z
    .strictObject({
      ipv6AllowedForDualStack: z.boolean().optional(),
      securityGroupIds: z.array(securityGroupId).max(5),
      subnetIds: z.array(subnetId).max(16),
    })
    .optional(),
});
type FunctionInputs = z.infer<typeof functionInputs>;

/** Actions of Lambda with the role of a function in a VPC. */
const networkActions = ["CreateNetworkInterface", "DescribeNetworkInterfaces", "DeleteNetworkInterface"];

function refuse(message: string): never {
  throw new AwsError("InvalidParameterValueException", message);
}

function requireFunction(given: FunctionInputs, context: Context): void {
  const role = roleByArn(given.role, context);
  if (role && !trusts(role, "lambda.amazonaws.com")) {
    refuse("The role defined for the function cannot be assumed by Lambda.");
  }
  const { subnetIds = [], securityGroupIds = [] } = given.vpcConfig ?? {};
  if (subnetIds.length > 0 !== securityGroupIds.length > 0) {
    refuse("SubnetIds and SecurityIds must coexist or be both empty list.");
  }
  const denied = networkActions.find((action) => role && !allows(role, `ec2:${action}`, "*", context));
  if (subnetIds.length > 0 && denied !== undefined) {
    refuse(
      `The provided execution role does not have permissions to call ${denied} on EC2: attach ` +
        "AWSLambdaVPCAccessExecutionRole, and make the function depend on that",
    );
  }
  const vpcs = vpcsOf(subnetIds, context);
  const foreign = foreignGroups(securityGroupIds, vpcs[0], context);
  if (vpcs.length > 1) refuse(`The provided subnets are in more than one VPC: ${vpcs.join(", ")}`);
  if (foreign.length > 0) refuse(`Security Groups are required to be in the same VPC: ${foreign.join(", ")}`);
  const group = given.loggingConfig?.logGroup;
  if (group !== undefined && !context.account.get(logGroupType, group)) {
    refuse(`The log group ${group} does not exist: create it before the function`);
  }
}

/** The `aws:lambda/function:Function` model. */
export const fn: Model = {
  type: "aws:lambda/function:Function",
  title: "Lambda Function",
  inputs: functionInputs,
  autoName: { property: "name", maxLength: 64 },
  defaults: {
    memorySize: 128,
    packageType: "Zip",
    publish: false,
    reservedConcurrentExecutions: -1,
    skipDestroy: false,
    timeout: 3,
  },
  references: [
    {
      path: "role",
      to: "aws:iam/role:Role",
      by: "arn",
      missing: "InvalidParameterValueException",
      holds: false,
    },
    toSubnets("vpcConfig.subnetIds.*", "InvalidParameterValueException"),
    toSecurityGroups("vpcConfig.securityGroupIds.*", "InvalidParameterValueException"),
  ],
  unique: [{ property: "name", taken: "ResourceConflictException" }],
  sensitive: ["environment"],
  computed: [
    ...[
      "architectures",
      "arn",
      "codeSha256",
      "ephemeralStorage",
      "invokeArn",
      "lastModified",
      "loggingConfig",
    ],
    ...["qualifiedArn", "qualifiedInvokeArn", "responseStreamingInvokeArn", "signingJobArn"],
    ...[
      "signingProfileVersionArn",
      "sourceCodeHash",
      "sourceCodeSize",
      "tracingConfig",
      "version",
      "vpcConfig",
    ],
  ],
  changesOnUpdate: ["codeSha256", "lastModified", "sourceCodeHash", "sourceCodeSize"],
  identify: (given: FunctionInputs) => String(given.name),
  describe(given: FunctionInputs, id, context) {
    const own = `arn:aws:lambda:${context.region}:${context.accountId}:function:${id}`;
    const invocation = (name: string, call: string) =>
      `arn:aws:apigateway:${context.region}:lambda:path/${call}/functions/${name}/invocations`;
    const { codeSha256, sourceCodeSize } = describePackage(given.code);
    const vpcId = vpcsOf(given.vpcConfig?.subnetIds ?? [], context)[0];
    return {
      architectures: given.architectures ?? ["x86_64"],
      arn: own,
      codeSha256,
      ephemeralStorage: given.ephemeralStorage ?? { size: 512 },
      invokeArn: invocation(own, "2015-03-31"),
      lastModified: new Date().toISOString(),
      loggingConfig: { logFormat: "Text", logGroup: `/aws/lambda/${id}`, ...given.loggingConfig },
      qualifiedArn: `${own}:$LATEST`,
      qualifiedInvokeArn: invocation(`${own}:$LATEST`, "2015-03-31"),
      responseStreamingInvokeArn: invocation(own, "2021-11-15"),
      signingJobArn: "",
      signingProfileVersionArn: "",
      sourceCodeHash: given.sourceCodeHash ?? codeSha256,
      sourceCodeSize,
      tracingConfig: given.tracingConfig ?? { mode: "PassThrough" },
      version: "$LATEST",
      vpcConfig: given.vpcConfig && { ...given.vpcConfig, vpcId },
    };
  },
  beforeCreate: (given: FunctionInputs, context) => requireFunction(given, context),
  beforeUpdate: (given: FunctionInputs, _previous, context) => requireFunction(given, context),
  start: (resource, context) => Promise.resolve(unpack(resource, context)),
  stop: (resource, context) => Promise.resolve(removePackage(resource, context)),
  suppresses: { code: (before, after) => sameArchive(before.code, after.code) },
};
