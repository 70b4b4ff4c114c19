import * as ecs from "@pulumi/aws/ecs";
import type { Listener } from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";
import type { ServicePlan } from "../stacks/plan";

export interface ServiceArgs {
  readonly plan: ServicePlan;
  /** Task definition ARN with revision. */
  readonly taskDefinitionArn: pulumi.Input<string>;
  readonly targetGroupArn: pulumi.Input<string>;
  /** Listeners of the target group; they come first. */
  readonly listeners: readonly Listener[];
  readonly subnetIds: pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  /** Whether tasks get public addresses of their own. */
  readonly assignPublicIp: boolean;
  readonly containerInsights: boolean;
}

/** The ECS cluster and the service that keeps the tasks running. */
export class Service extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  readonly serviceName: pulumi.Output<string>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:compute:Service", name, {}, opts);
    const { plan } = args;

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
    const service = new ecs.Service(
      `${name}-backend-service`,
      {
        cluster: cluster.arn,
        taskDefinition: args.taskDefinitionArn,
        // Spot would cut a task's sockets at two minutes' notice.
        capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
        desiredCount: plan.desiredTasks,
        deploymentMinimumHealthyPercent: plan.minimumHealthyPercent,
        deploymentMaximumPercent: plan.maximumPercent,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        // Moving a healthy task to another zone would cut its sockets.
        availabilityZoneRebalancing: "DISABLED",
        healthCheckGracePeriodSeconds: plan.healthCheckGracePeriod,
        waitForSteadyState: true,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        networkConfiguration: {
          subnets: args.subnetIds,
          securityGroups: [args.securityGroupId],
          assignPublicIp: args.assignPublicIp,
        },
        loadBalancers: [
          {
            targetGroupArn: args.targetGroupArn,
            containerName: application.containerName,
            containerPort: application.port,
          },
        ],
      },
      {
        parent: this,
        dependsOn: [...args.listeners, capacityProviders],
        // Autoscaling owns the count after the first deployment.
        ignoreChanges: ["desiredCount"],
        // A rolling update replaces tasks in turns, each with start, health checks and draining.
        customTimeouts: { create: "30m", update: "60m", delete: "30m" },
      },
    );

    this.clusterName = cluster.name;
    this.serviceName = service.name;
    this.registerOutputs({ clusterName: this.clusterName, serviceName: this.serviceName });
  }
}
