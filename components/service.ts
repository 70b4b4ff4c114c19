import * as ecs from "@pulumi/aws/ecs";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";
import { fingerprint } from "./fingerprint";
import type { ServicePlan } from "../stacks/plan/tasks";

/** Where tasks stand. */
export interface TaskNetwork {
  /** One for each zone: public ones for tasks with public addresses, else private ones. */
  readonly subnetIds: pulumi.Input<string>[];
  /** Lets the load balancer in, and nobody else. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Whether tasks get public addresses of their own. */
  readonly assignPublicIp: boolean;
}

/** What makes ECS deploy a service anew besides another revision: its settings, and where its tasks stand. */
export const deployedWith = (settings: object, tasks: TaskNetwork): readonly pulumi.Input<string>[] => [
  fingerprint(settings, tasks.assignPublicIp),
  ...tasks.subnetIds,
  tasks.securityGroupId,
];

/** How many tasks of which revision run where. */
export interface ServiceArgs {
  /** Task count at first, and how tasks give way to new ones. */
  readonly plan: ServicePlan;
  /** A cluster that has Fargate as a capacity provider. */
  readonly clusterArn: pulumi.Input<string>;
  /** Task definition ARN with revision. */
  readonly taskDefinitionArn: pulumi.Input<string>;
  /** Where ECS registers each task with its address. */
  readonly targetGroupArn: pulumi.Input<string>;
  /** Where all tasks stand. */
  readonly tasks: TaskNetwork;
  /** CloudWatch alarm by which ECS takes a deployment back. */
  readonly deploymentAlarm: pulumi.Input<string>;
  /** What must have happened before tasks start: migration, index build, and a listener for the target group. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** The service that keeps the tasks running, behind the load balancer (G-71 … G-73). */
export class Service extends pulumi.ComponentResource {
  /** With the characters that Pulumi draws: `chatpop-backend-service-0a1b2c3`. */
  readonly serviceName: pulumi.Output<string>;
  /** For ECS's events, which name the service by it. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:compute:Service", name, {}, opts);
    const { plan } = args;

    const service = new ecs.Service(
      `${name}-backend-service`,
      {
        cluster: args.clusterArn,
        taskDefinition: args.taskDefinitionArn,
        // Spot would cut a task's sockets at two minutes' notice.
        capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
        desiredCount: plan.desiredTasks,
        deploymentMinimumHealthyPercent: plan.minimumHealthyPercent,
        deploymentMaximumPercent: plan.maximumPercent,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        // ECS watches it for a while after the last task as well, and passes over one that was on before.
        alarms: { alarmNames: [args.deploymentAlarm], enable: true, rollback: true },
        // Moving a healthy task to another zone would cut its sockets.
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
        // Autoscaling owns the count after the first deployment.
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
