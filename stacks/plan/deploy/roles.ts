import type { Place, Statement } from "./statements";

/**
 * Whoever may create roles may do everything, unless each of them is bounded. So roles are created, changed and deleted
 * only under the boundary, and neither it nor the role that deploys can be changed by that role.
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
        // IAM asks for no boundary here.
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
      // IAM knows no boundary here, but a service can only take on a role that trusts it.
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: roles,
      Condition: { StringEquals: { "iam:PassedToService": passedTo } },
    },
    {
      // The first cluster, load balancer or database of an account makes AWS create the service's own role.
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

/** Services that a role of the program is handed to. */
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
