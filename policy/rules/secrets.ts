import type { PolicyResource } from "@pulumi/policy";
import { looksSecret } from "../../aws/secretVariables";
import { containers } from "../containers";
import { resourceRule, stackRule } from "../rule";
import { texts } from "../settings";
import { type Statement, statements } from "../statements";
import { has } from "../stack";
import { types } from "../../aws/types";
import { type Entries, type Finding, findingIn, known, type Properties } from "../values";

/** Names a variable that looks like a secret, and never shows its value. */
const openSecret = (name: string, value: unknown, allowed: readonly string[]): Finding =>
  !allowed.includes(name) &&
  looksSecret(name, String(value ?? "")) &&
  `${name} is in plain text in the environment`;

export const noSecretInEnvironment = resourceRule(
  {
    name: "no-secret-in-environment",
    type: [types.taskDefinition, types.function],
    description: "No password, token or key stands openly in an environment",
    severity: "critical",
    requirements: ["G-68", "G-69", "G-188"],
    remedy: "put it into Secrets Manager and name it in the container's secrets",
    keys: ["secrets"],
    publicChecks: ["AWS-0036", "CKV_AWS_45", "ECS2"],
    settings: { allowed: texts([], "Names of variables that only look like secrets.") },
  },
  [
    (properties, { allowed }, { type }) =>
      type === types.taskDefinition &&
      findingIn(
        containers(properties).flatMap(({ environment }) => environment),
        ({ name, value }) => openSecret(name, value, allowed),
      ),
    (properties, { allowed }, { type }) => {
      if (type !== types.function) return undefined;
      const variables = (properties["environment"] as { variables?: Properties } | null)?.variables ?? {};
      return findingIn(Object.keys(variables), (name) => openSecret(name, variables[name], allowed));
    },
  ],
);

/** A secret with the six characters that AWS adds to its name, perhaps one key of it; or a parameter. */
const secretReference =
  /^arn:aws[\w-]*:(secretsmanager:[\w-]+:\d{12}:secret:[^:]+-[A-Za-z0-9]{6}(:[^:]*:[^:]*:[^:]*)?|ssm:[\w-]+:\d{12}:parameter\/.+)$/;

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
      const wrong = secrets.find(({ valueFrom }) => !secretReference.test(valueFrom));
      return wrong && `${wrong.name} names its secret incompletely: ${wrong.valueFrom}`;
    },
  ],
);

/** Whether a statement allows everything, or everything of a service, with everything; all but a few is no better. */
const tooMuch = ({ Effect, Action, NotAction, Resource, NotResource }: Statement): Finding =>
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

/** Managed policies that allow everything, or everything of a service. */
const powerful = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w+FullAccess)$/;

export const noWildcardPermissions = resourceRule(
  {
    name: "no-wildcard-permissions",
    type: [...policyDocuments, ...attachments, types.role],
    description: "Nobody may do everything, nor everything of a service with everything",
    severity: "high",
    requirements: ["G-58", "GAP-5"],
    remedy: "list the actions, and the ARNs they are for",
    publicChecks: ["CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_355", "CKV_AWS_274", "AWS-0057", "IAM5"],
  },
  [
    (properties, _config, { type }) =>
      policyDocuments.includes(type) && findingIn(statements(properties["policy"]), tooMuch),
    (properties) =>
      findingIn(properties["inlinePolicies"] as Entries<{ policy?: string }>, ({ policy }) =>
        findingIn(statements(policy), tooMuch),
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
