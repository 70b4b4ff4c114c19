import type { PolicyResource } from "@pulumi/policy";
import { containers } from "../containers";
import { resourceRule, stackRule } from "../rule";
import { isOpenSecret, openSecretsIn } from "../secretShapes";
import { texts } from "../settings";
import { excesses } from "../permissions";
import { type Statement, statements } from "../statements";
import { has } from "../stack";
import { types } from "../../aws/types";
import { type Entries, type Finding, findingIn, known, type Properties } from "../values";

/** What is open among some texts by name, every one of them, and never its value; an unknown one hides no other. */
function openAmong(
  entries: readonly (() => readonly [name: string, value: unknown])[],
  allowed: readonly string[],
): Finding {
  const isOpen = (entry: () => readonly [string, unknown]) => {
    const [name, value] = entry();
    return !allowed.includes(name) && isOpenSecret(name, String(value ?? "")) && name;
  };
  const open = entries.flatMap((entry) => known(() => isOpen(entry)) || []);
  if (open.length > 0)
    return `${open.join(", ")} ${open.length > 1 ? "are" : "is"} in plain text in the environment`;
  return findingIn(entries, (entry) => isOpen(entry) && "");
}

const written = (texts: readonly string[], where: string): Finding => {
  const open = [...new Set(texts.flatMap(openSecretsIn))];
  return open.length > 0 && `${open.join(", ")} ${open.length > 1 ? "are" : "is"} in plain text in ${where}`;
};

/** Text of a start-up script, which AWS takes as it is or in base 64. */
const script = (properties: Properties): readonly string[] =>
  ["userData", "userDataBase64"].flatMap((property) => {
    const text = properties[property];
    if (typeof text !== "string" || text === "") return [];
    return [text, Buffer.from(text, "base64").toString("utf8")];
  });

export const noSecretInEnvironment = resourceRule(
  {
    name: "no-secret-in-environment",
    type: [types.taskDefinition, types.function, types.instance, types.launchTemplate],
    description:
      "No password, token or key stands openly in an environment, a command, a log option or a script",
    severity: "critical",
    requirements: ["G-68", "G-69", "G-188"],
    remedy: "put it into Secrets Manager and name it in the container's secrets",
    keys: ["secrets"],
    publicChecks: ["AWS-0036", "CKV_AWS_45", "CKV_AWS_46", "ECS2", "ECS.8"],
    settings: { allowed: texts([], "Names of variables that only look like secrets.") },
  },
  [
    (properties, { allowed }, { type }) =>
      type === types.taskDefinition &&
      findingIn(containers(properties), ({ environment }) =>
        openAmong(
          environment.map((entry) => () => [entry.name, entry.value] as const),
          allowed,
        ),
      ),
    (properties, _config, { type }) =>
      type === types.taskDefinition &&
      findingIn(containers(properties), ({ command, entryPoint }) =>
        written([[...entryPoint, ...command].join(" ")], "a command"),
      ),
    (properties, _config, { type }) =>
      type === types.taskDefinition &&
      findingIn(containers(properties), ({ logOptions }) =>
        openAmong(
          Object.keys(logOptions).map((name) => () => [name.replaceAll("-", "_"), logOptions[name]] as const),
          [],
        ),
      ),
    (properties, { allowed }, { type }) => {
      if (type !== types.function) return undefined;
      const variables = (properties["environment"] as { variables?: Properties } | null)?.variables ?? {};
      return openAmong(
        Object.keys(variables).map((name) => () => [name, variables[name]] as const),
        allowed,
      );
    },
    (properties, _config, { type }) =>
      [types.instance, types.launchTemplate].includes(type as typeof types.instance) &&
      written(script(properties), "a start-up script"),
  ],
);

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

/** What a document allows beyond what the program made, all of it in one sentence. */
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
  /\/(AdministratorAccess[\w-]*|PowerUserAccess|\w*FullAccess\w*|SecretsManagerReadWrite|\w*PowerUser|DatabaseAdministrator|NetworkAdministrator|SystemAdministrator|DataScientist|ReadOnlyAccess|AmazonS3ReadOnlyAccess|AmazonSSMReadOnlyAccess|AmazonElasticMapReduceRole|AWSLambdaRole|AmazonEC2RoleforSSM)$/;

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
