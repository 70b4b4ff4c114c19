import * as ecs from "@pulumi/aws/ecs";
import * as pulumi from "@pulumi/pulumi";

/** Monitoring of the cluster. */
export interface ClusterArgs {
  /** Whether CloudWatch collects metrics of every task (charged per metric). */
  readonly containerInsights: boolean;
}

/** The ECS cluster (G-56), with Fargate and Fargate Spot as its capacity. */
export class Cluster extends pulumi.ComponentResource {
  /** Known only once tasks can run on Fargate and Fargate Spot. */
  readonly arn: pulumi.Output<string>;
  /** Name, as CloudWatch and the command line know the cluster. */
  readonly clusterName: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:compute:Cluster", name, {}, opts);

    const cluster = new ecs.Cluster(
      `${name}-cluster`,
      { settings: [{ name: "containerInsights", value: args.containerInsights ? "enabled" : "disabled" }] },
      { parent: this },
    );
    const capacityProviders = new ecs.ClusterCapacityProviders(
      `${name}-cluster`,
      {
        clusterName: cluster.name,
        capacityProviders: ["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
      },
      { parent: this },
    );

    // No task can start before the cluster has its capacity providers.
    this.arn = pulumi.all([cluster.arn, capacityProviders.id]).apply(([arn]) => arn);
    this.clusterName = cluster.name;
    this.registerOutputs({ arn: this.arn, clusterName: this.clusterName });
  }
}
