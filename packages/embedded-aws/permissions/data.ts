// Permissions for databases, caches, buckets and secrets.
import type { Needs, NeedsByType } from "./needs";

const rds = "rds:AddTagsToResource if tagsAll";

/** ElastiCache describes the network with its caller's permissions. */
const looks = ["ec2:DescribeVpcs *", "ec2:DescribeSubnets *", "ec2:DescribeSecurityGroups *"];

/** A part of a bucket's configuration: one action reads it, one puts it, and often the latter also removes it. */
function part(read: string, put: string, remove = put): Needs {
  return {
    arn: "arn:aws:s3:::{bucket}",
    create: [`s3:${put}`],
    read: [`s3:${read}`],
    update: [`s3:${put}`],
    delete: [`s3:${remove}`],
  };
}

export const data: NeedsByType = {
  "aws:rds/instance:Instance": {
    create: [
      ...["rds:CreateDBInstance if username", "rds:CreateDBInstanceReadReplica if replicateSourceDb"],
      ...["rds:RestoreDBInstanceFromDBSnapshot if snapshotIdentifier", rds],
      ...["ec2:DescribeSecurityGroups *", "ec2:DescribeVpcs *", "ec2:DescribeSubnets *"],
      "iam:PassRole @monitoringRoleArn -> monitoring.rds.amazonaws.com",
    ],
    read: ["rds:DescribeDBInstances", "rds:ListTagsForResource"],
    update: ["rds:ModifyDBInstance", rds],
    delete: ["rds:DeleteDBInstance"],
  },
  "aws:rds/subnetGroup:SubnetGroup": {
    create: ["rds:CreateDBSubnetGroup", rds],
    read: ["rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"],
    update: ["rds:ModifyDBSubnetGroup"],
    delete: ["rds:DeleteDBSubnetGroup"],
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    create: ["rds:CreateDBParameterGroup", rds, "rds:ModifyDBParameterGroup if parameters"],
    read: ["rds:DescribeDBParameterGroups", "rds:DescribeDBParameters", "rds:ListTagsForResource"],
    update: ["rds:ModifyDBParameterGroup", "rds:ResetDBParameterGroup"],
    delete: ["rds:DeleteDBParameterGroup"],
  },
  "aws:rds/proxy:Proxy": {
    create: ["rds:CreateDBProxy", rds, "iam:PassRole @roleArn -> rds.amazonaws.com"],
    read: ["rds:DescribeDBProxies", "rds:ListTagsForResource"],
    update: ["rds:ModifyDBProxy"],
    delete: ["rds:DeleteDBProxy"],
  },
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": {
    create: ["rds:ModifyDBProxyTargetGroup"],
    read: ["rds:DescribeDBProxyTargetGroups"],
    update: ["rds:ModifyDBProxyTargetGroup"],
  },
  "aws:rds/proxyTarget:ProxyTarget": {
    arn: "arn:aws:rds:{region}:{account}:target-group:prx-tg-0",
    create: [
      "rds:RegisterDBProxyTargets",
      "rds:DescribeDBInstances =arn:aws:rds:{region}:{account}:db:{dbInstanceIdentifier}",
    ],
    read: ["rds:DescribeDBProxyTargets"],
    delete: ["rds:DeregisterDBProxyTargets"],
  },
  "aws:elasticache/subnetGroup:SubnetGroup": {
    create: ["elasticache:CreateCacheSubnetGroup", "elasticache:AddTagsToResource if tagsAll", ...looks],
    read: ["elasticache:DescribeCacheSubnetGroups", "elasticache:ListTagsForResource"],
    update: ["elasticache:ModifyCacheSubnetGroup", ...looks],
    delete: ["elasticache:DeleteCacheSubnetGroup"],
  },
  "aws:elasticache/parameterGroup:ParameterGroup": {
    create: [
      ...["elasticache:CreateCacheParameterGroup", "elasticache:AddTagsToResource if tagsAll"],
      "elasticache:ModifyCacheParameterGroup if parameters",
    ],
    read: [
      "elasticache:DescribeCacheParameterGroups",
      "elasticache:DescribeCacheParameters",
      "elasticache:ListTagsForResource",
    ],
    update: ["elasticache:ModifyCacheParameterGroup", "elasticache:ResetCacheParameterGroup"],
    delete: ["elasticache:DeleteCacheParameterGroup"],
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    create: ["elasticache:CreateReplicationGroup", "elasticache:AddTagsToResource if tagsAll", ...looks],
    read: [
      ...["elasticache:DescribeReplicationGroups", "elasticache:ListTagsForResource"],
      "elasticache:DescribeCacheClusters =arn:aws:elasticache:{region}:{account}:cluster:{replicationGroupId}-001",
    ],
    update: ["elasticache:ModifyReplicationGroup", ...looks],
    delete: ["elasticache:DeleteReplicationGroup"],
  },
  "aws:secretsmanager/secret:Secret": {
    create: ["secretsmanager:CreateSecret", "secretsmanager:TagResource if tagsAll"],
    read: ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
    update: ["secretsmanager:UpdateSecret", "secretsmanager:TagResource if tagsAll"],
    delete: ["secretsmanager:DeleteSecret"],
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    create: ["secretsmanager:PutSecretValue @secretId"],
    read: ["secretsmanager:GetSecretValue @secretId", "secretsmanager:DescribeSecret @secretId"],
    update: ["secretsmanager:UpdateSecretVersionStage @secretId"],
  },
  "aws:s3/bucket:Bucket": {
    create: ["s3:CreateBucket", "s3:PutBucketTagging if tagsAll"],
    read: ["s3:ListBucket", "s3:GetBucketTagging", "s3:GetBucketPolicy"],
    update: ["s3:PutBucketTagging if tagsAll"],
    delete: ["s3:DeleteBucket"],
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": part(
    "GetBucketPublicAccessBlock",
    "PutBucketPublicAccessBlock",
  ),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": part(
    "GetBucketOwnershipControls",
    "PutBucketOwnershipControls",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": part(
    "GetEncryptionConfiguration",
    "PutEncryptionConfiguration",
  ),
  "aws:s3/bucketVersioning:BucketVersioning": part("GetBucketVersioning", "PutBucketVersioning"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": part(
    "GetLifecycleConfiguration",
    "PutLifecycleConfiguration",
  ),
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": part("GetBucketCORS", "PutBucketCORS"),
  "aws:s3/bucketPolicy:BucketPolicy": part("GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"),
  "aws:cloudfront/originAccessControl:OriginAccessControl": {
    create: ["cloudfront:CreateOriginAccessControl"],
    read: ["cloudfront:GetOriginAccessControl"],
    update: ["cloudfront:UpdateOriginAccessControl"],
    delete: ["cloudfront:DeleteOriginAccessControl"],
  },
  "aws:cloudfront/publicKey:PublicKey": {
    create: ["cloudfront:CreatePublicKey *"],
    read: ["cloudfront:GetPublicKey *"],
    update: ["cloudfront:UpdatePublicKey *"],
    delete: ["cloudfront:DeletePublicKey *"],
  },
  "aws:cloudfront/keyGroup:KeyGroup": {
    create: ["cloudfront:CreateKeyGroup *"],
    read: ["cloudfront:GetKeyGroup *"],
    update: ["cloudfront:UpdateKeyGroup *"],
    delete: ["cloudfront:DeleteKeyGroup *"],
  },
  "aws:cloudfront/distribution:Distribution": {
    create: ["cloudfront:CreateDistribution", "cloudfront:TagResource if tagsAll"],
    read: ["cloudfront:GetDistribution", "cloudfront:ListTagsForResource"],
    update: ["cloudfront:UpdateDistribution"],
    delete: ["cloudfront:UpdateDistribution", "cloudfront:DeleteDistribution"],
  },
  "aws:backup/vault:Vault": {
    create: [
      ...["backup:CreateBackupVault", "backup:TagResource if tagsAll", "backup-storage:MountCapsule *"],
      ...["kms:CreateGrant @kmsKeyArn", "kms:DescribeKey @kmsKeyArn"],
    ],
    read: ["backup:DescribeBackupVault", "backup:ListTags"],
    update: ["backup:TagResource if tagsAll"],
    delete: ["backup:DeleteBackupVault", "backup:ListRecoveryPointsByBackupVault if forceDestroy"],
  },
  "aws:backup/plan:Plan": {
    create: ["backup:CreateBackupPlan", "backup:TagResource if tagsAll"],
    read: ["backup:GetBackupPlan", "backup:ListTags"],
    update: ["backup:UpdateBackupPlan"],
    delete: ["backup:DeleteBackupPlan"],
  },
  "aws:backup/selection:Selection": {
    arn: "arn:aws:backup:{region}:{account}:backup-plan:{planId}",
    create: ["backup:CreateBackupSelection", "iam:PassRole @iamRoleArn -> backup.amazonaws.com"],
    read: ["backup:GetBackupSelection"],
    delete: ["backup:DeleteBackupSelection"],
  },
};
