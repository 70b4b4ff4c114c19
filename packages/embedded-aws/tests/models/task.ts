// A task definition of the chat and everything that its tasks need to start.
import type { Properties } from "../../models/model";
import { putRole, type World } from "./world";

/** How the ARN of a secret begins. */
export const prefix = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
/** Log options of the container. */
export const awslogs = {
  "awslogs-group": "/ecs/chatpop",
  "awslogs-region": "us-east-1",
  "awslogs-stream-prefix": "web",
};
/** The container. */
export const web: Properties = {
  ...{
    name: "web",
    image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/chatpop:1",
    essential: true,
    stopTimeout: 120,
  },
  portMappings: [{ containerPort: 9000, hostPort: 9000, protocol: "tcp" }],
  environment: [{ name: "REDIS_HOST", value: "redis" }],
  logConfiguration: { logDriver: "awslogs", options: awslogs },
  ulimits: [{ name: "nofile", softLimit: 65535, hardLimit: 65535 }],
  linuxParameters: { initProcessEnabled: true },
};

/** All that a running task needs. The role reads secrets below chatpop/. */
function putWorld(world: World): { roleArn: string; secretArn: string } {
  world.create("cloudwatch/logGroup", { name: "/ecs/chatpop", retentionInDays: 30 });
  world.create("ecr/repository", { name: "chatpop" });
  const secretArn = world.create("secretsmanager/secret", { name: "chatpop/db" }).id;
  world.create("secretsmanager/secretVersion", {
    secretId: secretArn,
    secretString: '{"username":"chatpop","password":"x"}',
  });
  const actions = ["secretsmanager:GetSecretValue", "logs:*", "ecr:*"];
  return { roleArn: putRole(world, "execution", "ecs-tasks.amazonaws.com", actions), secretArn };
}

/** Container definitions as an input. */
export const containers = (...list: Properties[]) => ({ containerDefinitions: JSON.stringify(list) });

/** Inputs of a task definition that starts. */
export function definition(world: World, change: Properties = {}): Properties {
  const { roleArn, secretArn } = putWorld(world);
  putRole(world, "other", "ec2.amazonaws.com");
  const secrets = [{ name: "POSTGRES_PASSWORD", valueFrom: `${secretArn}:password::` }];
  return {
    ...{
      family: "chatpop",
      cpu: "512",
      memory: "1024",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
    },
    executionRoleArn: roleArn,
    ...containers({ ...web, secrets }),
    ...change,
  };
}
