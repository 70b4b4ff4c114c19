// Permissions for further types of programs of this kind.
import type { Needs, NeedsByType } from "./needs";

const object: Needs = {
  arn: "arn:aws:s3:::{bucket}/{key}",
  create: ["s3:PutObject", "s3:PutObjectAcl if acl", "s3:PutObjectTagging if tagsAll"],
  read: ["s3:GetObject", "s3:GetObjectTagging"],
  update: ["s3:PutObject"],
  delete: ["s3:DeleteObject"],
};

export const others: NeedsByType = {
  "aws:sqs/queue:Queue": {
    create: ["sqs:CreateQueue", "sqs:TagQueue if tagsAll"],
    read: ["sqs:GetQueueAttributes", "sqs:ListQueueTags"],
    update: ["sqs:SetQueueAttributes"],
    delete: ["sqs:DeleteQueue"],
  },
  "aws:dynamodb/table:Table": {
    create: [
      "dynamodb:CreateTable",
      "dynamodb:TagResource if tagsAll",
      "dynamodb:UpdateContinuousBackups if pointInTimeRecovery",
      "dynamodb:UpdateTimeToLive if ttl",
    ],
    read: [
      "dynamodb:DescribeTable",
      "dynamodb:DescribeContinuousBackups",
      "dynamodb:DescribeTimeToLive",
      "dynamodb:ListTagsOfResource",
    ],
    update: ["dynamodb:UpdateTable"],
    delete: ["dynamodb:DeleteTable"],
  },
  "aws:ssm/parameter:Parameter": {
    create: ["ssm:PutParameter", "ssm:AddTagsToResource if tagsAll"],
    read: ["ssm:GetParameter", "ssm:DescribeParameters *", "ssm:ListTagsForResource"],
    update: ["ssm:PutParameter"],
    delete: ["ssm:DeleteParameter"],
  },
  "aws:s3/bucketObject:BucketObject": object,
  "aws:s3/bucketObjectv2:BucketObjectv2": object,
  "aws:s3/bucketAcl:BucketAcl": {
    arn: "arn:aws:s3:::{bucket}",
    create: ["s3:PutBucketAcl"],
    read: ["s3:GetBucketAcl"],
    update: ["s3:PutBucketAcl"],
  },
  "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": {
    arn: "arn:aws:s3:::{bucket}",
    create: ["s3:PutBucketWebsite"],
    read: ["s3:GetBucketWebsite"],
    update: ["s3:PutBucketWebsite"],
    delete: ["s3:DeleteBucketWebsite"],
  },
  "aws:ec2/instance:Instance": {
    create: ["ec2:RunInstances", "ec2:CreateTags if tagsAll"],
    read: [
      "ec2:DescribeInstances *",
      "ec2:DescribeInstanceTypes *",
      "ec2:DescribeVolumes *",
      "ec2:DescribeInstanceAttribute *",
    ],
    update: ["ec2:ModifyInstanceAttribute"],
    delete: ["ec2:TerminateInstances"],
  },
  "aws:elasticache/cluster:Cluster": {
    create: ["elasticache:CreateCacheCluster", "elasticache:AddTagsToResource if tagsAll"],
    read: ["elasticache:DescribeCacheClusters", "elasticache:ListTagsForResource"],
    update: ["elasticache:ModifyCacheCluster"],
    delete: ["elasticache:DeleteCacheCluster"],
  },
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": {
    create: [
      "servicediscovery:CreatePrivateDnsNamespace *",
      "route53:CreateHostedZone *",
      "ec2:DescribeVpcs *",
    ],
    read: ["servicediscovery:GetNamespace", "servicediscovery:GetOperation *"],
    update: ["servicediscovery:UpdatePrivateDnsNamespace"],
    delete: ["servicediscovery:DeleteNamespace", "route53:DeleteHostedZone *"],
  },
  "aws:servicediscovery/service:Service": {
    create: ["servicediscovery:CreateService"],
    read: ["servicediscovery:GetService"],
    update: ["servicediscovery:UpdateService"],
    delete: ["servicediscovery:DeleteService"],
  },
  "aws:lambda/permission:Permission": {
    arn: "arn:aws:lambda:{region}:{account}:function:{function}",
    create: ["lambda:AddPermission"],
    read: ["lambda:GetPolicy"],
    delete: ["lambda:RemovePermission"],
  },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": {
    arn: "arn:aws:ecr:{region}:{account}:repository/{repository}",
    create: ["ecr:SetRepositoryPolicy"],
    read: ["ecr:GetRepositoryPolicy"],
    update: ["ecr:SetRepositoryPolicy"],
    delete: ["ecr:DeleteRepositoryPolicy"],
  },
  "aws:iam/user:User": {
    create: ["iam:CreateUser", "iam:TagUser if tagsAll"],
    read: ["iam:GetUser"],
    update: ["iam:UpdateUser"],
    delete: ["iam:DeleteUser", "iam:ListGroupsForUser"],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    create: ["iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile if role"],
    read: ["iam:GetInstanceProfile"],
    update: ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile"],
    delete: ["iam:RemoveRoleFromInstanceProfile if role", "iam:DeleteInstanceProfile"],
  },
  "aws:route53/zone:Zone": {
    create: ["route53:CreateHostedZone *", "route53:ChangeTagsForResource if tagsAll"],
    read: ["route53:GetHostedZone", "route53:ListTagsForResource", "route53:GetChange *"],
    update: ["route53:UpdateHostedZoneComment"],
    delete: ["route53:DeleteHostedZone", "route53:ListResourceRecordSets"],
  },
  "aws:cloudfront/function:Function": {
    create: ["cloudfront:CreateFunction", "cloudfront:PublishFunction if publish"],
    read: ["cloudfront:DescribeFunction", "cloudfront:GetFunction"],
    update: ["cloudfront:UpdateFunction", "cloudfront:PublishFunction if publish"],
    delete: ["cloudfront:DeleteFunction"],
  },
  "aws:cloudfront/cachePolicy:CachePolicy": {
    create: ["cloudfront:CreateCachePolicy"],
    read: ["cloudfront:GetCachePolicy"],
    update: ["cloudfront:UpdateCachePolicy"],
    delete: ["cloudfront:DeleteCachePolicy"],
  },
  "aws:cloudfront/originAccessIdentity:OriginAccessIdentity": {
    create: ["cloudfront:CreateCloudFrontOriginAccessIdentity"],
    read: ["cloudfront:GetCloudFrontOriginAccessIdentity"],
    update: ["cloudfront:UpdateCloudFrontOriginAccessIdentity"],
    delete: ["cloudfront:DeleteCloudFrontOriginAccessIdentity"],
  },
  "aws:ec2/defaultVpc:DefaultVpc": {
    create: ["ec2:DescribeVpcs *", "ec2:CreateTags if tagsAll"],
    read: ["ec2:DescribeVpcs *", "ec2:DescribeVpcAttribute *"],
    update: ["ec2:ModifyVpcAttribute"],
  },
};
