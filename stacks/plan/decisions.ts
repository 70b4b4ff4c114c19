import { type AutoscalingPlan, autoscalingPlan, chatTask } from "./autoscaling";
import { type CachePlan, cachePlan } from "./cache";
import type { ChannelLayer, Demand, Server, TaskCapacity } from "../capacity";
import {
  type BackupCopyPlan,
  backupCopyPlan,
  type DatabasePlan,
  databasePlan,
  type DatabaseProxyPlan,
  databaseProxyPlan,
} from "./database";
import type { CompleteSettings } from "./complete";
import { type DeliveryPlan, deliveryPlan } from "./delivery";
import { type DomainPlan, domainPlan } from "./domain";
import { application, type Scale } from "../guide";
import { isOpen } from "./network";
import { type ImagePlan, imagePlan } from "./image";
import { type LoadBalancerPlan, loadBalancerPlan } from "./loadBalancer";
import { type MediaPlan, mediaPlan } from "./media";
import { type NetworkPlan, networkPlan } from "./network";
import { secretVersions, type ServicePlan, servicePlan, type TaskPlan, taskPlan } from "./tasks";
import { type WebFirewallPlan, webFirewallPlan } from "./webFirewall";
import { type ScheduledCommandsPlan, scheduledCommandsPlan, type WorkerPlan, workerPlans } from "./workers";

/** Numbers that draw a secret anew when they grow. */
export interface SecretsPlan {
  /** Another password also starts new tasks, because running ones know only the former. */
  readonly databasePasswordVersion: number;
  /** Another `SECRET_KEY` logs everybody out. */
  readonly djangoSecretKeyVersion: number;
}

/** What happens to the database before new tasks start: migration, then indexes (GAP-43). */
export interface ReleasePlan {
  /** Command of the one-off task that migrates the database. */
  readonly migrationCommand: readonly string[];
  /** Settings of the migration's database session, as `PGOPTIONS`; another value migrates anew. */
  readonly migrationSession: string;
  /** Builds no index that the database has already under another name. */
  readonly skipEquivalentIndexes: boolean;
  /** Changes with the values of the stack's secrets, which the proxy has to log in with. */
  readonly secretVersions: string;
  /** What is asked for at the end, through the load balancer; undefined where the release's function is not let in. */
  readonly smokeTest?: { readonly path: string; readonly socketPath: string };
  /** Invocations over which a long migration or build may go on; each lasts 15 minutes at most. */
  readonly rounds: number;
}

/** Every decision that is taken from the settings alone; what watches over them is decided from these. */
export interface Decisions {
  /** Name of the Pulumi stack. */
  readonly stack: string;
  /** Where defaults come from that are not a matter of size; sizes follow `demand`. */
  readonly scale: Scale;
  /** The load that every size is for. */
  readonly demand: Demand;
  /** VPC and subnets, and how tasks get out of them. */
  readonly network: NetworkPlan;
  /** The primary, its replicas and its backups. */
  readonly database: DatabasePlan;
  /** Undefined connects the tasks to the database itself. */
  readonly databaseProxy?: DatabaseProxyPlan;
  /** Undefined keeps backups in the stack's region only. */
  readonly backupCopy?: BackupCopyPlan;
  /** Versions of the passwords that the program draws. */
  readonly secrets: SecretsPlan;
  /** Redis or Valkey. */
  readonly cache: CachePlan;
  /** Undefined serves the chat over plain HTTP, at the load balancer's own name. */
  readonly domain?: DomainPlan;
  /** Undefined leaves media on the tasks' disks. */
  readonly media?: MediaPlan;
  /** Undefined goes without. */
  readonly webFirewall?: WebFirewallPlan;
  /** Whether requests to the load balancer are logged. */
  readonly accessLogs: boolean;
  /** Time-outs, stickiness and health check. */
  readonly loadBalancer: LoadBalancerPlan;
  /** Where the image comes from, and how long the repository keeps images. */
  readonly image: ImagePlan;
  /** What a task of the chat runs, and how big it is. */
  readonly task: TaskPlan;
  /** Serves the chat's sockets. */
  readonly server: Server;
  /** Way of a message from task to task. */
  readonly channelLayer: ChannelLayer;
  /** What one of these tasks was measured to carry at this demand. */
  readonly capacity: TaskCapacity;
  /** Migration and index build, which the service waits for. */
  readonly release: ReleasePlan;
  /** Task count at the first deployment, and how tasks give way to new ones. */
  readonly service: ServicePlan;
  /** Limits of the task count, and what moves it. */
  readonly autoscaling: AutoscalingPlan;
  /** Whether messages travel through the outbox, which one of the workers relays. */
  readonly outbox: boolean;
  /** Background services, the outbox's relay among them; may be empty. */
  readonly workers: readonly WorkerPlan[];
  /** One-off tasks by the clock. */
  readonly scheduledCommands: ScheduledCommandsPlan;
  /** 7, 14 or 30, for every log group of the stack. */
  readonly logRetentionDays: number;
  /** Whether CloudWatch Container Insights is on; it is charged by metric. */
  readonly containerInsights: boolean;
  /** Whether AWS and Pulumi refuse to delete data, load balancer, images and secrets. */
  readonly deletionProtection: boolean;
  /** Whether backups, media, images and secrets go with the stack; otherwise they outlive it or hold it back. */
  readonly disposable: boolean;
  /** Undefined where only people update the stack. */
  readonly delivery?: DeliveryPlan;
}

/** Takes all decisions, each in the file of its concern. */
export function decide(s: CompleteSettings, stack: string): Decisions {
  return {
    stack,
    scale: s.scale,
    demand: s.demand,
    network: networkPlan(s),
    database: databasePlan(s),
    databaseProxy: databaseProxyPlan(s),
    backupCopy: backupCopyPlan(s),
    secrets: {
      databasePasswordVersion: s.databasePasswordVersion,
      djangoSecretKeyVersion: s.djangoSecretKeyVersion,
    },
    cache: cachePlan(s),
    domain: domainPlan(s),
    media: mediaPlan(s),
    webFirewall: s.webFirewall ? webFirewallPlan(s.requestsPerAddress) : undefined,
    accessLogs: s.accessLogs,
    loadBalancer: loadBalancerPlan(s),
    image: imagePlan(s),
    task: taskPlan(s),
    server: s.server,
    channelLayer: s.channelLayer,
    capacity: chatTask(s),
    release: {
      migrationCommand: s.migrationCommand.split(/\s+/),
      // Readers of a table queue up behind a migration that waits for it. A data migration may be idle for long.
      migrationSession: "-c lock_timeout=2s -c idle_in_transaction_session_timeout=0",
      skipEquivalentIndexes: s.skipEquivalentIndexes,
      secretVersions: secretVersions(s),
      smokeTest: isOpen(s.allowedCidrs)
        ? { path: s.smokeTestPath, socketPath: `${application.socketPath}chat/release/` }
        : undefined,
      rounds: 3, // 45 minutes: what takes longer goes on by itself, and the next update finds it
    },
    service: servicePlan(s),
    autoscaling: autoscalingPlan(s),
    outbox: s.outbox,
    workers: workerPlans(s),
    scheduledCommands: scheduledCommandsPlan(s),
    logRetentionDays: s.logRetentionDays,
    containerInsights: s.containerInsights,
    deletionProtection: s.deletionProtection,
    disposable: s.disposable,
    delivery: deliveryPlan(s),
  };
}
