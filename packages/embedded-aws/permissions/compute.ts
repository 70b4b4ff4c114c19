// Permissions for containers, functions, load balancers and their scaling.
import type { NeedsByType } from "./needs";

/** ECS gives the roles of a task definition to its tasks. */
const passTask = [
  "iam:PassRole @executionRoleArn -> ecs-tasks.amazonaws.com",
  "iam:PassRole @taskRoleArn -> ecs-tasks.amazonaws.com",
];
const elb = "elasticloadbalancing";
/** Load balancing describes the network with its caller's permissions. */
const looks = [
  ...["ec2:DescribeSubnets *", "ec2:DescribeSecurityGroups *", "ec2:DescribeVpcs *"],
  ...["ec2:DescribeInternetGateways *", "ec2:DescribeAccountAttributes *", "ec2:GetSecurityGroupsForVpc *"],
];

/** Lambda checks a function's network with its caller's permissions. */
const functionNetwork = [
  ...["ec2:DescribeSecurityGroups * if vpcConfig", "ec2:DescribeSubnets * if vpcConfig"],
  "ec2:DescribeVpcs * if vpcConfig",
];

export const compute: NeedsByType = {
  "aws:ecr/repository:Repository": {
    create: ["ecr:CreateRepository", "ecr:TagResource if tagsAll"],
    read: ["ecr:DescribeRepositories", "ecr:ListTagsForResource"],
    update: ["ecr:PutImageTagMutability", "ecr:PutImageScanningConfiguration", "ecr:TagResource if tagsAll"],
    delete: ["ecr:DeleteRepository"],
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    arn: "arn:aws:ecr:{region}:{account}:repository/{repository}",
    create: ["ecr:PutLifecyclePolicy"],
    read: ["ecr:GetLifecyclePolicy"],
    update: ["ecr:PutLifecyclePolicy"],
    delete: ["ecr:DeleteLifecyclePolicy"],
  },
  "aws:ecs/cluster:Cluster": {
    create: ["ecs:CreateCluster", "ecs:TagResource if tagsAll"],
    read: ["ecs:DescribeClusters"],
    update: ["ecs:UpdateCluster"],
    delete: ["ecs:DeleteCluster"],
  },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {
    arn: "arn:aws:ecs:{region}:{account}:cluster/{clusterName}",
    create: ["ecs:PutClusterCapacityProviders"],
    read: ["ecs:DescribeClusters"],
    update: ["ecs:PutClusterCapacityProviders"],
    delete: ["ecs:PutClusterCapacityProviders"],
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    create: ["ecs:RegisterTaskDefinition", "ecs:TagResource if tagsAll", ...passTask],
    read: ["ecs:DescribeTaskDefinition *"],
    update: ["ecs:TagResource if tagsAll"],
    delete: ["ecs:DeregisterTaskDefinition *"],
  },
  "aws:ecs/service:Service": {
    create: ["ecs:CreateService", "ecs:TagResource if tagsAll"],
    read: ["ecs:DescribeServices"],
    update: ["ecs:UpdateService"],
    delete: ["ecs:UpdateService", "ecs:DeleteService"],
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    create: [
      ...[`${elb}:CreateLoadBalancer`, `${elb}:ModifyLoadBalancerAttributes`, `${elb}:AddTags if tagsAll`],
      ...looks,
    ],
    read: [
      ...[
        `${elb}:DescribeLoadBalancers *`,
        `${elb}:DescribeLoadBalancerAttributes *`,
        `${elb}:DescribeTags *`,
      ],
    ],
    update: [`${elb}:ModifyLoadBalancerAttributes`, `${elb}:AddTags if tagsAll`],
    delete: [`${elb}:DeleteLoadBalancer`],
  },
  "aws:lb/targetGroup:TargetGroup": {
    create: [
      ...[`${elb}:CreateTargetGroup`, `${elb}:ModifyTargetGroupAttributes`, `${elb}:AddTags if tagsAll`],
      "ec2:DescribeVpcs *",
    ],
    read: [
      `${elb}:DescribeTargetGroups *`,
      `${elb}:DescribeTargetGroupAttributes *`,
      `${elb}:DescribeTags *`,
    ],
    update: [`${elb}:ModifyTargetGroup`, `${elb}:ModifyTargetGroupAttributes`],
    delete: [`${elb}:DeleteTargetGroup`],
  },
  "aws:lb/listener:Listener": {
    create: [`${elb}:CreateListener @loadBalancerArn`, `${elb}:AddTags if tagsAll`],
    read: [`${elb}:DescribeListeners *`, `${elb}:DescribeListenerAttributes *`, `${elb}:DescribeTags *`],
    update: [`${elb}:ModifyListener`],
    delete: [`${elb}:DeleteListener`],
  },
  "aws:lb/listenerRule:ListenerRule": {
    create: [`${elb}:CreateRule @listenerArn`, `${elb}:AddTags if tagsAll`],
    read: [`${elb}:DescribeRules *`, `${elb}:DescribeTags *`],
    update: [`${elb}:ModifyRule`, `${elb}:SetRulePriorities if priority`],
    delete: [`${elb}:DeleteRule`],
  },
  "aws:appautoscaling/target:Target": {
    arn: "arn:aws:application-autoscaling:{region}:{account}:scalable-target/0",
    create: [
      ...["application-autoscaling:RegisterScalableTarget", "application-autoscaling:TagResource if tagsAll"],
      ...["ecs:DescribeServices =arn:aws:ecs:{region}:{account}:{resourceId}"],
      "ecs:UpdateService =arn:aws:ecs:{region}:{account}:{resourceId}",
    ],
    read: [
      "application-autoscaling:DescribeScalableTargets *",
      "application-autoscaling:ListTagsForResource",
    ],
    update: ["application-autoscaling:RegisterScalableTarget"],
    delete: ["application-autoscaling:DeregisterScalableTarget"],
  },
  "aws:appautoscaling/policy:Policy": {
    arn: "arn:aws:application-autoscaling:{region}:{account}:scalable-target/0",
    create: [
      ...[
        "application-autoscaling:PutScalingPolicy",
        "cloudwatch:PutMetricAlarm =arn:aws:cloudwatch:{region}:{account}:alarm:TargetTracking-{resourceId}-AlarmHigh",
      ],
      "cloudwatch:DescribeAlarms *",
    ],
    read: ["application-autoscaling:DescribeScalingPolicies *"],
    update: ["application-autoscaling:PutScalingPolicy"],
    delete: ["application-autoscaling:DeleteScalingPolicy"],
  },
  "aws:appautoscaling/scheduledAction:ScheduledAction": {
    arn: "arn:aws:application-autoscaling:{region}:{account}:scalable-target/0",
    create: ["application-autoscaling:PutScheduledAction"],
    read: ["application-autoscaling:DescribeScheduledActions *"],
    update: ["application-autoscaling:PutScheduledAction"],
    delete: ["application-autoscaling:DeleteScheduledAction"],
  },
  "aws:lambda/function:Function": {
    create: [
      ...[
        "lambda:CreateFunction",
        "lambda:TagResource if tagsAll",
        "iam:PassRole @role -> lambda.amazonaws.com",
      ],
      ...functionNetwork,
    ],
    read: [...["lambda:GetFunction", "lambda:GetFunctionCodeSigningConfig", "lambda:ListVersionsByFunction"]],
    update: [
      ...[
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        "iam:PassRole @role -> lambda.amazonaws.com",
      ],
      ...functionNetwork,
    ],
    delete: ["lambda:DeleteFunction"],
  },
  "aws:lambda/invocation:Invocation": {
    arn: "arn:aws:lambda:{region}:{account}:function:{functionName}",
    create: ["lambda:InvokeFunction"],
    update: ["lambda:InvokeFunction if crud"],
    delete: ["lambda:InvokeFunction if crud"],
  },
};
