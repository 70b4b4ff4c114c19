import { logGroups } from "./operations";
import { document, type Place, type Statement } from "./statements";

/** What tells the roles of one stack from those of another. */
export interface Bounds extends Place {
  /** Secrets outside the stack that its tasks get: the values of `chatpop:secrets`. */
  readonly secretArns: readonly string[];
}

/**
 * The most that any role of a stack with a pipeline may do, whoever wrote its policies: what tasks, functions and AWS's
 * own services do on its behalf. A deployment can hand out no more than this, so nothing here changes a role, and what
 * reads, writes or deletes stops at names that begin with `chatpop-`.
 */
export function boundaryPolicy({ accountId, region, secretArns }: Bounds): string {
  const named = (service: string, ...names: readonly string[]) =>
    names.map((name) => `arn:aws:${service}:*:${accountId}:${name}`);
  const allow = (actions: readonly string[], resources: readonly string[] = ["*"]): Statement => ({
    Effect: "Allow",
    Action: actions,
    Resource: resources,
  });
  return document([
    // AWS limits these to no resource, or to none with a name: descriptions, images, interfaces of functions in the VPC.
    allow(unnamed),
    allow(logging, named("logs", ...logGroups)),
    allow(
      ["secretsmanager:GetSecretValue"],
      [`arn:aws:secretsmanager:${region}:${accountId}:secret:chatpop-*`, ...secretArns],
    ),
    // These are under AWS's own key, whose policy lets in whoever Secrets Manager comes for; a boundary may take that away.
    {
      ...allow(["kms:Decrypt"]),
      Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
    },
    // Not the state of Pulumi, whose bucket has another name for this reason.
    allow(
      ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:PutObjectAcl"],
      ["arn:aws:s3:::chatpop-*"],
    ),
    // The release, and commands by the clock
    allow(["ecs:DescribeServices", "ecs:DescribeTasks"], named("ecs", "service/chatpop-*", "task/chatpop-*")),
    allow(["ecs:RunTask", "ecs:TagResource"], named("ecs", "task-definition/chatpop-*", "task/chatpop-*")),
    {
      ...allow(["iam:PassRole"], [`arn:aws:iam::${accountId}:role/chatpop-*`]),
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
    // Copies of the database: AWS Backup calls every snapshot that it makes `awsbackup:…`.
    allow(
      ["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
      named("backup", "backup-vault:chatpop-*"),
    ),
    allow(
      ["rds:AddTagsToResource", "rds:CopyDBSnapshot", "rds:CreateDBSnapshot"],
      named("rds", "db:chatpop-*", "snapshot:awsbackup:*"),
    ),
    allow(["rds:DeleteDBSnapshot"], named("rds", "snapshot:awsbackup:*")),
    // A grant for RDS alone, which copies the snapshot; not one with which somebody decrypts.
    { ...allow(["kms:CreateGrant"]), Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } },
  ]);
}

const logging: readonly string[] = [
  "logs:CreateLogGroup",
  "logs:CreateLogStream",
  "logs:DescribeLogStreams",
  "logs:GetLogEvents",
  "logs:PutLogEvents",
];

const unnamed: readonly string[] = [
  // Starting a task, maybe from another account's registry: AmazonECSTaskExecutionRolePolicy
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetAuthorizationToken",
  "ecr:GetDownloadUrlForLayer",
  // Functions in the VPC: AWSLambdaVPCAccessExecutionRole
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
  // Copies of the database: AWSBackupServiceRolePolicyForBackup
  "backup:CopyFromBackupVault",
  "kms:DescribeKey",
  "rds:DescribeDBInstances",
  // The release; proxies have drawn ids in their ARNs.
  "rds:DescribeDBProxyTargets",
  "rds:DescribeDBSnapshots",
  "rds:ListTagsForResource",
  "tag:GetResources",
  // Flow logs, the release, ECS Exec
  "logs:DescribeLogGroups",
  "ecs:ListTasks",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];
