import { compute } from "./compute";
import { data } from "./data";
import { network } from "./network";
import { operations } from "./operations";
import type { Permissions, ServicePermissions } from "./permissions";
import { ofRoles } from "./roles";
import { document, type Place, type Statement } from "./statements";

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

/** A stack, as far as what may deploy it depends on it. */
export interface DeployedStack extends Place {
  /** The boundary of all its roles. */
  readonly boundaryArn: string;
  /** The Route 53 zone that it writes records into; undefined where people do. */
  readonly zoneId?: string;
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
export function deployPolicies(stack: DeployedStack): Readonly<Record<string, string>> {
  const groups = Object.entries(deployPermissions).map(([group, services]) => [
    group,
    document(Object.entries(services).flatMap(([service, row]) => ofService(service, row, stack))),
  ]);
  return {
    ...Object.fromEntries(groups),
    domain: document(ofRecords(stack.zoneId)),
    roles: document(ofRoles(stack, stack.boundaryArn)),
    state: document(ofState(stack)),
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
 * Route 53 is one for all regions. A zone holds more than this chat: only records of the kinds that the program makes may
 * change, and only in the stack's own zone, so that neither mail nor delegation can be taken over.
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
