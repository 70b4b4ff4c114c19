import * as elasticache from "@pulumi/aws/elasticache";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";
import type { CachePlan } from "../stacks/plan/cache";

/** Engine, size and number of the caches, and their place in the VPC. */
export interface CacheArgs {
  /** Engine, nodes, parameters and shards. */
  readonly plan: CachePlan;
  /** Private subnets. */
  readonly subnetIds: pulumi.Input<string>[];
  /** Security group that admits the tasks only. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Keeps Pulumi from deleting or replacing the first cache; ElastiCache itself has no such switch. */
  readonly deletionProtection: boolean;
}

/**
 * Redis or Valkey (G-3, G-47, G-48): the channel layer and, in the first cache, the message cache. Cluster mode stays
 * off, because channels_redis does not support it (G-197): further caches are independent, and share the rooms by name
 * (GAP-39).
 */
export class Cache extends pulumi.ComponentResource {
  /** Host name of the first cache's primary node. */
  readonly host: pulumi.Output<string>;
  /** Host names of the primary nodes of all caches, the first one among them. */
  readonly hosts: readonly pulumi.Output<string>[];
  /** Identifiers of the replication groups. */
  readonly identifiers: readonly pulumi.Output<string>[];
  /** Names of the nodes in ElastiCache, `<group>-001` and so on, cache by cache; any of them can be the primary. */
  readonly nodeIds: readonly pulumi.Output<string>[];

  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:data:Cache", name, {}, opts);
    const { plan } = args;
    const replicated = plan.nodes > 1;

    const subnetGroup = new elasticache.SubnetGroup(
      `${name}-redis`,
      { description: "Private subnets of ChatPop", subnetIds: args.subnetIds },
      { parent: this },
    );
    const parameterGroup = new elasticache.ParameterGroup(
      `${name}-redis`,
      {
        family: plan.family,
        description: "ChatPop",
        parameters: plan.parameters.map((parameter) => ({ ...parameter })),
      },
      { parent: this },
    );
    const group = (index: number) =>
      new elasticache.ReplicationGroup(
        index === 0 ? `${name}-redis` : `${name}-redis-${index + 1}`,
        {
          description:
            index === 0 ? "Channel layer and message cache of ChatPop" : "Channel layer of ChatPop",
          engine: plan.engine,
          engineVersion: plan.version,
          nodeType: plan.nodeType,
          numCacheClusters: plan.nodes,
          automaticFailoverEnabled: replicated,
          multiAzEnabled: replicated,
          port: application.cachePort,
          subnetGroupName: subnetGroup.name,
          securityGroupIds: [args.securityGroupId],
          parameterGroupName: parameterGroup.name,
          atRestEncryptionEnabled: true,
          // "preferred" accepts both plain redis://, which the application speaks, and TLS: TLS then needs no new cache
          // (GAP-9).
          transitEncryptionEnabled: true,
          transitEncryptionMode: "preferred",
          snapshotRetentionLimit: plan.snapshotDays,
          snapshotWindow: plan.snapshotWindow,
          maintenanceWindow: plan.maintenanceWindow,
          // If AWS upgraded the version by itself, the provider would plan the old one again, and a downgrade replaces
          // the cache.
          autoMinorVersionUpgrade: false,
          applyImmediately: true,
        },
        // A further one holds nothing that outlives a message, and goes when the load needs fewer.
        { parent: this, protect: args.deletionProtection && index === 0 },
      );
    const first = group(0);
    const groups = [first, ...Array.from({ length: plan.shards - 1 }, (_, index) => group(index + 1))];

    this.host = first.primaryEndpointAddress;
    this.hosts = groups.map((each) => each.primaryEndpointAddress);
    this.identifiers = groups.map(({ id }) => id);
    this.nodeIds = this.identifiers.flatMap((id) =>
      Array.from(
        { length: plan.nodes },
        (_, index) => pulumi.interpolate`${id}-${String(index + 1).padStart(3, "0")}`,
      ),
    );
    this.registerOutputs({ host: this.host });
  }
}
