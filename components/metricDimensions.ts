import type * as pulumi from "@pulumi/pulumi";
import type { DimensionsBySubject } from "../stacks/monitoring/dashboard";
import type { Cache } from "./cache";
import type { Cluster } from "./cluster";
import type { Database } from "./database";
import type { DatabaseProxy } from "./databaseProxy";
import type { LoadBalancer } from "./loadBalancer";
import type { Network } from "./network";
import type { ScheduledCommands } from "./scheduledCommands";
import type { Service } from "./service";
import type { TaskDefinition } from "./taskDefinition";
import type { Worker } from "./worker";

export interface WatchedComponents {
  readonly network: Network;
  readonly database: Database;
  readonly databaseProxy?: DatabaseProxy;
  readonly cache: Cache;
  readonly loadBalancer: LoadBalancer;
  readonly cluster: Cluster;
  readonly service: Service;
  readonly workers: readonly Worker[];
  readonly taskDefinition: TaskDefinition;
  readonly scheduledCommands?: ScheduledCommands;
}

/** How CloudWatch names what a deployment consists of. */
export function metricDimensions(watched: WatchedComponents): DimensionsBySubject<pulumi.Input<string>> {
  const { loadBalancer, database, scheduledCommands } = watched;
  const ClusterName = watched.cluster.clusterName;
  const LoadBalancer = loadBalancer.arnSuffix;
  const instances = database.identifiers.map((DBInstanceIdentifier) => ({ DBInstanceIdentifier }));
  return {
    loadBalancer: [{ LoadBalancer }],
    targetGroup: [{ LoadBalancer, TargetGroup: loadBalancer.targetGroupArnSuffix }],
    service: [{ ClusterName, ServiceName: watched.service.serviceName }],
    worker: watched.workers.map(({ serviceName }) => ({ ClusterName, ServiceName: serviceName })),
    database: instances,
    replica: instances.slice(1),
    proxy: watched.databaseProxy ? [{ ProxyName: watched.databaseProxy.proxyName }] : [],
    cacheNode: watched.cache.nodeIds.map((CacheClusterId) => ({ CacheClusterId })),
    natGateway: watched.network.natGatewayIds.map((NatGatewayId) => ({ NatGatewayId })),
    logGroup: [{ LogGroupName: watched.taskDefinition.logGroupName }],
    log: [{}],
    scheduleGroup: scheduledCommands ? [{ ScheduleGroup: scheduledCommands.scheduleGroupName }] : [],
  };
}
