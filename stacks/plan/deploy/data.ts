import type { Permissions } from "./permissions";

/** RDS, ElastiCache, S3, CloudFront and Secrets Manager. */
export const data: Permissions = {
  rds: {
    reads: ["Describe*", "ListTagsForResource"],
    always: ["AddTagsToResource", "RemoveTagsFromResource"],
    unnamed: ["CreateDBProxy"],
    // The ids in the ARNs of proxies and their target groups are random.
    names: [
      "db:chatpop-*",
      "subgrp:chatpop-*",
      "pg:chatpop-*",
      "og:default*",
      "snapshot:chatpop-*",
      "snapshot:rds:chatpop-*",
      "db-proxy:*",
      "target-group:*",
    ],
    types: {
      "aws:rds/instance:Instance": [
        "CreateDBInstance",
        "CreateDBInstanceReadReplica",
        "RestoreDBInstanceFromDBSnapshot",
        "ModifyDBInstance",
        "RebootDBInstance",
        "DeleteDBInstance",
        "CreateDBSnapshot",
      ],
      "aws:rds/parameterGroup:ParameterGroup": [
        "CreateDBParameterGroup",
        "ModifyDBParameterGroup",
        "ResetDBParameterGroup",
        "DeleteDBParameterGroup",
      ],
      "aws:rds/subnetGroup:SubnetGroup": [
        "CreateDBSubnetGroup",
        "ModifyDBSubnetGroup",
        "DeleteDBSubnetGroup",
      ],
      "aws:rds/proxy:Proxy": ["ModifyDBProxy", "DeleteDBProxy"],
      "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": ["ModifyDBProxyTargetGroup"],
      "aws:rds/proxyTarget:ProxyTarget": ["RegisterDBProxyTargets", "DeregisterDBProxyTargets"],
    },
  },
  elasticache: {
    reads: ["Describe*", "ListTagsForResource", "ListAllowedNodeTypeModifications"],
    always: ["AddTagsToResource", "RemoveTagsFromResource"],
    names: [
      "replicationgroup:chatpop-*",
      "cluster:chatpop-*",
      "parametergroup:chatpop-*",
      "subnetgroup:chatpop-*",
      "snapshot:chatpop-*",
    ],
    types: {
      "aws:elasticache/replicationGroup:ReplicationGroup": [
        "CreateReplicationGroup",
        "ModifyReplicationGroup",
        "IncreaseReplicaCount",
        "DecreaseReplicaCount",
        "DeleteReplicationGroup",
      ],
      "aws:elasticache/parameterGroup:ParameterGroup": [
        "CreateCacheParameterGroup",
        "ModifyCacheParameterGroup",
        "ResetCacheParameterGroup",
        "DeleteCacheParameterGroup",
      ],
      "aws:elasticache/subnetGroup:SubnetGroup": [
        "CreateCacheSubnetGroup",
        "ModifyCacheSubnetGroup",
        "DeleteCacheSubnetGroup",
      ],
    },
  },
  // CloudFront is global: its region is always us-east-1, and its ids are random.
  cloudfront: {
    reads: ["Get*", "List*"],
    always: ["TagResource", "UntagResource"],
    everyRegion: true,
    types: {
      "aws:cloudfront/distribution:Distribution": [
        "CreateDistribution",
        "UpdateDistribution",
        "DeleteDistribution",
      ],
      "aws:cloudfront/keyGroup:KeyGroup": ["CreateKeyGroup", "UpdateKeyGroup", "DeleteKeyGroup"],
      "aws:cloudfront/originAccessControl:OriginAccessControl": [
        "CreateOriginAccessControl",
        "UpdateOriginAccessControl",
        "DeleteOriginAccessControl",
      ],
      "aws:cloudfront/publicKey:PublicKey": ["CreatePublicKey", "UpdatePublicKey", "DeletePublicKey"],
    },
  },
  s3: {
    // The provider tags a bucket by the newer actions, and falls back to the older ones.
    always: [
      "GetBucket*",
      "Get*Configuration",
      "ListBucket",
      "ListTagsForResource",
      "PutBucketTagging",
      "TagResource",
      "UntagResource",
    ],
    arns: ["arn:aws:s3:::chatpop-*"],
    types: {
      "aws:s3/bucket:Bucket": [
        "CreateBucket",
        "DeleteBucket",
        // A bucket without protection is emptied before it is deleted.
        "ListBucketVersions",
        "DeleteObject",
        "DeleteObjectVersion",
      ],
      "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": ["PutBucketCORS"],
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["PutLifecycleConfiguration"],
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ["PutBucketOwnershipControls"],
      "aws:s3/bucketPolicy:BucketPolicy": ["PutBucketPolicy", "DeleteBucketPolicy"],
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["PutBucketPublicAccessBlock"],
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
        "PutEncryptionConfiguration",
      ],
      "aws:s3/bucketVersioning:BucketVersioning": ["PutBucketVersioning"],
    },
  },
  secretsmanager: {
    always: ["DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds", "TagResource", "UntagResource"],
    names: ["secret:chatpop-*"],
    types: {
      "aws:secretsmanager/secret:Secret": ["CreateSecret", "UpdateSecret", "DeleteSecret"],
      "aws:secretsmanager/secretVersion:SecretVersion": [
        "GetSecretValue",
        "PutSecretValue",
        "UpdateSecretVersionStage",
      ],
    },
  },
};
