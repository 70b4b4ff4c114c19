/**
 * Actions that a program should not be allowed on resources of others: reading data, destroying it, or becoming another
 * principal. IAM can limit each of them to a resource.
 */
export interface Probe {
  readonly action: string;
  /** A resource of somebody else. */
  readonly arn: string;
  readonly means: string;
  /** Whether a condition on the region is narrow enough: EC2 draws the ids of networks, so a deployment cannot name them. */
  readonly regionIsEnough: boolean;
}

/** Services whose resources have no region in their ARN, or neither region nor account. */
const withoutRegion = ["iam", "sts"];
const withoutAccount = ["s3", "route53"];

const arnOf = (service: string, name: string) => {
  const where = withoutAccount.includes(service)
    ? ":"
    : `${withoutRegion.includes(service) ? "" : "us-east-1"}:123456789012`;
  return `arn:aws:${service === "sts" ? "iam" : service}:${where}:${name}`;
};

/** Service, a stranger's resource, and the actions by their effect. */
const table: readonly (readonly [service: string, name: string, means: Readonly<Record<string, string>>])[] =
  [
    [
      "secretsmanager",
      "secret:of-a-stranger-a1B2c3",
      {
        "reads every secret of the account": "GetSecretValue",
        "changes every secret of the account": "PutSecretValue UpdateSecret DeleteSecret PutResourcePolicy",
      },
    ],
    [
      "ssm",
      "parameter/of-a-stranger",
      {
        "reads every parameter of the account":
          "GetParameter GetParameters GetParametersByPath GetParameterHistory",
        "changes every parameter of the account": "PutParameter DeleteParameter",
      },
    ],
    [
      "kms",
      "key/of-a-stranger",
      {
        "decrypts with every key": "Decrypt",
        "gives every key away": "CreateGrant PutKeyPolicy",
        "destroys every key": "ScheduleKeyDeletion DisableKey",
      },
    ],
    [
      "s3",
      "of-a-stranger/it",
      {
        "reads every bucket": "GetObject GetObjectVersion",
        "writes into every bucket": "PutObject",
        "empties every bucket": "DeleteObject DeleteObjectVersion",
      },
    ],
    [
      "s3",
      "of-a-stranger",
      {
        "opens every bucket": "PutBucketPolicy PutBucketAcl PutBucketPublicAccessBlock",
        "deletes every bucket": "DeleteBucket",
      },
    ],
    [
      "iam",
      "role/of-a-stranger",
      {
        "hands every role to a service (iam:PassRole)": "PassRole",
        "makes itself administrator": "AttachRolePolicy PutRolePolicy UpdateAssumeRolePolicy",
      },
    ],
    ["sts", "role/of-a-stranger", { "takes on every role": "AssumeRole" }],
    [
      "iam",
      "policy/of-a-stranger",
      { "makes itself administrator": "CreatePolicyVersion SetDefaultPolicyVersion" },
    ],
    [
      "iam",
      "user/of-a-stranger",
      {
        "makes itself administrator": "AttachUserPolicy PutUserPolicy",
        "makes keys for everybody": "CreateAccessKey CreateLoginProfile UpdateLoginProfile",
      },
    ],
    [
      "iam",
      "group/of-a-stranger",
      { "makes itself administrator": "AttachGroupPolicy PutGroupPolicy AddUserToGroup" },
    ],
    [
      "lambda",
      "function:of-a-stranger",
      {
        "changes every function": "UpdateFunctionCode UpdateFunctionConfiguration AddPermission",
        "invokes every function": "InvokeFunction",
      },
    ],
    ["ecs", "task/of-a-stranger/1", { "opens a shell in every task": "ExecuteCommand" }],
    ["ecs", "service/of-a-stranger/it", { "changes every service": "UpdateService DeleteService" }],
    ["ecs", "task/of-a-stranger/2", { "stops every task": "StopTask" }],
    ["ecs", "task-definition/of-a-stranger:1", { "runs every task": "RunTask" }],
    [
      "ec2",
      "instance/i-00000000000000000",
      {
        "opens a shell on every instance": "ssm:StartSession ssm:SendCommand",
        "ends every instance": "TerminateInstances",
      },
    ],
    [
      "ec2",
      "security-group/sg-00000000000000000",
      { "opens every network": "AuthorizeSecurityGroupIngress ModifySecurityGroupRules" },
    ],
    ["ec2", "snapshot/snap-00000000000000000", { "gives every disk away": "ModifySnapshotAttribute" }],
    [
      "cloudtrail",
      "trail/of-a-stranger",
      { "ends the record of who did what": "StopLogging DeleteTrail PutEventSelectors" },
    ],
    ["cloudformation", "stack/of-a-stranger/1", { "changes every stack": "UpdateStack DeleteStack" }],
    [
      "cognito-idp",
      "userpool/of-a-stranger",
      { "takes over every user": "AdminSetUserPassword AdminCreateUser AdminConfirmSignUp" },
    ],
    [
      "elasticloadbalancing",
      "loadbalancer/app/of-a-stranger/0",
      { "takes every load balancer away": "DeleteLoadBalancer" },
    ],
    ["backup", "recovery-point:of-a-stranger", { "deletes every backup": "DeleteRecoveryPoint" }],
    ["elasticfilesystem", "file-system/fs-0", { "deletes every file system": "DeleteFileSystem" }],
    [
      "dynamodb",
      "table/of-a-stranger",
      {
        "reads every table": "GetItem BatchGetItem Query Scan",
        "changes every table": "PutItem UpdateItem DeleteItem BatchWriteItem",
        "deletes every table": "DeleteTable",
      },
    ],
    [
      "sqs",
      "of-a-stranger",
      { "reads every queue": "ReceiveMessage", "empties every queue": "PurgeQueue DeleteQueue" },
    ],
    ["sns", "of-a-stranger", { "publishes to every topic": "Publish" }],
    [
      "rds",
      "db:of-a-stranger",
      {
        "deletes every database": "DeleteDBInstance",
        "changes every database": "ModifyDBInstance",
        "copies every database": "CreateDBSnapshot",
      },
    ],
    [
      "rds",
      "snapshot:of-a-stranger",
      {
        "gives every backup away": "ModifyDBSnapshotAttribute",
        "deletes every backup": "DeleteDBSnapshot",
      },
    ],
    ["rds-db", "dbuser:db-OF/anybody", { "logs in to every database": "connect" }],
    ["elasticache", "replicationgroup:of-a-stranger", { "deletes every cache": "DeleteReplicationGroup" }],
    [
      "ecr",
      "repository/of-a-stranger",
      {
        "deletes every image": "BatchDeleteImage DeleteRepository",
        "pushes into every repository": "PutImage",
      },
    ],
    [
      "logs",
      "log-group:of-a-stranger:*",
      { "deletes every log": "DeleteLogGroup", "reads every log": "GetLogEvents FilterLogEvents" },
    ],
    [
      "route53",
      "hostedzone/OFASTRANGER",
      { "changes every domain of the account": "ChangeResourceRecordSets" },
    ],
  ];

/** Actions on resources whose ids AWS draws. */
const drawnIds = /^ec2:\w*SecurityGroup/;

export const probes: readonly Probe[] = table.flatMap(([service, name, meanings]) =>
  Object.entries(meanings).flatMap(([means, actions]) =>
    actions
      .split(" ")
      .map((action) => (action.includes(":") ? action : `${service}:${action}`))
      .map((action) => ({
        ...{ action, means },
        arn: arnOf(service, name),
        regionIsEnough: drawnIds.test(action),
      })),
  ),
);
