import { type AutoscalingPlan, autoscalingPlan } from "./autoscaling";
import { type CachePlan, cachePlan } from "./cache";
import type { Demand } from "./capacity";
import { type BackupCopyPlan, backupCopyPlan, type DatabasePlan, databasePlan } from "./database";
import type { CompleteSettings } from "./settings/complete";
import { type DomainPlan, domainPlan } from "./domain";
import type { Scale } from "./guide";
import { type LoadBalancerPlan, loadBalancerPlan } from "./loadBalancer";
import { type MediaPlan, mediaPlan } from "./media";
import { type NetworkPlan, networkPlan } from "./network";
import { type ServicePlan, servicePlan, type TaskPlan, taskPlan } from "./tasks";
import { type WebFirewallPlan, webFirewallPlan } from "./webFirewall";
import { type ScheduledCommandsPlan, scheduledCommandsPlan, type WorkerPlan, workerPlans } from "./workers";

/** Numbers that draw a secret anew when they grow. */
export interface SecretsPlan {
  readonly databasePasswordVersion: number;
  readonly djangoSecretKeyVersion: number;
}

export interface ReleasePlan {
  /** Command of the one-off task that migrates the database. */
  readonly migrationCommand: readonly string[];
  /** Builds no index that the database has already under another name. */
  readonly skipEquivalentIndexes: boolean;
  /** Invocations over which a long migration or build may go on; each lasts 15 minutes at most. */
  readonly rounds: number;
}

export interface DeliveryPlan {
  /** GitHub repository whose jobs may update the stack. */
  readonly repository: string;
  /** GitHub environment that those jobs belong to. */
  readonly environment: string;
}

/** Every decision that is taken from the settings alone; what watches over them is decided from these. */
export interface Decisions {
  /** Name of the Pulumi stack. */
  readonly stack: string;
  readonly scale: Scale;
  readonly demand: Demand;
  readonly network: NetworkPlan;
  readonly database: DatabasePlan;
  readonly databaseProxy: boolean;
  /** Undefined keeps backups in the stack's region only. */
  readonly backupCopy?: BackupCopyPlan;
  readonly secrets: SecretsPlan;
  readonly cache: CachePlan;
  /** Undefined serves the chat over plain HTTP, at the load balancer's own name. */
  readonly domain?: DomainPlan;
  /** Undefined leaves media on the tasks' disks. */
  readonly media?: MediaPlan;
  /** Undefined goes without. */
  readonly webFirewall?: WebFirewallPlan;
  /** Whether requests to the load balancer are logged. */
  readonly accessLogs: boolean;
  readonly loadBalancer: LoadBalancerPlan;
  readonly task: TaskPlan;
  readonly release: ReleasePlan;
  readonly service: ServicePlan;
  readonly autoscaling: AutoscalingPlan;
  /** Whether messages travel through the outbox, which one of the workers relays. */
  readonly outbox: boolean;
  readonly workers: readonly WorkerPlan[];
  readonly scheduledCommands: ScheduledCommandsPlan;
  readonly logRetentionDays: number;
  readonly containerInsights: boolean;
  readonly deletionProtection: boolean;
  /** Undefined where only people update the stack. */
  readonly delivery?: DeliveryPlan;
}

/** Takes all decisions, each in the file of its concern. */
export function decide(s: CompleteSettings, demand: Demand, stack: string): Decisions {
  return {
    stack,
    scale: s.scale,
    demand,
    network: networkPlan(s),
    database: databasePlan(s, demand),
    databaseProxy: s.databaseProxy,
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
    task: taskPlan(s),
    release: {
      migrationCommand: s.migrationCommand.split(/\s+/),
      skipEquivalentIndexes: s.skipEquivalentIndexes,
      rounds: 3,
    },
    service: servicePlan(s),
    autoscaling: autoscalingPlan(s),
    outbox: s.outbox,
    workers: workerPlans(s, demand),
    scheduledCommands: scheduledCommandsPlan(s),
    logRetentionDays: s.logRetentionDays,
    containerInsights: s.containerInsights,
    deletionProtection: s.deletionProtection,
    delivery: s.deployRepository
      ? { repository: s.deployRepository, environment: s.deployEnvironment }
      : undefined,
  };
}
