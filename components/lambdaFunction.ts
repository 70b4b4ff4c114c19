import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { bundle } from "./bundle";
import { assumedBy, policyDocument, type PolicyStatement } from "./policyDocuments";

/** Code, permissions, and network of the function. */
export interface LambdaFunctionArgs {
  /** One sentence, on the function and on its role. */
  readonly description: string;
  /** TypeScript file that exports `handler`, from the project's root. */
  readonly entryPoint: string;
  /** Permissions of the function besides writing its own log. */
  readonly permissions: readonly PolicyStatement[];
  /** Environment variables by name. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Text that changes with each purpose of an invocation. Lambda deactivates a function after weeks without calls, and
   * the next invocation fails; an update of the function with this text activates it first, because the provider waits.
   */
  readonly occasion: pulumi.Input<string>;
  /** Subnets and security groups, to reach the database. @default none: it reaches AWS's services only */
  readonly vpc?: {
    readonly subnetIds: pulumi.Input<string>[];
    readonly securityGroupId: pulumi.Input<string>;
  };
  /** Days that its log is kept. */
  readonly logRetentionDays: number;
}

/** A Lambda function with a role and a log of its own. */
export class LambdaFunction extends pulumi.ComponentResource {
  /** Name for invocations, known only once the role has its permissions. */
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: LambdaFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:release:LambdaFunction", name, {}, opts);

    const logGroup = new cloudwatch.LogGroup(
      name,
      { namePrefix: `/aws/lambda/${name}-`, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const role = new iam.Role(
      name,
      { description: args.description, assumeRolePolicy: assumedBy("lambda.amazonaws.com") },
      { parent: this },
    );
    const permissions: pulumi.Resource[] = [
      new iam.RolePolicy(
        name,
        {
          role: role.id,
          policy: policyDocument(
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
              Resource: [pulumi.interpolate`${logGroup.arn}:*`],
            },
            ...args.permissions,
          ),
        },
        { parent: this },
      ),
    ];
    if (args.vpc) {
      permissions.push(
        new iam.RolePolicyAttachment(
          `${name}-vpc`,
          {
            role: role.name,
            policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
          },
          { parent: this },
        ),
      );
    }
    const lambdaFunction = new lambda.Function(
      name,
      {
        description: args.description,
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive({
          "index.js": new pulumi.asset.StringAsset(bundle(args.entryPoint)),
        }),
        role: role.arn,
        memorySize: 256,
        timeout: 900, // Lambda's longest
        loggingConfig: { logFormat: "Text", logGroup: logGroup.name },
        environment: { variables: { ...args.environment, OCCASION: args.occasion } },
        ...(args.vpc && {
          vpcConfig: { subnetIds: args.vpc.subnetIds, securityGroupIds: [args.vpc.securityGroupId] },
        }),
      },
      { parent: this, dependsOn: permissions },
    );

    this.functionName = lambdaFunction.name;
    this.registerOutputs({ functionName: this.functionName });
  }
}
