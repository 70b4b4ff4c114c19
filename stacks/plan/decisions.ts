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
import type { AdoptedKind } from "./adoption";
import type { CompleteSettings } from "./complete";
import { type DeliveryPlan, deliveryPlan } from "./delivery";
import { type DomainPlan, domainPlan } from "./domain";
import { application, type Scale } from "../guide";
import { isOpen } from "./network";
import { type ImagePlan, imagePlan } from "./image";
import { type LoadBalancerPlan, loadBalancerPlan } from "./loadBalancer";
import { type MediaPlan, mediaPlan } from "./media";
import { type NetworkPlan, networkPlan } from "./network";
import { room, secretVersions, type ServicePlan, servicePlan, type TaskPlan, taskPlan } from "./tasks";
import { type WebFirewallPlan, webFirewallPlan } from "./webFirewall";
import { type ScheduledCommandsPlan, scheduledCommandsPlan, type WorkerPlan, workerPlans } from "./workers";

/** Versions of the generated secrets. A higher version generates a new secret. */
export interface SecretsPlan {
  /** Version of the database password. Another password starts new tasks, because running ones know only the former. */
  readonly databasePasswordVersion: number;
  /** Version of `SECRET_KEY`. Another key logs all users out. */
  readonly djangoSecretKeyVersion: number;
}

/** Steps on the database before new tasks start: migration, then indexes (GAP-43). */
export interface ReleasePlan {
  /** Command of the one-off task that migrates the database. */
  readonly migrationCommand: readonly string[];
  /** Settings of the migration's database session, as `PGOPTIONS`. Another value runs the migration again. */
  readonly migrationSession: string;
  /** Skips an index that the database already has under another name. */
  readonly skipEquivalentIndexes: boolean;
  /** Changes with the versions of the stack's secrets; the proxy logs in with them. */
  readonly secretVersions: string;
  /**
   * Requests of the final smoke test through the load balancer; undefined if it does not admit the release's function.
   */
  readonly smokeTest?: { readonly path: string; readonly socketPath: string };
  /**
   * Task limits that come into force before the tasks of the new revision; undefined where one running task leaves room
   * for another one anyway.
   */
  readonly room?: { readonly minimum: number; readonly maximum: number; readonly maximumPercent: number };
  /** Most invocations for one long migration or build, of at most 15 minutes each. */
  readonly rounds: number;
}

/** All decisions that follow from the settings alone. Monitoring is decided from these. */
export interface Decisions {
  /** Name of the Pulumi stack. */
  readonly stack: string;
  /** Source of defaults that do not depend on size; sizes follow `demand`. */
  readonly scale: Scale;
  /** The load that decides all sizes. */
  readonly demand: Demand;
  /** VPC, subnets, and the tasks' way to the internet. */
  readonly network: NetworkPlan;
  /** The primary, its replicas and its backups. */
  readonly database: DatabasePlan;
  /** RDS Proxy; undefined connects the tasks to the primary. */
  readonly databaseProxy?: DatabaseProxyPlan;
  /** Copies in another region; undefined keeps backups in the stack's region only. */
  readonly backupCopy?: BackupCopyPlan;
  /** Versions of the passwords that the program generates. */
  readonly secrets: SecretsPlan;
  /** Redis or Valkey. */
  readonly cache: CachePlan;
  /** Domain and HTTPS; undefined serves the chat over plain HTTP, at the load balancer's own name. */
  readonly domain?: DomainPlan;
  /** Bucket of the media; undefined leaves them on the tasks' disks. */
  readonly media?: MediaPlan;
  /** Origins of frontends that are hosted elsewhere. */
  readonly frontendOrigins: readonly string[];
  /** AWS WAF; undefined uses none. */
  readonly webFirewall?: WebFirewallPlan;
  /** Whether requests to the load balancer are logged. */
  readonly accessLogs: boolean;
  /** Time-outs, stickiness and health check. */
  readonly loadBalancer: LoadBalancerPlan;
  /** Source of the image, and retention in the repository. */
  readonly image: ImagePlan;
  /** Command and size of a chat task. */
  readonly task: TaskPlan;
  /** Server of the chat's sockets. */
  readonly server: Server;
  /** Transport of messages between tasks. */
  readonly channelLayer: ChannelLayer;
  /** Measured capacity of one such task at this demand. */
  readonly capacity: TaskCapacity;
  /** Migration and index build; the service waits for them. */
  readonly release: ReleasePlan;
  /** Task count at the first deployment, and limits of a rolling update. */
  readonly service: ServicePlan;
  /** Limits of the task count, and the metrics that move it. */
  readonly autoscaling: AutoscalingPlan;
  /** Whether messages go through the outbox; one of the workers relays it. */
  readonly outbox: boolean;
  /** Background services, the outbox's relay among them; may be empty. */
  readonly workers: readonly WorkerPlan[];
  /** Scheduled one-off tasks. */
  readonly scheduledCommands: ScheduledCommandsPlan;
  /** Retention of every log group of the stack: 7, 14 or 30 (days). */
  readonly logRetentionDays: number;
  /** Whether CloudWatch Container Insights is on (charged per metric). */
  readonly containerInsights: boolean;
  /** Whether AWS and Pulumi refuse to delete data, load balancer, images and secrets. */
  readonly deletionProtection: boolean;
  /** Whether `destroy` also deletes backups, media, images and secrets; otherwise they stay, or block `destroy`. */
  readonly disposable: boolean;
  /** Resources that were there before the stack. */
  readonly adopted: readonly AdoptedKind[];
  /** GitHub Actions; undefined if only people update the stack. */
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
    frontendOrigins: s.frontendOrigins,
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
      // A short lock timeout: readers of a table queue behind a migration that waits for it. No idle timeout: a data
      // migration may compute for long.
      migrationSession: "-c lock_timeout=2s -c idle_in_transaction_session_timeout=0",
      skipEquivalentIndexes: s.skipEquivalentIndexes,
      secretVersions: secretVersions(s),
      smokeTest: isOpen(s.allowedCidrs)
        ? { path: s.smokeTestPath, socketPath: `${application.socketPath}chat/release/` }
        : undefined,
      room: room(s),
      rounds: 3, // 45 minutes: longer work goes on by itself, and the next update finds it
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
    adopted: s.adopted,
    delivery: deliveryPlan(s),
  };
}
