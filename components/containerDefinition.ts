import * as pulumi from "@pulumi/pulumi";
import type { FargateTaskArgs } from "./fargateTask";

const sorted = <T>(record: Readonly<Record<string, T>>) =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/**
 * The container definitions of a task, as the JSON text that ECS wants.
 *
 * Canonical: lists are sorted and what ECS would fill in by itself is written out, or every update would find a
 * difference and register a new revision.
 */
export function containerDefinition(args: FargateTaskArgs): pulumi.Output<string> {
  const { application, port } = args;
  return pulumi.jsonStringify([
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
  ]);
}
