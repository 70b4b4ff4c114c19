import type * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";
import type { EventKey } from "../stacks/plan/monitoring/watched";

/** Whose events are told. */
export interface NoticesArgs {
  /** Services whose failed deployments are told. */
  readonly serviceArns: readonly pulumi.Input<string>[];
  /** Cluster of the scheduled tasks. */
  readonly clusterArn: pulumi.Input<string>;
  /** ECS's group of scheduled tasks, whose failures are told. @default there are none */
  readonly scheduledTasks?: string;
  /** Identifiers of the primary and its replicas. */
  readonly databaseIdentifiers: readonly pulumi.Input<string>[];
  /** ARN of the database that AWS Backup copies. */
  readonly databaseArn: pulumi.Input<string>;
}

/** An event of AWS that somebody is told of. */
export interface Notice {
  /** EventBridge's `source`. */
  readonly source: string;
  /** EventBridge's `detail-type`: any of them. */
  readonly events: readonly string[];
  /** What else of the event must fit. */
  readonly pattern: Readonly<Record<string, unknown>>;
  /** Places in the event, by the names that `details` uses. */
  readonly paths: Readonly<Record<string, string>>;
  /** What the event itself adds to the description. */
  readonly details: string;
}

/** What no metric shows, as EventBridge tells it. */
export const notices = (args: NoticesArgs): Readonly<Record<EventKey, Notice>> => ({
  // After a rollback the service is well, so no metric shows that the release did not happen.
  "deployment-failed": {
    source: "aws.ecs",
    events: ["ECS Deployment State Change"],
    pattern: { resources: [...args.serviceArns], detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] } },
    paths: { service: "$.resources[0]", reason: "$.detail.reason" },
    details: "ECS says of <service>: <reason>",
  },
  // Whoever started a task is told whether it began, and never how it ended.
  "command-failed": {
    source: "aws.ecs",
    events: ["ECS Task State Change"],
    pattern: {
      detail: {
        clusterArn: [args.clusterArn],
        group: [args.scheduledTasks],
        lastStatus: ["STOPPED"],
        $or: [
          { containers: { name: [application.containerName], exitCode: [{ "anything-but": 0 }] } },
          // Without an image, a secret or a network a container has no exit code.
          { stopCode: ["TaskFailedToStart"] },
        ],
      },
    },
    paths: { task: "$.detail.taskArn", reason: "$.detail.stoppedReason" },
    details: "ECS says of <task>: <reason>",
  },
  "database-failure": {
    source: "aws.rds",
    events: ["RDS DB Instance Event"],
    pattern: {
      detail: {
        SourceIdentifier: [...args.databaseIdentifiers],
        EventCategories: ["failure", "failover", "low storage"],
      },
    },
    paths: { instance: "$.detail.SourceIdentifier", reason: "$.detail.Message" },
    details: "RDS says of <instance>: <reason>",
  },
  "backup-failed": {
    source: "aws.backup",
    events: ["Backup Job State Change", "Copy Job State Change"],
    pattern: { detail: { resourceArn: [args.databaseArn], state: ["FAILED", "ABORTED", "EXPIRED"] } },
    paths: { job: "$.detail-type", state: "$.detail.state", reason: "$.detail.statusMessage" },
    details: "AWS Backup says (<job>, <state>): <reason>",
  },
});
