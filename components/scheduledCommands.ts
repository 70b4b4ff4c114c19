import * as iam from "@pulumi/aws/iam";
import * as scheduler from "@pulumi/aws/scheduler";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";
import type { ScheduledCommandPlan, ScheduledCommandsPlan } from "../stacks/plan/workers";
import { assumedBy, inCluster, policyDocument, startsTasks } from "./policyDocuments";
import type { TaskNetwork } from "./service";
import type { TaskDefinition } from "./taskDefinition";

/** The commands, their schedules, and their task. */
export interface ScheduledCommandsArgs {
  /** Commands, schedules, and retries of a start. */
  readonly plan: ScheduledCommandsPlan;
  /** Cluster in which the tasks run. */
  readonly clusterArn: pulumi.Input<string>;
  /** The chat's task definition; each schedule replaces its command only. */
  readonly taskDefinition: TaskDefinition;
  /** Network of all tasks. */
  readonly tasks: TaskNetwork;
  /** Resources that must exist before commands use the new revision. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Commands that EventBridge Scheduler runs by the clock, each as a one-off task. */
export class ScheduledCommands extends pulumi.ComponentResource {
  /** Schedule group; EventBridge Scheduler counts failed starts by it. */
  readonly scheduleGroupName: pulumi.Output<string>;
  /** Task group; it distinguishes these tasks in ECS's events from the release's and an operator's. */
  readonly taskGroup: string;

  constructor(
    private readonly name: string,
    args: ScheduledCommandsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("chatpop:operations:ScheduledCommands", name, {}, opts);
    const role = this.role(args);
    const group = new scheduler.ScheduleGroup(name, {}, { parent: this });
    this.scheduleGroupName = group.name;
    this.taskGroup = `${name}-scheduled-${pulumi.getStack()}`;
    for (const command of args.plan.commands) this.schedule(command, role, args);
    this.registerOutputs({ scheduleGroupName: this.scheduleGroupName });
  }

  /** Role that may run tasks of the chat's family in this cluster, with the tags of their definition. */
  private role({ clusterArn, taskDefinition }: ScheduledCommandsArgs) {
    const role = new iam.Role(
      `${this.name}-scheduler`,
      {
        description: "Runs ChatPop's scheduled commands",
        assumeRolePolicy: assumedBy("scheduler.amazonaws.com"),
      },
      { parent: this },
    );
    const permission = new iam.RolePolicy(
      `${this.name}-scheduler`,
      {
        role: role.id,
        policy: policyDocument(...startsTasks(clusterArn, taskDefinition), {
          // Copying the definition's tags to the task needs ecs:TagResource; without it ECS does not start the task.
          Effect: "Allow",
          Action: ["ecs:TagResource"],
          Resource: [inCluster("task", clusterArn)],
          Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
        }),
      },
      { parent: this },
    );
    return { arn: role.arn, permission };
  }

  private schedule(
    command: ScheduledCommandPlan,
    role: { readonly arn: pulumi.Output<string>; readonly permission: pulumi.Resource },
    { plan, clusterArn, taskDefinition, tasks, dependsOn }: ScheduledCommandsArgs,
  ): void {
    new scheduler.Schedule(
      `${this.name}-schedule-${command.name}`,
      {
        // EventBridge refuses a longer name.
        description: command.command.join(" ").slice(0, 512),
        groupName: this.scheduleGroupName,
        scheduleExpression: command.schedule,
        scheduleExpressionTimezone: command.timezone,
        flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: plan.window },
        target: {
          arn: clusterArn,
          roleArn: role.arn,
          input: JSON.stringify({
            containerOverrides: [{ name: application.containerName, command: command.command }],
          }),
          ecsParameters: {
            taskDefinitionArn: taskDefinition.arn,
            taskCount: 1,
            group: this.taskGroup,
            ...(plan.spot
              ? { capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }] }
              : { launchType: "FARGATE" }),
            networkConfiguration: {
              subnets: tasks.subnetIds,
              securityGroups: [tasks.securityGroupId],
              assignPublicIp: tasks.assignPublicIp,
            },
            enableEcsManagedTags: true,
            propagateTags: "TASK_DEFINITION",
          },
          retryPolicy: { maximumEventAgeInSeconds: plan.retryFor, maximumRetryAttempts: plan.retries },
        },
      },
      { parent: this, dependsOn: [role.permission, ...dependsOn] },
    );
  }
}
