import { addressPlan, type ZoneAddresses } from "./addresses";
import { advisories } from "./advisories";
import { type AutoscalingPlan, autoscalingPlan, fewestTasks } from "./autoscaling";
import { type Demand, demandOf } from "./capacity";
import { assertConsistent } from "./consistency";
import { type DatabaseParameter, databaseParameters } from "./databaseParameters";
import { type CompleteSettings, complete } from "./defaults";
import { type DomainPlan, domainPlan } from "./domain";
import { application, guide, healthCheck, type Scale, stickinessDuration } from "./guide";
import { type MediaPlan, mediaPlan } from "./media";
import { type MonitoringPlan, monitoringPlan } from "./monitoring";
import type { Settings } from "./settings";
import type { Decisions } from "./watched/watched";
import { type WebFirewallPlan, webFirewallPlan } from "./webFirewall";
import { type ScheduledCommandsPlan, scheduledCommandsPlan, type WorkerPlan, workerPlans } from "./workers";
import { hourForCopy } from "./windows";

export interface NetworkPlan {
  readonly vpcCidr: string;
  /** One entry for each availability zone in use. */
  readonly zones: readonly ZoneAddresses[];
  /** NAT gateways: none, one for all zones, or one for each zone. */
  readonly natGateways: number;
  /** Whether tasks stand in public subnets with addresses of their own (reachable from the load balancer only). */
  readonly tasksArePublic: boolean;
  /** IPv4 networks that may reach the load balancer. */
  readonly allowedCidrs: readonly string[];
  /** Which flows the VPC records; undefined records none. */
  readonly flowLogs?: "REJECT" | "ALL";
}

export interface DatabasePlan {
  readonly version: string;
  /** Parameter group family: `postgres15`. */
  readonly family: string;
  readonly instanceClass: string;
  /** GiB. */
  readonly storage: number;
  /** GiB up to which RDS grows by itself. */
  readonly maxStorage: number;
  readonly multiAz: boolean;
  readonly backupDays: number;
  /** Time of day in UTC: `09:00-10:00`. */
  readonly backupWindow: string;
  /** Time of week in UTC: `sun:10:30-sun:11:30`. */
  readonly maintenanceWindow: string;
  /** DB snapshot that a new database starts from. */
  readonly snapshotIdentifier?: string;
  readonly finalSnapshot: boolean;
  readonly readReplicas: number;
  readonly parameters: readonly DatabaseParameter[];
}

/** Daily copies of the database in another region. */
export interface BackupCopyPlan {
  readonly region: string;
  /** When AWS Backup takes its snapshot, as a cron expression in UTC. */
  readonly schedule: string;
  /** Days that the snapshot stays in the stack's own region, which has RDS's own backups besides. */
  readonly daysHere: number;
  /** Days that the copy is kept. */
  readonly daysThere: number;
}

/** Numbers that draw a secret anew when they grow. */
export interface SecretsPlan {
  readonly databasePasswordVersion: number;
  readonly djangoSecretKeyVersion: number;
}

export interface CachePlan {
  readonly engine: "redis" | "valkey";
  readonly version: string;
  /** Parameter group family: `redis7`. */
  readonly family: string;
  readonly nodeType: string;
  /** Nodes: the primary and its replicas. */
  readonly nodes: number;
  /** Days that daily snapshots are kept. */
  readonly snapshotDays: number;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

export interface LoadBalancerPlan {
  /** Seconds without traffic after which a connection is closed. */
  readonly idleTimeout: number;
  /** Seconds that a leaving task keeps its connections. */
  readonly deregistrationDelay: number;
  /** Seconds over which a new task's share of requests grows; 0 is at once. */
  readonly slowStart: number;
  readonly stickiness: {
    readonly type: "app_cookie" | "lb_cookie";
    readonly cookieName: string;
    readonly duration: number;
  };
  readonly healthCheck: {
    readonly path: string;
    readonly interval: number;
    readonly timeout: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
    readonly matcher: string;
  };
}

export interface TaskPlan {
  /** Image reference; one that begins with `:` or `@` is in the stack's own repository. */
  readonly image: string;
  /** Folder of a checkout to build the image from; undefined takes `image` as it is. */
  readonly imageContext?: string;
  readonly architecture: "x86_64" | "arm64";
  /** CPU units. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  readonly command: readonly string[];
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variables from Secrets Manager: name to ARN. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Changes with the values of the stack's secrets, which a task reads only when it starts. */
  readonly secretVersions: string;
  /** Whether operators may open a shell in a task. */
  readonly executeCommand: boolean;
}

export interface ServicePlan {
  readonly desiredTasks: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** Seconds during which a new task's health checks do not count. */
  readonly healthCheckGracePeriod: number;
  /** Whether operators may open a shell in a task. */
  readonly executeCommand: boolean;
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

/** Every decision of a deployment. */
export interface Plan {
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
  readonly monitoring: MonitoringPlan;
  readonly deletionProtection: boolean;
  /** Undefined where only people update the stack. */
  readonly delivery?: DeliveryPlan;
  /** Sentences that the operator should read before going on. */
  readonly advisories: readonly string[];
}

/*
 * A load balancer's health check carries the task's address as its Host header, so Django must allow it (GAP-1). `exec`
 * lets SIGTERM reach Daphne; a longer backlog and connect time-out let thousands of clients come back at once.
 */
const daphne = [
  "sh",
  "-c",
  `export ALLOWED_HOSTS="$ALLOWED_HOSTS,$(python -c 'import socket; print(socket.gethostbyname(socket.gethostname()))')" && ` +
    `exec daphne -v 0 --proxy-headers --websocket_connect_timeout 60 ` +
    `-e tcp:port=${application.port}:interface=0.0.0.0:backlog=4096 chatpop.asgi:application`,
];

const natGateways = (s: CompleteSettings) => ({ "public-ip": 0, nat: 1, "nat-per-zone": s.zones })[s.egress];

const cacheVersions = {
  redis: { version: "7.1", family: "redis7" },
  valkey: { version: "8.0", family: "valkey8" },
} as const;

function backupCopy(s: CompleteSettings): BackupCopyPlan | undefined {
  const hour = hourForCopy(s.databaseBackupWindow, s.databaseMaintenanceWindow);
  if (s.backupCopyRegion === undefined || hour === undefined) return undefined;
  return {
    region: s.backupCopyRegion,
    schedule: `cron(0 ${hour} * * ? *)`,
    daysHere: 2, // a copy starts when the snapshot is complete, and takes hours when it is the first
    daysThere: s.databaseBackupDays,
  };
}

/**
 * Decides everything about a deployment.
 *
 * @throws SettingsError when settings contradict each other.
 */
export function makePlan(settings: Settings): Plan {
  const s = complete(settings);
  assertConsistent(s);
  const demand = demandOf(s.rooms, s.usersPerRoom);
  const decisions = decide(s, demand);
  return { ...decisions, monitoring: monitoringPlan(decisions, s), advisories: advisories(s, demand) };
}

function decide(s: CompleteSettings, demand: Demand): Decisions {
  const busy = s.maxTasks > 10;
  return {
    scale: s.scale,
    demand,
    network: {
      vpcCidr: s.vpcCidr,
      zones: addressPlan(s.vpcCidr, s.zones),
      natGateways: natGateways(s),
      tasksArePublic: s.egress === "public-ip",
      allowedCidrs: s.allowedCidrs,
      flowLogs: ({ reject: "REJECT", all: "ALL", none: undefined } as const)[s.flowLogs],
    },
    database: {
      version: s.databaseVersion,
      family: `postgres${s.databaseVersion.split(".")[0]}`,
      instanceClass: s.databaseClass,
      storage: s.databaseStorage,
      maxStorage: s.databaseMaxStorage,
      multiAz: s.databaseMultiAz,
      backupDays: s.databaseBackupDays,
      backupWindow: s.databaseBackupWindow,
      maintenanceWindow: s.databaseMaintenanceWindow,
      snapshotIdentifier: s.snapshotIdentifier,
      finalSnapshot: s.finalSnapshot,
      readReplicas: s.readReplicas,
      // Four log lines for each of up to a thousand connections a second would cost more than the database (GAP-36).
      parameters: databaseParameters(demand.messagesPerSecond <= guide.small.messagesPerSecond),
    },
    databaseProxy: s.databaseProxy,
    backupCopy: backupCopy(s),
    secrets: {
      databasePasswordVersion: s.databasePasswordVersion,
      djangoSecretKeyVersion: s.djangoSecretKeyVersion,
    },
    cache: {
      engine: s.cacheEngine,
      ...cacheVersions[s.cacheEngine],
      nodeType: s.cacheNodeType,
      nodes: 1 + s.cacheReplicas,
      snapshotDays: s.deletionProtection ? 1 : 0,
      // The default, volatile-lru, may evict a busy room's channel group; volatile-ttl drops what expires soonest (GAP-37).
      parameters: [{ name: "maxmemory-policy", value: "volatile-ttl" }],
    },
    domain: domainPlan(s),
    media: mediaPlan(s),
    webFirewall: s.webFirewall ? webFirewallPlan(s.requestsPerAddress) : undefined,
    accessLogs: s.accessLogs,
    loadBalancer: {
      // Above Daphne's 20 s ping, so sockets live; below its 60 s keep-alive, so it never closes first (GAP-23).
      idleTimeout: 55,
      // Sockets never end by themselves, so a longer wait only delays the deployment (GAP-24).
      deregistrationDelay: 60,
      slowStart: busy ? 60 : 0,
      stickiness: { type: s.stickiness, cookieName: "chatpop_affinity", duration: stickinessDuration },
      healthCheck: {
        path: s.healthCheckPath,
        interval: healthCheck.interval,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
        matcher: "200",
      },
    },
    task: {
      image: s.image,
      imageContext: s.imageContext,
      architecture: s.architecture,
      cpu: s.taskCpu,
      memory: s.taskMemory,
      command: daphne,
      stopTimeout: 120, // Fargate's longest; Daphne needs 11 s to close 5,000 sockets on half a core
      environment: { ...(s.outbox && { OUTBOX_ENABLED: "True" }), ...s.environment },
      secrets: s.secrets,
      secretVersions: `${s.databasePasswordVersion}.${s.djangoSecretKeyVersion}`,
      executeCommand: s.executeCommand,
    },
    release: {
      migrationCommand: s.migrationCommand.split(/\s+/),
      skipEquivalentIndexes: s.skipEquivalentIndexes,
      rounds: 3,
    },
    service: {
      desiredTasks: s.desiredTasks,
      minimumHealthyPercent: 100,
      // A full second set of many tasks would reconnect everybody at once and needs twice the account's vCPU quota. ECS
      // rounds down: with 150 % of one task there would never be room for a second one.
      maximumPercent: busy && fewestTasks(s) > 1 ? 150 : 200,
      healthCheckGracePeriod: 120,
      executeCommand: s.executeCommand,
    },
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
