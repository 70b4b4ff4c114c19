import type { Permissions } from "./permissions";

/** ECR, ECS, Application Auto Scaling and Lambda. */
export const compute: Permissions = {
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
      "aws:ecs/cluster:Cluster": ["CreateCluster", "UpdateCluster", "UpdateClusterSettings", "DeleteCluster"],
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
};
