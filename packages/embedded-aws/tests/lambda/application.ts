// The application's task in an account: cluster, roles, secret, log, and a function that calls the AWS API.
import type { Properties } from "../../models/model";
import type { Created } from "../provider/harness";
import { password, policy, trust, type Account } from "./cloud";
import { bundle } from "./evidence";

/** A function's source that sends one command of the AWS SDK and returns what AWS answers, refusals included. */
export const callsAws = bundle(`
  import * as scaling from "@aws-sdk/client-application-auto-scaling";
  import * as ecs from "@aws-sdk/client-ecs";
  import * as logs from "@aws-sdk/client-cloudwatch-logs";
  const clients = {
    ecs: [ecs.ECSClient, ecs],
    scaling: [scaling.ApplicationAutoScalingClient, scaling],
    logs: [logs.CloudWatchLogsClient, logs],
  };
  export async function handler({ service, command, input }) {
    const [Client, module] = clients[service];
    try {
      const { $metadata, ...answer } = await new Client({ maxAttempts: 1 }).send(new module[command + "Command"](input));
      return answer;
    } catch (error) {
      return { error: error.name, message: error.message };
    }
  }`);

/** The application in an account. */
export interface Application {
  readonly cluster: Created;
  readonly secret: Created;
  readonly logGroup: Created;
  readonly roles: readonly Created[];
  /** Registers a revision. */
  define(name: string, more?: { environment?: Record<string, string> }): Promise<Created>;
  /** Arguments of RunTask for a command. */
  request(definition: Created, command: readonly string[], environment?: Record<string, string>): Properties;
}

/** Puts the application into the account. */
export async function makeApplication(account: Account): Promise<Application> {
  const { make, host, subnets, allowedGroup } = account;
  const cluster = await make("cluster", "cluster", { name: "chatpop" });
  const secret = await make("secret", "database", { name: "database" });
  const credentials = JSON.stringify({ username: "chatpop", password });
  await make("secretVersion", "database", { secretId: secret.id, secretString: credentials });
  const logGroup = await make("logGroup", "tasks", { name: "/ecs/chatpop" });
  const execution = await make("role", "execution", { assumeRolePolicy: trust("ecs-tasks") });
  const taskRole = await make("role", "task", { assumeRolePolicy: trust("ecs-tasks") });
  await make("rolePolicy", "execution", {
    role: execution.id,
    policy: policy({ Action: ["logs:*", "secretsmanager:GetSecretValue"], Resource: "*" }),
  });
  return {
    ...{ cluster, secret, logGroup, roles: [execution, taskRole] },
    define: (name, { environment = {} } = {}) =>
      make("taskDefinition", name, {
        family: name,
        requiresCompatibilities: ["FARGATE"],
        ...{ networkMode: "awsvpc", cpu: "256", memory: "512" },
        executionRoleArn: execution.outputs.arn,
        taskRoleArn: taskRole.outputs.arn,
        containerDefinitions: JSON.stringify([
          {
            ...{ name: "backend", image: "python:3.11", command: ["daphne"] },
            environment: asPairs({
              ...{ POSTGRES_DB: "chatpop", POSTGRES_HOST: host, POSTGRES_USER: "chatpop" },
              ...environment,
            }),
            secrets: [{ name: "POSTGRES_PASSWORD", valueFrom: `${secret.id}:password::` }],
            logConfiguration: {
              logDriver: "awslogs",
              options: {
                "awslogs-group": logGroup.id,
                "awslogs-region": "us-east-1",
                "awslogs-stream-prefix": "ecs",
              },
            },
          },
        ]),
      }),
    request: (definition, command, environment = {}) => ({
      cluster: cluster.id,
      taskDefinition: definition.id,
      ...{ launchType: "FARGATE", count: 1 },
      networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups: [allowedGroup] } },
      overrides: { containerOverrides: [{ name: "backend", command, environment: asPairs(environment) }] },
    }),
  };
}

const asPairs = (variables: Record<string, string>) =>
  Object.entries(variables).map(([name, value]) => ({ name, value }));
