import type { Request } from "./iam";

const onEach = (actions: readonly string[], resource: string, context = {}): readonly Request[] =>
  actions.map((action) => ({ action, resource, context }));
const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:123456789012:${name}`;
const images = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetAuthorizationToken",
  "ecr:GetDownloadUrlForLayer",
];
const snapshots = [
  "rds:AddTagsToResource",
  "rds:CopyDBSnapshot",
  "rds:CreateDBSnapshot",
  "rds:DeleteDBSnapshot",
];

/**
 * Actions of AWS's own policies that the program uses; a boundary can take them away unnoticed. Copied from
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/, without what is for other services.
 */
export const usedOfManagedPolicies: Readonly<Record<string, readonly Request[]>> = {
  AmazonECSTaskExecutionRolePolicy: [
    ...onEach(images, "*"),
    ...onEach(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      arn("logs", "log-group:/ecs/chatpop-backend-1a2b3c4:log-stream:chatpop/1"),
    ),
  ],
  AWSLambdaVPCAccessExecutionRole: [
    ...onEach(
      ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      arn("logs", "log-group:/aws/lambda/chatpop-indexes-1a2b3c4:log-stream:1"),
    ),
    ...onEach(
      [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
      ],
      "*",
    ),
  ],
  AWSBackupServiceRolePolicyForBackup: [
    ...onEach(snapshots, arn("rds", "snapshot:awsbackup:job-1")),
    ...onEach(["rds:CreateDBSnapshot", "rds:AddTagsToResource"], arn("rds", "db:chatpop-db-1a2b3c4")),
    ...onEach(["rds:DescribeDBInstances", "rds:DescribeDBSnapshots", "rds:ListTagsForResource"], "*"),
    ...onEach(
      ["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
      "arn:aws:backup:us-west-2:123456789012:backup-vault:chatpop-backup-copy-1a2b3c4",
    ),
    ...onEach(["backup:CopyFromBackupVault"], arn("rds", "snapshot:awsbackup:job-1")),
    ...onEach(["kms:DescribeKey", "tag:GetResources"], "*"),
    ...onEach(["kms:CreateGrant"], arn("kms", "key/1"), { "kms:GrantIsForAWSResource": "true" }),
  ],
};
