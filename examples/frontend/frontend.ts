// The frontend's tasks: an image, a log, roles and a security group of their own.
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ecs from "@pulumi/aws/ecs";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as iam from "@pulumi/aws/iam";
import * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { fargateTask } from "chatpop-on-aws/components/fargateTask";
import { assumedBy } from "chatpop-on-aws/components/policyDocuments";
import type { TaskNetwork } from "chatpop-on-aws/components/service";

export interface FrontendArgs {
  readonly image: pulumi.Input<string>;
  readonly architecture: "x86_64" | "arm64";
  readonly logRetentionDays: number;
  readonly clusterArn: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  readonly tasks: TaskNetwork;
  /** Port on which the image listens. */
  readonly port: number;
}

export class Frontend extends pulumi.ComponentResource {
  readonly targetGroupArn: pulumi.Output<string>;
  private readonly revision: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: FrontendArgs,
  ) {
    super("example:web:Frontend", name);
    const logs = new cloudwatch.LogGroup(
      name,
      { namePrefix: `/ecs/${name}-`, retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const execution = this.role("execution", "Starts the frontend's tasks");
    const pull = new iam.RolePolicyAttachment(
      `${name}-execution`,
      {
        role: execution.name,
        policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
      },
      { parent: this },
    );
    const { definition, containerDefinitions } = fargateTask(
      name,
      {
        application: {
          image: args.image,
          architecture: args.architecture,
          // Next.js listens on HOSTNAME, which ECS sets to the task's own name.
          environment: { HOSTNAME: "0.0.0.0", NODE_ENV: "production", PORT: String(args.port) },
          secrets: {},
          logGroupName: logs.name,
          region: getRegionOutput({}, { parent: this }).region,
          executionRoleArn: execution.arn,
          // It calls nothing of AWS.
          taskRoleArn: this.role("task", "The frontend").arn,
          permissions: [pull],
        },
        container: name,
        command: ["node", "server.js"],
        port: args.port,
        cpu: 256,
        memory: 512,
        stopTimeout: 30,
      },
      { parent: this },
    );
    const targets = new lb.TargetGroup(
      name,
      {
        vpcId: args.vpcId,
        targetType: "ip",
        protocol: "HTTP",
        port: args.port,
        deregistrationDelay: 30,
        healthCheck: { path: "/", matcher: "200-399", protocol: "HTTP", port: "traffic-port" },
      },
      { parent: this },
    );
    this.revision = definition.arn;
    this.targetGroupArn = targets.arn;
    this.registerOutputs({ targetGroupArn: this.targetGroupArn, containerDefinitions });
  }

  /** Starts the tasks. ECS asks for a way from the load balancer to the target group first. */
  start(dependsOn: pulumi.Resource[]): void {
    const { name, args } = this;
    const { subnetIds, securityGroupId, assignPublicIp } = args.tasks;
    new ecs.Service(
      name,
      {
        cluster: args.clusterArn,
        taskDefinition: this.revision,
        capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
        desiredCount: 2,
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        healthCheckGracePeriodSeconds: 60,
        waitForSteadyState: true,
        enableEcsManagedTags: true,
        propagateTags: "SERVICE",
        networkConfiguration: { subnets: subnetIds, securityGroups: [securityGroupId], assignPublicIp },
        loadBalancers: [
          { targetGroupArn: this.targetGroupArn, containerName: name, containerPort: args.port },
        ],
      },
      { parent: this, dependsOn },
    );
  }

  private role(suffix: string, description: string): iam.Role {
    return new iam.Role(
      `${this.name}-${suffix}`,
      { description, assumeRolePolicy: assumedBy("ecs-tasks.amazonaws.com") },
      { parent: this },
    );
  }
}
