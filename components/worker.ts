import * as ecs from "@pulumi/aws/ecs";
import * as pulumi from "@pulumi/pulumi";
import type { WorkerPlan } from "../stacks/plan/workers";
import { DeploymentCheck } from "./deploymentCheck";
import { type Application, fargateTask } from "./fargateTask";
import { deployedWith, type TaskNetwork } from "./service";

/** Command, size and network of the worker. */
export interface WorkerArgs {
  /** Command, size, and task counts On-Demand and on Spot. */
  readonly plan: WorkerPlan;
  /** Part shared with the chat: image, environment, roles and log. */
  readonly application: Application;
  /** Cluster with Fargate and Fargate Spot as capacity providers. Another one replaces the service. */
  readonly clusterArn: pulumi.Input<string>;
  /** Network of all tasks. No worker listens, so the security group's ingress rule has no effect. */
  readonly tasks: TaskNetwork;
  /** The release's function that checks deployments. */
  readonly tasksFunctionName: pulumi.Input<string>;
  /** Steps before tasks start: migration and index build. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** A background service with the application's image: its own command, no load balancer, on Spot (G-175). */
export class Worker extends pulumi.ComponentResource {
  /** Name with Pulumi's random suffix: `chatpop-worker-outbox-relay-0a1b2c3`. */
  readonly serviceName: pulumi.Output<string>;
  /** ARN; ECS's events name the service by it. */
  readonly arn: pulumi.Output<string>;
  /** Whether the chat is released only after this worker. */
  readonly precedesChat: boolean;

  constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:compute:Worker", name, {}, opts);
    const { plan } = args;

    const { definition, containerDefinitions } = fargateTask(
      name,
      {
        application: args.application,
        container: plan.name,
        command: plan.command,
        cpu: plan.cpu,
        memory: plan.memory,
        stopTimeout: plan.stopTimeout,
      },
      { parent: this },
    );
    const service = new ecs.Service(
      name,
      {
        cluster: args.clusterArn,
        taskDefinition: definition.arn,
        capacityProviderStrategies: [
          { capacityProvider: "FARGATE", base: plan.onDemandTasks, weight: 0 },
          { capacityProvider: "FARGATE_SPOT", weight: 1 },
        ],
        // ECS moves running tasks to other capacity only by a deployment.
        forceNewDeployment: true,
        desiredCount: plan.tasks,
        deploymentMinimumHealthyPercent: plan.minimumHealthyPercent,
        deploymentMaximumPercent: plan.maximumPercent,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        enableExecuteCommand: plan.executeCommand,
        waitForSteadyState: true,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        networkConfiguration: {
          subnets: args.tasks.subnetIds,
          securityGroups: [args.tasks.securityGroupId],
          assignPublicIp: args.tasks.assignPublicIp,
        },
      },
      {
        parent: this,
        dependsOn: [...args.dependsOn],
        customTimeouts: { create: "20m", update: "20m", delete: "20m" },
      },
    );
    new DeploymentCheck(
      name,
      {
        functionName: args.tasksFunctionName,
        clusterArn: args.clusterArn,
        serviceName: service.name,
        taskDefinitionArn: definition.arn,
        deployed: deployedWith(plan, args.tasks),
      },
      { parent: this },
    );

    this.serviceName = service.name;
    this.arn = service.arn;
    this.precedesChat = plan.precedesChat;
    this.registerOutputs({ serviceName: this.serviceName, containerDefinitions });
  }
}
