import { compute } from "./compute";
import { data } from "./data";
import { network } from "./network";
import { operations } from "./operations";
import type { Permissions, ServicePermissions } from "./permissions";

/** What a deployment may do, by the end of the policy's name. */
export const deployPermissions: Readonly<Record<string, Permissions>> = {
  network,
  data,
  compute,
  operations,
};

/** Resource types that have rules of their own below. */
export const typesWithOwnRules: readonly string[] = [
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:route53/record:Record",
];

/** Where a policy holds. */
export interface Place {
  /** The account's 12 digits. */
  readonly accountId: string;
  /** The stack's region: `us-east-1`. */
  readonly region: string;
}

/** One statement of an IAM policy, spelled as IAM wants it. */
export interface Statement {
  /** `Deny` wins over every `Allow`. */
  readonly Effect: "Allow" | "Deny";
  /** With the service in front: `ecs:UpdateService`. */
  readonly Action: readonly string[];
  /** ARNs, which may hold wildcards, or `*`. */
  readonly Resource: readonly string[];
  /** Operator, key, value: `{ StringEquals: { "aws:RequestedRegion": "us-east-1" } }`; left out, it always holds. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** GitHub's identity provider, which an account has once for all its stacks. */
export const githubHost = "token.actions.githubusercontent.com";

/** A trust policy: jobs of the environment `environment` in the GitHub repository `repository` may take on the role. */
export function githubTrust(repository: string, environment: string, accountId: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: `arn:aws:iam::${accountId}:oidc-provider/${githubHost}` },
        // Equal, not like: with a wildcard any branch, pull request or repository could deploy (GAP-29).
        Condition: {
          StringEquals: {
            [`${githubHost}:aud`]: "sts.amazonaws.com",
            [`${githubHost}:sub`]: `repo:${repository}:environment:${environment}`,
          },
        },
      },
    ],
  });
}

/** The managed policies of the role that deploys, by the end of their names. */
export function deployPolicies(place: Place, boundaryArn: string): Readonly<Record<string, string>> {
  const groups = Object.entries(deployPermissions).map(([group, services]) => [
    group,
    document(Object.entries(services).flatMap(([service, row]) => ofService(service, row, place))),
  ]);
  return {
    ...Object.fromEntries(groups),
    domain: document(ofRecords),
    roles: document(ofRoles(place, boundaryArn)),
    state: document(ofState(place)),
  };
}

/** Ends of the names of the policies that `deployPolicies` makes. */
export const policyNames: readonly string[] = [...Object.keys(deployPermissions), "domain", "roles", "state"];

/** The state's bucket and key, as delivery/bootstrap.yaml names them. Nothing there belongs to a stack with another backend. */
function ofState({ accountId }: Place): Statement[] {
  const bucket = `arn:aws:s3:::pulumi-chatpop-${accountId}-*`;
  return [
    { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [bucket] },
    {
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      Resource: [`${bucket}/*`],
    },
    {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
      Resource: [`arn:aws:kms:*:${accountId}:key/*`],
      Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/chatpop-state" } },
    },
  ];
}

/** A policy document of these statements. */
export const document = (statements: readonly Statement[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

function ofService(service: string, row: ServicePermissions, { accountId, region }: Place): Statement[] {
  const actions = (names: readonly string[]) =>
    [...new Set(names)].sort().map((action) => `${service}:${action}`);
  const changes = actions([...Object.values(row.types).flat(), ...row.always]);
  const here = row.everyRegion ? {} : { Condition: { StringEquals: { "aws:RequestedRegion": region } } };
  const where = row.everyRegion ? "*" : region;
  const anything = { Effect: "Allow", Resource: ["*"], ...here } as const;
  const arns = row.arns ?? row.names?.map((name) => `arn:aws:${service}:${where}:${accountId}:${name}`);
  return [
    ...(row.reads ? [{ ...anything, Action: actions(row.reads) }] : []),
    ...(row.unnamed ? [{ ...anything, Action: actions(row.unnamed) }] : []),
    arns ? { Effect: "Allow", Action: changes, Resource: arns } : { ...anything, Action: changes },
  ];
}

/**
 * Route 53 is one for all regions. A zone holds more than this chat: only records of the kinds that the program makes may
 * change, so that neither mail nor delegation can be taken over.
 */
const ofRecords: readonly Statement[] = [
  {
    Effect: "Allow",
    Action: [
      "route53:GetChange",
      "route53:GetHostedZone",
      "route53:ListHostedZones",
      "route53:ListHostedZonesByName",
      "route53:ListResourceRecordSets",
      "route53:ListTagsForResource",
    ],
    Resource: ["*"],
  },
  {
    Effect: "Allow",
    Action: ["route53:ChangeResourceRecordSets"],
    Resource: ["arn:aws:route53:::hostedzone/*"],
    Condition: {
      "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["A", "CNAME"] },
    },
  },
];

/** Services that a role of the program is handed to. */
const passedTo = [
  "ecs-tasks.amazonaws.com",
  "lambda.amazonaws.com",
  "rds.amazonaws.com",
  "scheduler.amazonaws.com",
  "backup.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

/**
 * Whoever may create roles may do everything, unless each of them is bounded. So roles are created and given
 * permissions only under the boundary, and neither it nor the role that deploys can be changed by that role.
 */
function ofRoles({ accountId }: Place, boundaryArn: string): Statement[] {
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
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
        "iam:UpdateAssumeRolePolicy",
        "iam:DeleteRole",
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
      ],
      Resource: roles,
      Condition: { StringEquals: { "iam:PermissionsBoundary": boundaryArn } },
    },
    {
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

const serviceLinked = [
  "backup.amazonaws.com",
  "ecs.amazonaws.com",
  "ecs.application-autoscaling.amazonaws.com",
  "elasticache.amazonaws.com",
  "elasticloadbalancing.amazonaws.com",
  "rds.amazonaws.com",
];
