import { balancerAccounts } from "../../aws/balancerAccounts";
import { isWebsite, partsOf } from "../buckets";
import { isAbout, openTo, openToStrangers, principals, wholeAccount } from "../permissions";
import { resourceRule, stackRule } from "../rule";
import { type Statement, statements } from "../statements";
import { canonical, types } from "../../aws/types";
import { asText, type Entries, findingIn, given, judged, known } from "../values";

const remedy = "Principal: the ARN of one role, or a condition on aws:SourceArn or aws:PrincipalArn";

const nobodyAsAWhole = () => false;

export const roleForNobodyElse = resourceRule(
  {
    name: "role-trust-named",
    type: types.role,
    description: "A role is taken on by a service or by a named role, not by everybody or by a whole account",
    severity: "critical",
    requirements: ["G-58", "GAP-5"],
    remedy,
    publicChecks: ["CKV_AWS_60", "CKV_AWS_61"],
  },
  [
    (properties) =>
      findingIn(statements(properties["assumeRolePolicy"]), (statement) =>
        judged(openTo(statement, nobodyAsAWhole) || openToStrangers(statement)),
      ),
  ],
);

/** Whether a key leaves itself to IAM of its own account, as AWS's default policy does: that account is the first named. */
const leavesToIam = (document: unknown) => {
  const owner = known(() =>
    [statements(document)]
      .flat()
      .filter((each) => each && isAbout(each, "kms:PutKeyPolicy"))
      .flatMap((each) => principals(each!))
      .map(wholeAccount)
      .find(Boolean),
  );
  return (account: string, statement: Statement) =>
    account === owner && isAbout(statement, "kms:PutKeyPolicy");
};

/** Documents that say who may use a resource, by the argument that holds them. */
const documents: readonly (readonly [type: string, property: string])[] = [
  [types.key, "policy"],
  [types.keyPolicy, "policy"],
  [types.secretPolicy, "policy"],
  [types.secret, "policy"],
  [types.topicPolicy, "policy"],
  [types.topic, "policy"],
  [types.queuePolicy, "policy"],
  [types.queue, "policy"],
  [types.eventBusPolicy, "policy"],
  [types.backupVaultPolicy, "policy"],
  [types.fileSystemPolicy, "policy"],
  [types.repositoryPolicy, "policy"],
  [types.registryPolicy, "policy"],
  [types.tablePolicy, "policy"],
  [types.streamPolicy, "policy"],
  [types.searchDomain, "accessPolicies"],
  [types.searchDomainPolicy, "accessPolicies"],
  [types.logPolicy, "policyDocument"],
  [types.accessPointPolicy, "policy"],
  [types.sesPolicy, "policy"],
];

export const resourcesForNobodyElse = resourceRule(
  {
    name: "resource-policy-named",
    type: [...documents.map(([type]) => type), types.snapshot, types.clusterSnapshot],
    description:
      "A key, secret, topic, queue, repository, table, event bus, file system or vault is open to named roles and services only",
    severity: "critical",
    requirements: ["G-58", "GAP-5"],
    remedy,
    publicChecks: ["CKV_AWS_33", "CKV_AWS_169", "CKV_AWS_168", "CKV_AWS_32", "AWS-0032"],
  },
  [
    (properties, _config, { type }) =>
      findingIn(
        documents.filter(([each]) => each === canonical(type)),
        ([, property]) => {
          const document = properties[property];
          return findingIn(statements(document), (statement) =>
            judged(openTo(statement, leavesToIam(document))),
          );
        },
      ),
    ({ sharedAccounts }) =>
      findingIn(
        sharedAccounts as Entries<string>,
        (account) => account === "all" && "is for every account of AWS (sharedAccounts all)",
      ),
  ],
);

/** Accounts of AWS, which Elastic Load Balancing writes access logs from where a policy does not name it as a service. */
const writesLogs = (account: string, { Action }: Statement) =>
  balancerAccounts.includes(account) &&
  [Action ?? []].flat().every((action) => /^s3:PutObject$/i.test(asText(action)));

const readsOnly = ({ Action }: Statement) =>
  [Action ?? []].flat().every((action) => /^s3:Get(Object|ObjectVersion)$/i.test(asText(action)));

export const bucketsForNobodyElse = stackRule(
  {
    name: "bucket-policy-named",
    description: "A bucket's policy lets in named roles and services only; a web site's lets everybody read",
    subject: "policy of a bucket",
    severity: "critical",
    requirements: ["G-177", "GAP-19"],
    remedy,
    publicChecks: ["CKV_AWS_70", "S5", "S3.2", "S3.3", "S3.6"],
  },
  function* (stack) {
    for (const bucket of stack.ofType(types.bucket)) {
      for (const part of partsOf(stack, bucket, types.bucketPolicy, "policy")) {
        yield* stack.judge(part, () =>
          findingIn(
            statements(part.props["policy"]),
            (statement) =>
              !(isWebsite(stack, bucket) && readsOnly(statement)) && judged(openTo(statement, writesLogs)),
          ),
        );
      }
    }
  },
);

export const functionsForNobodyElse = resourceRule(
  {
    name: "function-access-named",
    type: [types.functionUrl, types.functionPermission, types.layerPermission],
    description: "A function is called by named roles and services only, not by its address on the internet",
    severity: "critical",
    requirements: ["G-58"],
    remedy: 'authorizationType: "AWS_IAM"; in a permission a principal with sourceArn',
    publicChecks: ["CKV_AWS_258", "CKV_AWS_301", "CKV_AWS_364", "Lambda.1"],
  },
  [
    ({ authorizationType }, _config, { type }) =>
      type === types.functionUrl && authorizationType === "NONE" && "is called by everybody on the internet",
    ({ principal, organizationId }, _config, { type }) =>
      type === types.layerPermission &&
      principal === "*" &&
      !organizationId &&
      "lets everybody have the code of the layer",
    (properties, _config, { type }) => {
      const bounds = ["sourceArn", "sourceAccount", "principalOrgId", "eventSourceToken"];
      if (type !== types.functionPermission) return undefined;
      if (bounds.some((each) => given(properties, each))) return false;
      const who = asText(properties["principal"]);
      if (who === "*") return "lets everybody invoke the function";
      if (/\.amazonaws\.com$/.test(who)) return `lets ${who} invoke the function for every account`;
      const account = wholeAccount(who);
      return account !== undefined && `lets everybody of account ${account} invoke the function`;
    },
  ],
);
