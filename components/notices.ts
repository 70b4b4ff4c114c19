import type * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";
import type { EventKey } from "../stacks/plan/monitoring/watched";

/** The resources whose events become notices. */
export interface NoticesArgs {
  /** ARNs of the services whose failed deployments become notices. */
  readonly serviceArns: readonly pulumi.Input<string>[];
  /** Cluster of the scheduled tasks. */
  readonly clusterArn: pulumi.Input<string>;
  /** ECS task group of the scheduled tasks, whose failures become notices. @default there are none */
  readonly scheduledTasks?: string;
  /** Identifiers of the primary and its replicas. */
  readonly databaseIdentifiers: readonly pulumi.Input<string>[];
  /** ARN of the database that AWS Backup copies. */
  readonly databaseArn: pulumi.Input<string>;
}

/** An AWS event that becomes a notice. */
export interface Notice {
  /** EventBridge's `source`. */
  readonly source: string;
  /** EventBridge's `detail-type`: any of them. */
  readonly events: readonly string[];
  /** Further fields of the event that must match. */
  readonly pattern: Readonly<Record<string, unknown>>;
  /** JSON paths in the event, by the names that `details` uses. */
  readonly paths: Readonly<Record<string, string>>;
  /** Text from the event, added to the description. */
  readonly details: string;
}

/** Events from EventBridge that no metric shows. */
export const notices = (args: NoticesArgs): Readonly<Record<EventKey, Notice>> => ({
  // No metric shows a failed release: after a rollback the service is healthy.
  "deployment-failed": {
    source: "aws.ecs",
    events: ["ECS Deployment State Change"],
    pattern: { resources: [...args.serviceArns], detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] } },
    paths: { service: "$.resources[0]", reason: "$.detail.reason" },
    details: "ECS says of <service>: <reason>",
  },
  // EventBridge Scheduler learns whether a task started, not how it ended.
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
          // A container that never ran (no image, secret or network) has no exit code.
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
