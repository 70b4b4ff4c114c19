import type { Place, Statement } from "./statements";

/**
 * The right to create roles without a boundary is the right to do everything. So the role that deploys may create,
 * change and delete roles only with the boundary, and may change neither the boundary nor itself.
 */
export function ofRoles({ accountId }: Place, boundaryArn: string): Statement[] {
  const own = (kind: string, name: string) => `arn:aws:iam::${accountId}:${kind}/${name}`;
  const roles = [own("role", "chatpop-*")];
  return [
    {
      Effect: "Allow",
      Action: ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions", "iam:ListPolicyTags"],
      Resource: [own("policy", "chatpop-*")],
    },
    {
      Effect: "Allow",
      Action: [
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListRolePolicies",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRoleTags",
        // IAM does not support the condition on the boundary for these actions.
        "iam:TagRole",
        "iam:UntagRole",
      ],
      Resource: roles,
    },
    {
      Effect: "Allow",
      Action: [
        "iam:CreateRole",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
        "iam:AttachRolePolicy",
        "iam:DetachRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
        "iam:UpdateAssumeRolePolicy",
        "iam:DeleteRole",
      ],
      Resource: roles,
      Condition: { StringEquals: { "iam:PermissionsBoundary": boundaryArn } },
    },
    {
      // IAM does not support the condition here either, but a service can assume only a role that trusts it.
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: roles,
      Condition: { StringEquals: { "iam:PassedToService": passedTo } },
    },
    {
      // AWS creates the service-linked role with the account's first cluster, load balancer or database.
      Effect: "Allow",
      Action: ["iam:CreateServiceLinkedRole"],
      Resource: [own("role", "aws-service-role/*")],
      Condition: { StringLike: { "iam:AWSServiceName": serviceLinked } },
    },
    {
      Effect: "Deny",
      Action: [
        "iam:Add*",
        "iam:Attach*",
        "iam:Create*",
        "iam:Delete*",
        "iam:Detach*",
        "iam:Put*",
        "iam:Set*",
        "iam:Tag*",
        "iam:Untag*",
        "iam:Update*",
        "iam:PassRole",
      ],
      Resource: [
        own("role", "chatpop-deploy-*"),
        own("policy", "chatpop-deploy-*"),
        own("policy", "chatpop-boundary-*"),
      ],
    },
  ];
}

/** Services that receive a role of the program (iam:PassRole). */
const passedTo = [
  "ecs-tasks.amazonaws.com",
  "lambda.amazonaws.com",
  "rds.amazonaws.com",
  "scheduler.amazonaws.com",
  "backup.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

const serviceLinked = [
  "backup.amazonaws.com",
  "ecs.amazonaws.com",
  "ecs.application-autoscaling.amazonaws.com",
  "elasticache.amazonaws.com",
  "elasticloadbalancing.amazonaws.com",
  "rds.amazonaws.com",
];
