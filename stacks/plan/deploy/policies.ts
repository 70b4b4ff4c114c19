import { compute } from "./compute";
import { data } from "./data";
import { network } from "./network";
import { operations } from "./operations";
import type { Permissions, ServicePermissions } from "./permissions";
import { ofRoles } from "./roles";
import { document, type Place, type Statement } from "./statements";

/** Permissions of a deployment, by the suffix of the policy's name. */
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

/** Facts of a stack that decide the permissions of its deployment. */
export interface DeployedStack extends Place {
  /** Permissions boundary of all its roles. */
  readonly boundaryArn: string;
  /** Route 53 zone for its records; undefined if people write them. */
  readonly zoneId?: string;
}

/** GitHub's identity provider; an account has one for all stacks. */
export const githubHost = "token.actions.githubusercontent.com";

/** A trust policy: jobs of the environment `environment` in the GitHub repository `repository` may assume the role. */
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

/** Managed policies of the role that deploys, by the suffix of their names. */
export function deployPolicies(stack: DeployedStack): Readonly<Record<string, string>> {
  const groups = Object.entries(deployPermissions).map(([group, services]) => [
    group,
    document(Object.entries(services).flatMap(([service, row]) => ofService(service, row, stack))),
  ]);
  return {
    ...Object.fromEntries(groups),
    domain: document(ofRecords(stack.zoneId)),
    roles: document(ofRoles(stack, stack.boundaryArn)),
    // Both in one, for a role has ten policies at most.
    state: document([...ofState(stack), ...ofChecks(stack)]),
  };
}

/** Name suffixes of the policies from `deployPolicies`. */
export const policyNames: readonly string[] = [...Object.keys(deployPermissions), "domain", "roles", "state"];

/** Bucket and key of the state, as in delivery/bootstrap.yaml. A stack with another backend does not use them. */
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

/**
 * Further calls of the checks before an update: quotas, the account's plan and regions, and the roles of AWS's
 * services. The recovery after an interrupted job lists the resources by their tags.
 */
const ofChecks = ({ accountId }: Place): Statement[] => [
  {
    Effect: "Allow",
    Action: [
      "servicequotas:GetServiceQuota",
      "freetier:GetAccountPlanState",
      "ec2:DescribeRegions",
      "tag:GetResources",
    ],
    Resource: ["*"],
  },
  {
    Effect: "Allow",
    Action: ["iam:GetRole"],
    Resource: [`arn:aws:iam::${accountId}:role/aws-service-role/*`],
  },
];

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
    ...(row.ofOthers
      ? [
          {
            Effect: "Allow",
            Action: actions(row.ofOthers.actions),
            Resource: [`arn:aws:${row.ofOthers.service}:${where}:${accountId}:${row.ofOthers.name}`],
          } as const,
        ]
      : []),
    arns ? { Effect: "Allow", Action: changes, Resource: arns } : { ...anything, Action: changes },
  ];
}

/**
 * Route 53 is global. A zone holds more than this chat: the role may change only the record types that the program
 * creates, only in the stack's own zone, so that it cannot take over mail or delegation.
 */
const ofRecords = (zoneId: string | undefined): Statement[] => [
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
  ...(zoneId === undefined ? [] : [ofRecordsIn(zoneId)]),
];

const ofRecordsIn = (zoneId: string): Statement => ({
  Effect: "Allow",
  Action: ["route53:ChangeResourceRecordSets"],
  Resource: [`arn:aws:route53:::hostedzone/${zoneId}`],
  Condition: {
    "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["A", "CNAME"] },
  },
});
