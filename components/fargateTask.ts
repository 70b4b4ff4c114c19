import * as ecs from "@pulumi/aws/ecs";
import * as pulumi from "@pulumi/pulumi";

/**
 * Image, environment, roles and log that all tasks of the application share. A change of any of them registers a new
 * revision.
 */
export interface Application {
  /** Complete image reference. */
  readonly image: pulumi.Input<string>;
  /** Processor that the image was built for. */
  readonly architecture: "x86_64" | "arm64";
  /** Plain variables by name; everybody who may read the task definition can read them. */
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
  /** Policies of the roles; a task needs them first. */
  readonly permissions: readonly pulumi.Resource[];
}

/**
 * Command and size of one kind of task. A change of any of them registers a new revision, so ECS replaces the tasks.
 */
export interface FargateTaskArgs {
  /** Part shared with all other tasks. */
  readonly application: Application;
  /** Name of the container, and of its log streams. */
  readonly container: string;
  /** Replaces the image's command, one item for each word: `["python", "manage.py", "migrate"]`. */
  readonly command: readonly string[];
  /** Port on which the container listens. @default none */
  readonly port?: number;
  /** CPU units (1024 are one vCPU). */
  readonly cpu: number;
  /** Memory (MiB). */
  readonly memory: number;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
}

/** A task definition, and the outputs that its component shows of it. */
export interface FargateTask {
  /** Revision for the services. */
  readonly definition: ecs.TaskDefinition;
  /**
   * The containers as data, for the policy pack. In a first preview the definition's whole text is unknown; here only
   * the
   * unknown values are.
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
      // Old revisions stay registered: ECS cannot roll back, or be rolled back by hand, to a deregistered one.
      skipDestroy: true,
    },
    { dependsOn: [...application.permissions], ...opts },
  );
  return { definition, containerDefinitions };
}

const sorted = <T>(record: Readonly<Record<string, T>>) =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/**
 * The container definitions of a task; ECS takes them as JSON text.
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
      // Each socket needs one file descriptor.
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
