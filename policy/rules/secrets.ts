import type { PolicyResource } from "@pulumi/policy";
import { containers } from "../containers";
import { resourceRule, stackRule } from "../rule";
import { excesses, wholeServices } from "../permissions";
import { type Statement, statements } from "../statements";
import { has } from "../stack";
import { types } from "../../aws/types";
import { type Entries, type Finding, findingIn, known } from "../values";

/**
 * A secret with the six characters that AWS adds to its name, perhaps one key of it; or a parameter, of which ECS also
 * takes the name alone where it is in the same region.
 */
const secretReference =
  /^arn:aws[\w-]*:(secretsmanager:[\w-]+:\d{12}:secret:[^:]+-[A-Za-z0-9]{6}(:[^:]*:[^:]*:[^:]*)?|ssm:[\w-]+:\d{12}:parameter\/.+)$|^\/?[\w.-]+(\/[\w.-]+)*$/;

export const secretsByFullArn = resourceRule(
  {
    name: "secrets-by-full-arn",
    type: types.taskDefinition,
    description: "Containers name secrets by their full ARN, and keys of JSON secrets with them",
    subject: "secret in a container",
    severity: "high",
    requirements: ["G-68", "G-69", "GAP-5", "GAP-6"],
    remedy: 'valueFrom: the secret\'s arn, or "<arn>:password::" for one key of it',
  },
  [
    (properties) => {
      const secrets = containers(properties).flatMap((each) => each.secrets);
      return findingIn(
        secrets,
        ({ name, valueFrom }) =>
          !secretReference.test(valueFrom) && `${name} names its secret incompletely: ${valueFrom}`,
      );
    },
  ],
);

/** Whether a statement allows everything, or everything of a service, with everything; all but a few is no better. */
const everything = ({ Effect, Action, NotAction, Resource, NotResource }: Statement): Finding =>
  Effect === "Allow" &&
  findingIn(
    NotResource ? "*" : Resource,
    (resource) =>
      resource === "*" &&
      findingIn(
        NotAction ? "*" : Action,
        (action) => /^\*$|:\*$/.test(action) && "allows all actions of a service on all resources",
      ),
  );

/** Sentence on all permissions of a document beyond the program's own resources. */
function tooMuch(document: unknown): Finding {
  const excess = excesses(document).join(", ");
  return findingIn(statements(document), everything) || (excess !== "" && excess);
}

const policyDocuments: readonly string[] = [
  types.policy,
  types.rolePolicy,
  types.userPolicy,
  types.groupPolicy,
];
const attachments = [
  types.rolePolicyAttachment,
  types.userPolicyAttachment,
  types.groupPolicyAttachment,
  types.policyAttachment,
];

/** Managed policies that allow everything, everything of a service, or reading all data of the account. */
const powerful =
  /\/(AdministratorAccess[\w-]*|PowerUserAccess|\w*FullAccess\w*|SecretsManagerReadWrite|\w*PowerUser|DatabaseAdministrator|NetworkAdministrator|SystemAdministrator|DataScientist|ReadOnlyAccess|AmazonS3ReadOnlyAccess|AmazonSSMReadOnlyAccess|AmazonDynamoDBReadOnlyAccess|AmazonKinesisReadOnlyAccess|CloudWatchLogsReadOnlyAccess|AmazonElasticMapReduceRole|AWSLambdaRole|AmazonEC2RoleforSSM)$/;

export const noWildcardPermissions = resourceRule(
  {
    name: "no-wildcard-permissions",
    type: [...policyDocuments, ...attachments, types.role],
    description: "Nobody may do everything, nor everything of a service with everything",
    severity: "high",
    requirements: ["G-58", "GAP-5"],
    remedy: "list the actions, and the ARNs they are for",
    publicChecks: [
      "CKV_AWS_62",
      "CKV_AWS_63",
      "CKV_AWS_355",
      "CKV_AWS_274",
      "AWS-0057",
      "IAM4",
      "IAM5",
      "CKV_AWS_107",
      "CKV_AWS_110",
      "CKV_AWS_111",
      "IAM.1",
      "IAM.21",
      "KMS.1",
      "KMS.2",
    ],
  },
  [
    (properties, _config, { type }) => policyDocuments.includes(type) && tooMuch(properties["policy"]),
    {
      of: "chatpop",
      judge: (properties, _config, { type }) =>
        policyDocuments.includes(type) &&
        !tooMuch(properties["policy"]) &&
        findingIn(statements(properties["policy"]), (statement) => {
          const [whole] = wholeServices(statement);
          return whole !== undefined && `allows ${whole}, also what opens or deletes the resource`;
        }),
    },
    (properties) =>
      findingIn(properties["inlinePolicies"] as Entries<{ policy?: string }>, ({ policy }) =>
        tooMuch(policy),
      ),
    (properties) =>
      findingIn(["policyArn", "managedPolicyArns"], (property) =>
        findingIn(properties[property] as Entries<string>, (arn) => {
          const name = powerful.exec(arn)?.[1];
          return name && `has ${name}`;
        }),
      ),
  ],
);

export const noStaticKeys = resourceRule(
  {
    name: "no-static-keys",
    type: [types.accessKey, types.user],
    description: "Nothing works with keys that never expire",
    severity: "high",
    requirements: ["G-130", "GAP-29"],
    remedy: "a role that GitHub's OIDC provider may assume, instead of a user with keys",
    publicChecks: ["CKV_AWS_273"],
  },
  [
    (_properties, _config, { type }) =>
      type === types.accessKey ? "is a key that never expires" : "is a user; roles need no keys",
  ],
);

export const separateTaskRole = stackRule(
  {
    name: "separate-task-role",
    description: "The application's role is not the one that starts its tasks",
    subject: "task definition with both roles",
    severity: "medium",
    requirements: ["G-58", "GAP-5", "GAP-17"],
    remedy: "taskRoleArn: a role of its own, with only what the application itself does",
    publicChecks: ["CKV_AWS_249"],
  },
  function* (stack) {
    const roles = (task: PolicyResource, property: string) =>
      (task.propertyDependencies[property] ?? [])
        .map(({ urn }) => urn)
        .sort()
        .join();
    for (const task of stack.ofType(types.taskDefinition)) {
      if (!has(task, "executionRoleArn") || !has(task, "taskRoleArn")) continue;
      yield* stack.judge(task, () => {
        const values = known(() => [task.props["executionRoleArn"], task.props["taskRoleArn"]]);
        const [execution, own] = values ?? [roles(task, "executionRoleArn"), roles(task, "taskRoleArn")];
        return (
          execution && execution === own && "the application has the role that reads all secrets of its task"
        );
      });
    }
  },
);

/** Arguments that hold a secret itself, by type. */
const holdsSecret: Readonly<Record<string, string>> = {
  [types.database]: "password",
  [types.secretVersion]: "secretString",
};

export const secretsDrawn = stackRule(
  {
    name: "secrets-drawn",
    description: "The chat's passwords and keys are drawn, and nobody writes them into the program",
    severity: "critical",
    requirements: ["G-68", "G-188", "GAP-5"],
    remedy: "the result of a random.RandomPassword",
  },
  function* (stack) {
    // Another program may read them from its encrypted configuration, which looks the same.
    if (!stack.runsTheChat()) return stack.lacks("component of the chat");
    for (const [type, property] of Object.entries(holdsSecret)) {
      for (const each of stack.ofType(type).filter((one) => has(one, property))) {
        yield* stack.judge(
          each,
          () =>
            (each.propertyDependencies[property] ?? []).length === 0 &&
            `its secret is written into the program (${property})`,
        );
      }
    }
  },
);
