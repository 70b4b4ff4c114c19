import * as ecs from "@pulumi/aws/ecs";
import * as pulumi from "@pulumi/pulumi";
import { containerDefinition } from "./containerDefinition";

/** What every task of the application shares, whatever it runs: image, environment, roles and log. */
export interface Application {
  /** Complete image reference. */
  readonly image: pulumi.Input<string>;
  readonly architecture: "x86_64" | "arm64";
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Variables from Secrets Manager: name to `valueFrom`. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  readonly logGroupName: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** Role with which ECS starts a task. */
  readonly executionRoleArn: pulumi.Output<string>;
  /** Role of the application itself. */
  readonly taskRoleArn: pulumi.Output<string>;
  /** What the roles may do; it comes before a task. */
  readonly permissions: readonly pulumi.Resource[];
}

export interface FargateTaskArgs {
  readonly application: Application;
  /** Name of the container, and of its log streams. */
  readonly container: string;
  readonly command: readonly string[];
  /** Port on which the container listens. @default none */
  readonly port?: number;
  /** CPU units. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
}

/** Registers a Fargate task definition of the application: one container with a command of its own. */
export function fargateTask(
  name: string,
  args: FargateTaskArgs,
  opts: pulumi.CustomResourceOptions,
): ecs.TaskDefinition {
  const { application } = args;
  return new ecs.TaskDefinition(
    name,
    {
      // Families are shared by all stacks of an account; ECS takes no dot in their names.
      family: `${name}-${pulumi.getStack().replaceAll(".", "-")}`,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(args.cpu),
      memory: String(args.memory),
      runtimePlatform: {
        operatingSystemFamily: "LINUX",
        cpuArchitecture: application.architecture.toUpperCase(),
      },
      executionRoleArn: application.executionRoleArn,
      taskRoleArn: application.taskRoleArn,
      containerDefinitions: containerDefinition(args),
    },
    { dependsOn: [...application.permissions], ...opts },
  );
}
