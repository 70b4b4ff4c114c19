import type * as pulumi from "@pulumi/pulumi";
import type { DimensionsBySubject } from "../stacks/plan/monitoring/dashboard";
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

/** Components whose resources appear in CloudWatch. */
export interface WatchedComponents {
  /** For its NAT gateways. */
  readonly network: Network;
  /** For the primary and its replicas. */
  readonly database: Database;
  /** Undefined when there is no proxy. */
  readonly databaseProxy?: DatabaseProxy;
  /** For its nodes. */
  readonly cache: Cache;
  /** For itself and its target group. */
  readonly loadBalancer: LoadBalancer;
  /** Cluster of the service and of the workers. */
  readonly cluster: Cluster;
  /** The chat itself. */
  readonly service: Service;
  /** Workers in the order of the Plan; alarms find them by index. */
  readonly workers: readonly Worker[];
  /** For the log group. */
  readonly taskDefinition: TaskDefinition;
  /** ARN of the certificate that the load balancer shows; undefined without a domain. */
  readonly certificateArn?: pulumi.Input<string>;
  /** Undefined when there are none. */
  readonly scheduledCommands?: ScheduledCommands;
}

/** CloudWatch dimensions of all resources of a deployment. */
export function metricDimensions(watched: WatchedComponents): DimensionsBySubject<pulumi.Input<string>> {
  const { loadBalancer, database, certificateArn, scheduledCommands } = watched;
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
    certificate: certificateArn ? [{ CertificateArn: certificateArn }] : [],
    scheduleGroup: scheduledCommands ? [{ ScheduleGroup: scheduledCommands.scheduleGroupName }] : [],
  };
}
