// What `pulumi up` of this program asks of AWS. A role may do nothing else, so a new resource type needs a row here.

/** What a deployment may do with one AWS service; actions stand without the service's name in front. */
export interface ServicePermissions {
  /** Actions by the resource type of the program that needs them. */
  readonly types: Readonly<Record<string, readonly string[]>>;
  /** Actions for every type of the service, its tags above all. */
  readonly always: readonly string[];
  /** Actions that only list and describe; they are allowed on everything. */
  readonly reads?: readonly string[];
  /**
   * What the other actions are for, from the ARN's account on: AWS sees `chatpop-db-2034aca` because the program calls
   * it `chatpop-db`. Left out where ARNs carry no names; then only the region limits them.
   */
  readonly names?: readonly string[];
  /** Complete ARNs in place of `names`, for a service whose ARNs carry no region. */
  readonly arns?: readonly string[];
  /** Actions of a service with `names` that AWS limits to no resource. */
  readonly unnamed?: readonly string[];
  /** True where the program has resources in another region too. @default false */
  readonly everyRegion?: boolean;
}

const ingress = ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"];
const egress = ["AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress"];
/** Lambda leaves network interfaces behind, and the provider removes them with their subnet or group. */
const leftInterfaces = ["DetachNetworkInterface", "DeleteNetworkInterface"];

/** By group, then by service as IAM names it. A group is one managed policy, which may have 6,144 characters. */
export const deployPermissions: Readonly<Record<string, Readonly<Record<string, ServicePermissions>>>> = {
  network: {
    ec2: {
      reads: ["Describe*"],
      always: ["CreateTags", "DeleteTags"],
      types: {
        "aws:ec2/vpc:Vpc": ["CreateVpc", "DeleteVpc", "ModifyVpcAttribute"],
        "aws:ec2/subnet:Subnet": ["CreateSubnet", "DeleteSubnet", "ModifySubnetAttribute", ...leftInterfaces],
        "aws:ec2/internetGateway:InternetGateway": [
          "CreateInternetGateway",
          "AttachInternetGateway",
          "DetachInternetGateway",
          "DeleteInternetGateway",
        ],
        "aws:ec2/eip:Eip": ["AllocateAddress", "DisassociateAddress", "ReleaseAddress"],
        "aws:ec2/natGateway:NatGateway": ["CreateNatGateway", "DeleteNatGateway"],
        "aws:ec2/routeTable:RouteTable": ["CreateRouteTable", "DeleteRouteTable"],
        "aws:ec2/route:Route": ["CreateRoute", "ReplaceRoute", "DeleteRoute"],
        "aws:ec2/routeTableAssociation:RouteTableAssociation": [
          "AssociateRouteTable",
          "ReplaceRouteTableAssociation",
          "DisassociateRouteTable",
        ],
        "aws:ec2/vpcEndpoint:VpcEndpoint": ["CreateVpcEndpoint", "ModifyVpcEndpoint", "DeleteVpcEndpoints"],
        "aws:ec2/securityGroup:SecurityGroup": [
          "CreateSecurityGroup",
          "DeleteSecurityGroup",
          ...egress,
          ...leftInterfaces,
        ],
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [...ingress, ...egress],
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [...ingress, "ModifySecurityGroupRules"],
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [...egress, "ModifySecurityGroupRules"],
      },
    },
    elasticloadbalancing: {
      reads: ["Describe*"],
      always: ["AddTags", "RemoveTags"],
      names: [
        "loadbalancer/app/chatpop-*",
        "targetgroup/chatpop-*",
        "listener/app/chatpop-*",
        "listener-rule/app/chatpop-*",
      ],
      types: {
        "aws:wafv2/webAclAssociation:WebAclAssociation": ["SetWebACL"],
        "aws:lb/loadBalancer:LoadBalancer": [
          "CreateLoadBalancer",
          "ModifyLoadBalancerAttributes",
          "SetSecurityGroups",
          "SetSubnets",
          "DeleteLoadBalancer",
        ],
        "aws:lb/targetGroup:TargetGroup": [
          "CreateTargetGroup",
          "ModifyTargetGroup",
          "ModifyTargetGroupAttributes",
          "DeleteTargetGroup",
        ],
        "aws:lb/listener:Listener": [
          "CreateListener",
          "ModifyListener",
          "ModifyListenerAttributes",
          "DeleteListener",
        ],
      },
    },
    acm: {
      reads: ["ListTagsForCertificate"],
      always: ["AddTagsToCertificate", "RemoveTagsFromCertificate"],
      types: {
        "aws:acm/certificate:Certificate": ["RequestCertificate", "DescribeCertificate", "DeleteCertificate"],
        "aws:acm/certificateValidation:CertificateValidation": ["DescribeCertificate"],
      },
    },
    wafv2: {
      reads: ["ListTagsForResource"],
      always: ["TagResource", "UntagResource"],
      // A web ACL names groups of AWS's own rules, and stands before a load balancer.
      names: ["regional/webacl/chatpop-*", "regional/managedruleset/*"],
      types: {
        "aws:wafv2/webAcl:WebAcl": ["CreateWebACL", "GetWebACL", "UpdateWebACL", "DeleteWebACL"],
        "aws:wafv2/webAclAssociation:WebAclAssociation": ["AssociateWebACL", "DisassociateWebACL"],
      },
    },
  },

  data: {
    rds: {
      reads: ["Describe*", "ListTagsForResource"],
      always: ["AddTagsToResource", "RemoveTagsFromResource"],
      unnamed: ["CreateDBProxy"],
      // Proxies and their target groups have drawn ids in their ARNs.
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
    s3: {
      always: ["GetBucket*", "Get*Configuration", "ListBucket", "PutBucketTagging"],
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
  },

  compute: {
    ecr: {
      // The pipeline pushes the image before the update names it.
      always: [
        "DescribeRepositories",
        "DescribeImages",
        "GetLifecyclePolicy",
        "ListTagsForResource",
        "TagResource",
        "UntagResource",
        "BatchCheckLayerAvailability",
        "BatchGetImage",
        "GetDownloadUrlForLayer",
        "InitiateLayerUpload",
        "UploadLayerPart",
        "CompleteLayerUpload",
        "PutImage",
      ],
      unnamed: ["GetAuthorizationToken"],
      names: ["repository/chatpop-*"],
      types: {
        "aws:ecr/repository:Repository": [
          "CreateRepository",
          "PutImageTagMutability",
          "PutImageScanningConfiguration",
          "DeleteRepository",
        ],
        "aws:ecr/lifecyclePolicy:LifecyclePolicy": ["PutLifecyclePolicy", "DeleteLifecyclePolicy"],
      },
    },
    ecs: {
      reads: ["Describe*", "List*"],
      always: ["TagResource", "UntagResource"],
      unnamed: ["DeregisterTaskDefinition"],
      names: ["cluster/chatpop-*", "service/chatpop-*", "task-definition/chatpop-*"],
      types: {
        "aws:ecs/cluster:Cluster": [
          "CreateCluster",
          "UpdateCluster",
          "UpdateClusterSettings",
          "DeleteCluster",
        ],
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": ["PutClusterCapacityProviders"],
        "aws:ecs/taskDefinition:TaskDefinition": ["RegisterTaskDefinition"],
        "aws:ecs/service:Service": ["CreateService", "UpdateService", "DeleteService"],
      },
    },
    "application-autoscaling": {
      reads: ["Describe*", "ListTagsForResource"],
      always: ["TagResource", "UntagResource"],
      names: ["scalable-target/*"],
      types: {
        "aws:appautoscaling/target:Target": ["RegisterScalableTarget", "DeregisterScalableTarget"],
        "aws:appautoscaling/policy:Policy": ["PutScalingPolicy", "DeleteScalingPolicy"],
        "aws:appautoscaling/scheduledAction:ScheduledAction": ["PutScheduledAction", "DeleteScheduledAction"],
      },
    },
    lambda: {
      always: [
        "GetFunction",
        "GetFunctionCodeSigningConfig",
        "GetFunctionConfiguration",
        "ListTags",
        "ListVersionsByFunction",
        "TagResource",
        "UntagResource",
      ],
      names: ["function:chatpop-*"],
      types: {
        "aws:lambda/function:Function": [
          "CreateFunction",
          "UpdateFunctionCode",
          "UpdateFunctionConfiguration",
          "DeleteFunction",
        ],
        "aws:lambda/invocation:Invocation": ["InvokeFunction"],
      },
    },
  },

  operations: {
    scheduler: {
      always: [],
      names: ["schedule/default/chatpop-*"],
      types: {
        "aws:scheduler/schedule:Schedule": [
          "CreateSchedule",
          "GetSchedule",
          "UpdateSchedule",
          "DeleteSchedule",
        ],
      },
    },
    backup: {
      reads: ["ListBackup*", "ListRecoveryPoints*", "ListTags"],
      always: ["TagResource", "UntagResource"],
      // Plans have drawn ids in their ARNs.
      names: ["backup-vault:chatpop-*", "backup-plan:*"],
      everyRegion: true,
      types: {
        "aws:backup/vault:Vault": [
          "CreateBackupVault",
          "DescribeBackupVault",
          "DeleteBackupVault",
          "DeleteRecoveryPoint",
        ],
        "aws:backup/plan:Plan": ["CreateBackupPlan", "GetBackupPlan", "UpdateBackupPlan", "DeleteBackupPlan"],
        "aws:backup/selection:Selection": [
          "CreateBackupSelection",
          "GetBackupSelection",
          "DeleteBackupSelection",
        ],
      },
    },
    // Asked of whoever creates a vault.
    "backup-storage": { always: ["MountCapsule"], everyRegion: true, types: {} },
    logs: {
      reads: ["Describe*", "ListTagsForResource"],
      always: ["TagResource", "UntagResource"],
      names: ["log-group:/ecs/chatpop-*", "log-group:/aws/lambda/chatpop-*"],
      types: {
        "aws:cloudwatch/logGroup:LogGroup": [
          "CreateLogGroup",
          "PutRetentionPolicy",
          "DeleteRetentionPolicy",
          "DeleteLogGroup",
        ],
      },
    },
  },
};

/** Types that `deployPolicies` has rules of its own for. */
export const typesWithOwnRules: readonly string[] = [
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:route53/record:Record",
];
