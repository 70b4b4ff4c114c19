import { logGroups } from "./operations";
import { document, type Place, type Statement } from "./statements";

/** Facts that differ between the roles of two stacks. */
export interface Bounds extends Place {
  /** Secrets outside the stack for its tasks: the values of `chatpop:secrets`. */
  readonly secretArns: readonly string[];
}

/**
 * Upper limit of every role of a stack with a pipeline, whoever wrote the role's policies: the calls of tasks,
 * functions
 * and AWS's own services. A deployment cannot grant more. So no statement here changes a role, and statements that
 * read,
 * write or delete apply only to names that begin with `chatpop-`.
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
    // AWS offers no limit by resource or name for these: descriptions, images, interfaces of functions in the VPC.
    allow(unnamed),
    allow(logging, named("logs", ...logGroups)),
    allow(
      ["secretsmanager:GetSecretValue"],
      [`arn:aws:secretsmanager:${region}:${accountId}:secret:chatpop-*`, ...secretArns],
    ),
    // Secrets use AWS's own key. Its policy admits callers through Secrets Manager, but a boundary must allow it too.
    {
      ...allow(["kms:Decrypt"]),
      Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
    },
    // Pulumi's state is excluded: its bucket has another prefix for this reason.
    allow(
      ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:PutObjectAcl"],
      ["arn:aws:s3:::chatpop-*"],
    ),
    // The release, and scheduled commands
    allow(["ecs:DescribeServices", "ecs:DescribeTasks"], named("ecs", "service/chatpop-*", "task/chatpop-*")),
    allow(["ecs:UpdateService"], named("ecs", "service/chatpop-*")),
    allow(
      ["application-autoscaling:RegisterScalableTarget"],
      named("application-autoscaling", "scalable-target/*"),
    ),
    allow(["ecs:RunTask", "ecs:TagResource"], named("ecs", "task-definition/chatpop-*", "task/chatpop-*")),
    {
      ...allow(["iam:PassRole"], [`arn:aws:iam::${accountId}:role/chatpop-*`]),
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
    // Copies of the database: AWS Backup's snapshots are named `awsbackup:…`.
    allow(
      ["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
      named("backup", "backup-vault:chatpop-*"),
    ),
    allow(
      ["rds:AddTagsToResource", "rds:CopyDBSnapshot", "rds:CreateDBSnapshot"],
      named("rds", "db:chatpop-*", "snapshot:awsbackup:*"),
    ),
    allow(["rds:DeleteDBSnapshot"], named("rds", "snapshot:awsbackup:*")),
    // Grants for AWS services only (RDS copies the snapshot), not for a person who would decrypt.
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
  // The release; the ids in the ARNs of proxies are random.
  "application-autoscaling:DescribeScalableTargets",
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
