import { document, type Place } from "./policies";

/**
 * The most that any role of a stack with a pipeline may do, whoever wrote its policies: what tasks, functions and AWS's
 * own services do on its behalf. Nothing here changes a role, so a deployment can hand out no more than this.
 */
export const boundaryActions: readonly string[] = [
  // Starting a task: AmazonECSTaskExecutionRolePolicy, and the secrets
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetAuthorizationToken",
  "ecr:GetDownloadUrlForLayer",
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "secretsmanager:GetSecretValue",
  // The application: its media
  "s3:DeleteObject",
  "s3:GetObject",
  "s3:ListBucket",
  "s3:PutObject",
  "s3:PutObjectAcl",
  // Flow logs
  "logs:DescribeLogStreams",
  // Functions in the VPC: AWSLambdaVPCAccessExecutionRole
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
  "logs:CreateLogGroup",
  // Copies of the database: AWSBackupServiceRolePolicyForBackup
  "backup:CopyFromBackupVault",
  "backup:DescribeBackupVault",
  "kms:CreateGrant",
  "kms:DescribeKey",
  "rds:AddTagsToResource",
  "rds:CopyDBSnapshot",
  "rds:CreateDBSnapshot",
  "rds:DeleteDBSnapshot",
  "rds:DescribeDBInstances",
  "rds:DescribeDBSnapshots",
  "rds:ListTagsForResource",
  "tag:GetResources",
  // ECS Exec
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  // The release: migration, deployment check
  "ecs:DescribeServices",
  "ecs:DescribeTasks",
  "ecs:ListTasks",
  "ecs:RunTask",
  "ecs:TagResource",
  "iam:PassRole",
  "logs:GetLogEvents",
];

/** The policy document of the boundary. */
export function boundaryPolicy({ accountId }: Place): string {
  const passRole = "iam:PassRole";
  return document([
    { Effect: "Allow", Action: boundaryActions.filter((action) => action !== passRole), Resource: ["*"] },
    { Effect: "Allow", Action: [passRole], Resource: [`arn:aws:iam::${accountId}:role/chatpop-*`] },
  ]);
}
