import { types } from "../../recording/types";
import { add, all, attach, container, detach, redirect, remove, set } from "../mutations";
import type { Cases } from "./case";

const taskDefinition = `${types.taskDefinition} chatpop-backend`;
const executionPolicy = `${types.rolePolicy} chatpop-execution-secrets`;
const accessKey = "aws:iam/accessKey:AccessKey";
const variables = (...environment: { name: string; value: string }[]) => container({ environment });
const lambdaFunction = "aws:lambda/function:Function";

const repository = { deployRepository: "octo-org/octo-repo" };
const github = "token.actions.githubusercontent.com";
const production = "repo:octo-org/octo-repo:environment:production";
/** Lets GitHub's jobs take on the deploying role under other conditions. */
const trust = (Condition: object) =>
  set(
    { type: types.role, name: "chatpop-deploy" },
    "assumeRolePolicy",
    JSON.stringify({
      Statement: {
        Effect: "Allow",
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${github}` },
        Condition,
      },
    }),
  );

export const secrets: Cases = {
  violations: [
    {
      what: "a password in the environment (G-188)",
      scale: "small",
      mutation: variables({ name: "POSTGRES_PASSWORD", value: "hunter2" }),
      policy: "no-secret-in-environment",
      blames: taskDefinition,
      says: /^(?!.*hunter2).*POSTGRES_PASSWORD is in plain text/,
    },
    {
      what: "a password inside an address",
      scale: "small",
      mutation: variables({ name: "DATABASE_URL", value: "postgresql://chatpop:hunter2@db/postgres" }),
      policy: "no-secret-in-environment",
      blames: taskDefinition,
      says: /^(?!.*hunter2).*DATABASE_URL is in plain text/,
    },
    ...["DJANGO_SECRET_KEY", "STRIPE_SECRET_KEY", "ENCRYPTION_KEY", "DB_PASS", "REDIS_AUTH", "API_KEY_2"].map(
      (name) => ({
        what: `${name} in the environment (G-69, G-188)`,
        scale: "small" as const,
        mutation: variables({ name, value: "hunter2" }),
        policy: "no-secret-in-environment",
        blames: taskDefinition,
        says: new RegExp(`^(?!.*hunter2).*${name} is in plain text`),
      }),
    ),
    {
      what: "a password without a user inside an address",
      scale: "small",
      mutation: variables({ name: "REDIS_URL", value: "redis://:hunter2@cache:6379" }),
      policy: "no-secret-in-environment",
      blames: taskDefinition,
      says: /^(?!.*hunter2).*REDIS_URL is in plain text/,
    },
    {
      what: "a token in a function's environment",
      scale: "small",
      mutation: add(
        lambdaFunction,
        "other",
        { environment: { variables: { STRIPE_API_KEY: "sk_live" } } },
        { loggingConfig: [`${types.logGroup} chatpop-backend`] },
      ),
      policy: "no-secret-in-environment",
      blames: `${lambdaFunction} other`,
      says: /STRIPE_API_KEY is in plain text/,
    },
    {
      what: "a secret by name instead of its ARN (GAP-5)",
      scale: "small",
      mutation: container({
        secrets: [
          {
            name: "DJANGO_SECRET_KEY",
            valueFrom: "arn:aws:secretsmanager:us-east-1:123456789012:secret:django",
          },
        ],
      }),
      policy: "secrets-by-full-arn",
      blames: taskDefinition,
      says: /DJANGO_SECRET_KEY names its secret incompletely/,
    },
    {
      what: "everything allowed with everything",
      scale: "small",
      mutation: set(
        { name: "chatpop-execution-secrets", type: types.rolePolicy },
        "policy",
        JSON.stringify({ Statement: { Effect: "Allow", Action: "secretsmanager:*", Resource: "*" } }),
      ),
      policy: "no-wildcard-permissions",
      blames: executionPolicy,
      says: /allows all actions of a service on all resources/,
    },
    {
      what: "everything but a little allowed with everything",
      scale: "small",
      mutation: set(
        { name: "chatpop-execution-secrets", type: types.rolePolicy },
        "policy",
        JSON.stringify({ Statement: [{ Effect: "Allow", NotAction: ["iam:*"], Resource: "*" }] }),
      ),
      policy: "no-wildcard-permissions",
      blames: executionPolicy,
      says: /allows all actions/,
    },
    ...["userPolicy:UserPolicy", "groupPolicy:GroupPolicy"].map((type) => ({
      what: `everything allowed by a ${type}`,
      scale: "small" as const,
      mutation: add(`aws:iam/${type}`, "all", {
        policy: JSON.stringify({ Statement: { Effect: "Allow", Action: "*", Resource: "*" } }),
      }),
      policy: "no-wildcard-permissions",
      blames: `aws:iam/${type} all`,
      says: /allows all actions/,
    })),
    {
      what: "a group of administrators",
      scale: "small",
      mutation: add("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "all", {
        policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
      policy: "no-wildcard-permissions",
      blames: "aws:iam/groupPolicyAttachment:GroupPolicyAttachment all",
      says: /has AdministratorAccess/,
    },
    {
      what: "an administrator",
      scale: "medium",
      mutation: set(
        { name: "chatpop-execution", type: types.rolePolicyAttachment },
        "policyArn",
        "arn:aws:iam::aws:policy/AdministratorAccess",
      ),
      policy: "no-wildcard-permissions",
      blames: `${types.rolePolicyAttachment} chatpop-execution`,
      says: /has AdministratorAccess/,
    },
    {
      what: "permissions inside a role",
      scale: "small",
      mutation: set({ type: types.role, name: "chatpop-task" }, "inlinePolicies", [
        { policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: ["*"], Resource: ["*"] }] }) },
      ]),
      policy: "no-wildcard-permissions",
      blames: `${types.role} chatpop-task`,
      says: /allows all actions/,
    },
    {
      what: "a key that never expires (GAP-29)",
      scale: "small",
      mutation: add(accessKey, "deploy"),
      policy: "no-static-keys",
      blames: `${accessKey} deploy`,
      says: /never expires/,
    },
    {
      what: "a role for every repository on GitHub (GAP-29)",
      scale: "small",
      mutation: trust({ StringEquals: { [`${github}:aud`]: "sts.amazonaws.com" } }),
      policy: "github-from-one-origin",
      blames: `${types.role} chatpop-deploy`,
      says: /from any repository on GitHub/,
      config: repository,
    },
    ...[
      "repo:octo-org/*:environment:production",
      "repo:octo-org/octo-repo:*",
      "repo:octo-org/octo-repo:environment:*",
      "repo:octo-org/octo-repo:pull_request",
      "repo:octo-*/octo-repo:ref:refs/heads/main",
    ].map((subject) => ({
      what: `a role for ${subject} (GAP-29)`,
      scale: "medium" as const,
      mutation: trust({
        StringLike: { [`${github}:sub`]: subject },
        StringEquals: { [`${github}:aud`]: "sts.amazonaws.com" },
      }),
      policy: "github-from-one-origin",
      blames: `${types.role} chatpop-deploy`,
      says: /not one environment or branch of one repository/,
      config: repository,
    })),
    {
      what: "a role that asks for its origin only where a token names one",
      scale: "small",
      mutation: trust({ StringEqualsIfExists: { [`${github}:sub`]: production } }),
      policy: "github-from-one-origin",
      blames: `${types.role} chatpop-deploy`,
      says: /from any repository on GitHub/,
      config: repository,
    },
    {
      what: "a role that takes tokens made for somebody else",
      scale: "small",
      mutation: trust({ StringEquals: { [`${github}:sub`]: production } }),
      policy: "github-from-one-origin",
      blames: `${types.role} chatpop-deploy`,
      says: /for another audience/,
      config: repository,
    },
    {
      what: "one role for starting and running (GAP-5)",
      scale: "small",
      mutation: all(
        redirect(
          { type: types.taskDefinition },
          { from: "chatpop-task-1a2b3c4", to: "chatpop-execution-1a2b3c4" },
          { from: [], to: `${types.role} chatpop-execution` },
        ),
        detach({ type: types.taskDefinition }, "taskRoleArn", types.role),
        attach({ type: types.taskDefinition }, "taskRoleArn", `${types.role} chatpop-execution`),
      ),
      policy: "separate-task-role",
      blames: taskDefinition,
      says: /has the role that reads all secrets/,
    },
  ],
  allowances: [
    { what: "a role for one environment of one repository", scale: "large", config: repository },
    {
      what: "a role for one branch of a repository whose tokens carry ids",
      scale: "small",
      config: repository,
      mutation: trust({
        StringEquals: {
          [`${github}:sub`]: "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
          [`${github}:aud`]: "sts.amazonaws.com",
        },
      }),
    },
    {
      what: "variables that only sound like secrets",
      scale: "small",
      mutation: variables(
        { name: "CSRF_TRUSTED_ORIGINS", value: "https://chat.example.com" },
        { name: "AUTH_URL", value: "https://login.example.com:443/oauth" },
        { name: "PASSWORD_MIN_LENGTH", value: "12" },
        { name: "SMTP_AUTH", value: "True" },
        { name: "SECRET_NAME", value: "chat/api-keys" },
        { name: "MAX_TOKENS", value: "4096" },
        { name: "PUBLIC_KEY", value: "cHVibGlj" },
        { name: "CACHE_BYPASS", value: "/ws/" },
      ),
    },
    {
      what: "the ARN of a secret in the environment",
      scale: "small",
      mutation: variables({
        name: "STRIPE_SECRET",
        value: "arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe-a1B2c3",
      }),
    },
    {
      what: "a parameter as a secret",
      scale: "small",
      mutation: container({
        secrets: [{ name: "A", valueFrom: "arn:aws:ssm:us-east-1:123456789012:parameter/chat/a" }],
      }),
    },
    {
      what: "everything but a little allowed with one secret",
      scale: "small",
      mutation: set(
        { name: "chatpop-execution-secrets", type: types.rolePolicy },
        "policy",
        JSON.stringify({
          Statement: [{ Effect: "Allow", NotAction: "secretsmanager:DeleteSecret", Resource: "arn:aws:x" }],
        }),
      ),
    },
    {
      what: "a document that denies everything",
      scale: "small",
      mutation: set(
        { name: "chatpop-execution-secrets", type: types.rolePolicy },
        "policy",
        JSON.stringify({ Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] }),
      ),
    },
  ],
};

export const operation: Cases = {
  violations: [
    {
      what: "logs that are kept for ever (G-178, G-196)",
      scale: "small",
      mutation: set({ type: types.logGroup, name: "chatpop-backend" }, "retentionInDays", undefined),
      policy: "log-retention",
      blames: `${types.logGroup} chatpop-backend`,
      says: /kept for ever/,
    },
    {
      what: "logs that are kept for a year (G-178)",
      scale: "large",
      mutation: set({ type: types.logGroup, name: "chatpop-backend" }, "retentionInDays", 365),
      policy: "log-retention",
      blames: `${types.logGroup} chatpop-backend`,
      says: /365 days, not 7 to 30/,
    },
    {
      what: "containers that log elsewhere (GAP-5)",
      scale: "small",
      mutation: all(
        detach({ type: types.taskDefinition }, "containerDefinitions", types.logGroup),
        container({ logConfiguration: { options: { "awslogs-group": "/ecs/elsewhere" } } }),
      ),
      policy: "container-logs",
      blames: taskDefinition,
      says: /logs to no group of this stack/,
    },
    {
      what: "a function whose logs AWS keeps for ever (G-178)",
      scale: "small",
      mutation: add(lambdaFunction, "other", { name: "other" }),
      policy: "function-log-retention",
      blames: `${lambdaFunction} other`,
      says: /a group that AWS makes and keeps for ever/,
    },
    {
      what: "a database's logs that AWS keeps for ever (GAP-36)",
      scale: "small",
      mutation: remove({ type: types.logGroup, name: "chatpop-db-log" }),
      policy: "database-log-retention",
      blames: `${types.database} chatpop-db`,
      says: /keeps for ever/,
    },
    {
      what: "a container that is root on its host",
      scale: "medium",
      mutation: container({ privileged: true }, "chatpop-backend"),
      policy: "containers-confined",
      blames: `${types.taskDefinition} chatpop-backend`,
      says: /is root on its host \(privileged\)/,
    },
    {
      what: "sockets on Spot (G-175)",
      scale: "medium",
      mutation: set({ type: types.service }, "capacityProviderStrategies", [
        { capacityProvider: "FARGATE", weight: 1 },
        { capacityProvider: "FARGATE_SPOT", weight: 3 },
      ]),
      policy: "spot-for-workers-only",
      blames: `${types.service} chatpop-backend-service`,
      says: /runs on Spot/,
    },
    {
      what: "images through the NAT gateway (GAP-46)",
      scale: "medium",
      mutation: remove({ type: types.vpcEndpoint }),
      policy: "s3-endpoint",
      says: /pulled, and paid for, through the NAT gateway/,
    },
    {
      what: "images that are kept for ever",
      scale: "small",
      mutation: remove({ type: types.lifecyclePolicy }),
      policy: "images-expire",
      blames: `${types.repository} chatpop-backend`,
      says: /keeps every image/,
    },
  ],
  allowances: [
    { what: "one NAT gateway at the small scale", scale: "small", config: { egress: "nat" } },
    {
      what: "a worker on Spot (G-175)",
      scale: "small",
      mutation: add(types.service, "worker", {
        capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
      }),
    },
    {
      what: "containers and functions that name their log groups by hand",
      scale: "small",
      mutation: all(
        add(types.logGroup, "chat", { name: "/ecs/chat", retentionInDays: 7 }),
        add(types.logGroup, "hook", { name: "/aws/lambda/hook", retentionInDays: 7 }),
        add(lambdaFunction, "hook", { name: "hook" }),
        add(lambdaFunction, "other", { loggingConfig: { logGroup: "/ecs/chat" } }),
        detach({ type: types.taskDefinition }, "containerDefinitions", types.logGroup),
        container({ logConfiguration: { options: { "awslogs-group": "/ecs/chat" } } }),
      ),
    },
    {
      what: "a database's logs in a group of the stack",
      scale: "small",
      mutation: all(
        set({ type: types.database }, "enabledCloudwatchLogsExports", ["postgresql"]),
        attach({ type: types.database }, "dbSubnetGroupName", `${types.logGroup} chatpop-backend`),
      ),
    },
  ],
};
