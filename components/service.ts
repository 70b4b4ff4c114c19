import * as ecs from "@pulumi/aws/ecs";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";
import { fingerprint } from "./fingerprint";
import type { ServicePlan } from "../stacks/plan/tasks";

/** Network of the tasks. */
export interface TaskNetwork {
  /** One subnet for each zone: public ones for tasks with public addresses, else private ones. */
  readonly subnetIds: pulumi.Input<string>[];
  /** Security group that admits the load balancer only. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Whether tasks get public addresses of their own. */
  readonly assignPublicIp: boolean;
}

/** Changes with the service's settings and network, which make ECS deploy it as another revision does. */
export const deployedWith = (settings: object, tasks: TaskNetwork): readonly pulumi.Input<string>[] => [
  fingerprint(settings, tasks.assignPublicIp),
  ...tasks.subnetIds,
  tasks.securityGroupId,
];

/** Count, revision and network of the tasks. */
export interface ServiceArgs {
  /** Task count at the first deployment, and limits of a rolling update. */
  readonly plan: ServicePlan;
  /** Cluster with Fargate as a capacity provider. Another one replaces the service, and cuts all sockets. */
  readonly clusterArn: pulumi.Input<string>;
  /** Task definition ARN with revision. Another one replaces all tasks in turns. */
  readonly taskDefinitionArn: pulumi.Input<string>;
  /** Target group for the tasks' addresses. */
  readonly targetGroupArn: pulumi.Input<string>;
  /** Network of all tasks. Another one replaces all tasks in turns. */
  readonly tasks: TaskNetwork;
  /** CloudWatch alarm that makes ECS roll a deployment back. */
  readonly deploymentAlarm: pulumi.Input<string>;
  /** Steps before tasks start: migration, index build, and a listener for the target group. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** The service that keeps the tasks running, behind the load balancer (G-71 … G-73). */
export class Service extends pulumi.ComponentResource {
  /** Name with Pulumi's random suffix: `chatpop-backend-service-0a1b2c3`. */
  readonly serviceName: pulumi.Output<string>;
  /** ARN; ECS's events name the service by it. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:compute:Service", name, {}, opts);
    const { plan } = args;

    const service = new ecs.Service(
      `${name}-backend-service`,
      {
        cluster: args.clusterArn,
        taskDefinition: args.taskDefinitionArn,
        // On-Demand only: Spot would cut a task's sockets with two minutes' notice.
        capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
        desiredCount: plan.desiredTasks,
        deploymentMinimumHealthyPercent: plan.minimumHealthyPercent,
        deploymentMaximumPercent: plan.maximumPercent,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        // ECS also watches the alarm for a while after the last task started, and ignores an alarm that was on before.
        alarms: { alarmNames: [args.deploymentAlarm], enable: true, rollback: true },
        // No rebalancing: it would move healthy tasks to another zone and cut their sockets.
        availabilityZoneRebalancing: "DISABLED",
        healthCheckGracePeriodSeconds: plan.healthCheckGracePeriod,
        enableExecuteCommand: plan.executeCommand,
        waitForSteadyState: true,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        networkConfiguration: {
          subnets: args.tasks.subnetIds,
          securityGroups: [args.tasks.securityGroupId],
          assignPublicIp: args.tasks.assignPublicIp,
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
        dependsOn: [...args.dependsOn],
        // Autoscaling sets the count after the first deployment.
        ignoreChanges: ["desiredCount"],
        // A rolling update replaces tasks in turns, each with start, health checks and draining.
        customTimeouts: { create: "30m", update: "60m", delete: "30m" },
      },
    );

    this.serviceName = service.name;
    this.arn = service.arn;
    this.registerOutputs({ serviceName: this.serviceName });
  }
}
