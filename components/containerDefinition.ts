import * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";

export interface ContainerDefinitionArgs {
  readonly image: pulumi.Input<string>;
  readonly command: readonly string[];
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Variables from Secrets Manager: name to `valueFrom`. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  readonly logGroupName: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
}

const sorted = <T>(record: Readonly<Record<string, T>>) =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/**
 * The container definitions of a task, as the JSON text that ECS wants.
 *
 * Canonical: lists are sorted and what ECS would fill in by itself is written out, or every update would find a
 * difference and register a new revision.
 */
export function containerDefinition(args: ContainerDefinitionArgs): pulumi.Output<string> {
  return pulumi.jsonStringify([
    {
      name: application.containerName,
      image: args.image,
      essential: true,
      command: args.command,
      portMappings: [{ containerPort: application.port, hostPort: application.port, protocol: "tcp" }],
      environment: sorted(args.environment).map(([name, value]) => ({ name, value })),
      secrets: sorted(args.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": args.logGroupName,
          "awslogs-region": args.region,
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
  ]);
}
