// Common mistakes with roles, policies and task definitions, and correct inputs that resemble them.
import { containers, definition, web } from "../task";
import { putRole, type World } from "../world";
import { type Case, cases } from "./case";

const account = "123456789012";
const statement = (change: object) => ({
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::media/*", ...change }],
  }),
});
const trust = (Principal: object, Action = "sts:AssumeRole") => ({
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal, Action }],
  }),
});
const task =
  (change: object, container: object = {}) =>
  (world: World) =>
    definition(world, { ...containers({ ...web, ...container }), ...change });

export const identityMistakes: readonly Case[] = [
  ...cases(
    "iam/role",
    "IAM/latest/UserGuide/reference_policies_elements_principal.html",
    { name: "chat" },
    {
      accepts: [
        ["two services", trust({ Service: ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"] })],
        ["this account", trust({ AWS: `arn:aws:iam::${account}:root` })],
      ],
      refuses: [
        ["a misspelt service", trust({ Service: "lamda.amazonaws.com" })],
        ["a service without domain", trust({ Service: "lambda" })],
        ["an account of eleven digits", trust({ AWS: "12345678901" })],
        ["an action that there is not", trust({ Service: "lambda.amazonaws.com" }, "sts:Assume")],
        [
          "a description of 1,001 characters",
          { ...trust({ Service: "lambda.amazonaws.com" }), description: "d".repeat(1_001) },
        ],
      ],
    },
  ),
  ...cases(
    "iam/policy",
    "IAM/latest/UserGuide/reference_policies_grammar.html",
    { name: "chat" },
    {
      accepts: [["a list of one", statement({ Action: ["s3:GetObject"] })]],
      refuses: [
        ["no actions", statement({ Action: [] })],
        ["all actions but these, and these", statement({ NotAction: "s3:PutObject" })],
        [
          "more than 6,144 characters",
          statement({ Resource: Array(200).fill(`arn:aws:s3:::${"m".repeat(40)}/*`) }),
        ],
        ["half a document", { policy: '{"Version":"2012-10-17","Statement":[' }],
      ],
    },
  ),
  ...cases(
    "iam/rolePolicyAttachment",
    "aws-managed-policy/latest/reference/AmazonECSTaskExecutionRolePolicy.html",
    (world) => ({ role: putRole(world, "tasks", "ecs-tasks.amazonaws.com").split("/")[1] }),
    {
      accepts: [
        [
          "what starts tasks",
          { policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy" },
        ],
      ],
      refuses: [
        [
          "the same without its path",
          { policyArn: "arn:aws:iam::aws:policy/AmazonECSTaskExecutionRolePolicy" },
        ],
        ["a policy of this account that there is not", { policyArn: `arn:aws:iam::${account}:policy/none` }],
      ],
    },
  ),
  ...cases(
    "ecs/taskDefinition",
    "AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html",
    {},
    {
      accepts: [
        ["half a vCPU in words", task({ cpu: "0.5 vCPU", memory: "1 GB" })],
        ["a root that is only read", task({}, { readonlyRootFilesystem: true })],
      ],
      refuses: [
        ["a bridge on Fargate", task({ networkMode: "bridge" })],
        ["another port on the host", task({}, { portMappings: [{ containerPort: 9000, hostPort: 80 }] })],
        ["a farewell of 121 seconds", task({}, { stopTimeout: 121 })],
        [
          "a soft limit above the hard one",
          task({}, { ulimits: [{ name: "nofile", softLimit: 9, hardLimit: 8 }] }),
        ],
        [
          "a secret of a variable's name",
          task(
            {},
            {
              secrets: [
                {
                  name: "REDIS_HOST",
                  valueFrom: `arn:aws:secretsmanager:us-east-1:${account}:secret:chatpop/db`,
                },
              ],
            },
          ),
        ],
        ["eleven tries of health", task({}, { healthCheck: { command: ["CMD", "true"], retries: 11 } })],
        [
          "a log's stream without prefix",
          task(
            {},
            {
              logConfiguration: {
                logDriver: "awslogs",
                options: { "awslogs-group": "/ecs/chatpop", "awslogs-region": "us-east-1" },
              },
            },
          ),
        ],
        ["a port twice", task({}, { portMappings: [{ containerPort: 9000 }, { containerPort: 9000 }] })],
      ],
    },
  ),
];
