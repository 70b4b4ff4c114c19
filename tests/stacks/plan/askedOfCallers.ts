/** Further permissions that AWS asks of an action's caller. */
export interface AskedOfCaller {
  /** The call. */
  readonly call: string;
  /** Further permissions of its caller. */
  readonly asks: readonly string[];
  /** On what, in account 123456789012 and region us-east-1. */
  readonly on: string;
  /** Who says so. */
  readonly source: string;
}

const appAutoScaling = "https://docs.aws.amazon.com/autoscaling/application/userguide";

/** Where a service looks into another one with its caller's permissions, so that AWS's table of actions does not tell. */
export const askedOfCallers: readonly AskedOfCaller[] = [
  {
    call: "elasticloadbalancing:CreateLoadBalancer",
    asks: ["ec2:GetSecurityGroupsForVpc", "ec2:DescribeSubnets", "ec2:DescribeInternetGateways"],
    on: "*",
    source: "https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/3917",
  },
  {
    // "We call the PutMetricAlarm API without any parameters": no alarm's name to allow it for.
    call: "application-autoscaling:PutScalingPolicy",
    asks: ["cloudwatch:PutMetricAlarm", "cloudwatch:DescribeAlarms", "cloudwatch:DeleteAlarms"],
    on: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:",
    source: `${appAutoScaling}/security_iam_permission_validation.html`,
  },
  {
    call: "application-autoscaling:RegisterScalableTarget",
    asks: ["ecs:DescribeServices", "ecs:UpdateService"],
    on: "arn:aws:ecs:us-east-1:123456789012:service/chatpop-1a2b3c4/chatpop-backend-service-1a2b3c4",
    source: `${appAutoScaling}/security_iam_id-based-policy-examples.html`,
  },
  {
    call: "backup:CreateBackupVault",
    asks: ["backup-storage:MountCapsule"],
    on: "*",
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/access-control.html",
  },
  {
    call: "wafv2:AssociateWebACL",
    asks: ["elasticloadbalancing:SetWebACL"],
    on: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/chatpop-alb-1a2b3c4/1",
    source: "https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html",
  },
  {
    call: "lambda:CreateFunction",
    asks: ["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"],
    on: "*",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
  },
  {
    call: "elasticache:CreateReplicationGroup",
    asks: ["ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"],
    on: "*",
    source:
      "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonElastiCacheFullAccess.html",
  },
];
