import * as ecs from "@pulumi/aws/ecs";
import * as pulumi from "@pulumi/pulumi";

/** What every task of the application shares, whatever it runs: image, environment, roles and log. */
export interface Application {
  /** Complete image reference. */
  readonly image: pulumi.Input<string>;
  /** Processor that the image was built for. */
  readonly architecture: "x86_64" | "arm64";
  /** Variables that are no secret, by name. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Variables from Secrets Manager: name to `valueFrom`. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** Group that every container logs to, in a stream `ecs/<container>/<task id>`. */
  readonly logGroupName: pulumi.Input<string>;
  /** Region of the log group: `us-east-1`. */
  readonly region: pulumi.Input<string>;
  /** Role with which ECS starts a task. */
  readonly executionRoleArn: pulumi.Output<string>;
  /** Role of the application itself. */
  readonly taskRoleArn: pulumi.Output<string>;
  /** What the roles may do; it comes before a task. */
  readonly permissions: readonly pulumi.Resource[];
}

/** What one kind of task runs, and how big it is. */
export interface FargateTaskArgs {
  /** What it shares with all other tasks. */
  readonly application: Application;
  /** Name of the container, and of its log streams. */
  readonly container: string;
  /** Word by word, in place of the image's own. */
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

/** A task definition, and what its component says of it among its outputs. */
export interface FargateTask {
  /** The revision that services run. */
  readonly definition: ecs.TaskDefinition;
  /**
   * The containers as data. The text of the definition is unknown to a first preview as a whole, these only where a value
   * is; the policy pack reads them there.
   */
  readonly containerDefinitions: readonly object[];
}

/** Registers a Fargate task definition of the application: one container with a command of its own. */
export function fargateTask(
  name: string,
  args: FargateTaskArgs,
  opts: pulumi.CustomResourceOptions,
): FargateTask {
  const { application } = args;
  const containerDefinitions = containersOf(args);
  const definition = new ecs.TaskDefinition(
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
      containerDefinitions: pulumi.jsonStringify(containerDefinitions),
      // ECS starts no revision that was deregistered: the one before has to stay to go back to, also by hand.
      skipDestroy: true,
    },
    { dependsOn: [...application.permissions], ...opts },
  );
  return { definition, containerDefinitions };
}

const sorted = <T>(record: Readonly<Record<string, T>>) =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/**
 * The container definitions of a task, of which ECS wants the JSON text.
 *
 * Canonical: lists are sorted and what ECS would fill in by itself is written out, or every update would find a
 * difference and register a new revision.
 */
function containersOf(args: FargateTaskArgs): readonly object[] {
  const { application, port } = args;
  return [
    {
      name: args.container,
      image: application.image,
      essential: true,
      command: args.command,
      portMappings: port ? [{ containerPort: port, hostPort: port, protocol: "tcp" }] : [],
      environment: sorted(application.environment).map(([name, value]) => ({ name, value })),
      secrets: sorted(application.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": application.logGroupName,
          "awslogs-region": application.region,
          "awslogs-stream-prefix": "ecs",
        },
      },
      // One descriptor for each socket.
      ulimits: [{ name: "nofile", softLimit: 65_535, hardLimit: 65_535 }],
      // Reaps what Django's subprocesses (ffmpeg) leave behind.
      linuxParameters: { initProcessEnabled: true },
      stopTimeout: args.stopTimeout,
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
    },
  ];
}
