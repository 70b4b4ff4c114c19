// EventBridge Scheduler: schedules that run ECS tasks.
import { z } from "zod";
import type { Resource } from "../account";
import { isTimezone, scheduleFault, scheduler } from "./schedules";
import { readContainers } from "./containerDefinitions";
import { requireCapacity } from "./ecsService";
import { strategies } from "./ecsServiceInputs";
import { AwsError, stricter, type Context, type Model } from "./model";
import { allows, roleByArn, trusts } from "./permission";
import { toSecurityGroups, toSubnets } from "./placement";
import { refusal } from "./refusal";
import { arn, json, regional, securityGroupId, subnetId, taggable, text } from "./schema";

const groupType = "aws:scheduler/scheduleGroup:ScheduleGroup";
const clusterType = "aws:ecs/cluster:Cluster";
const taskDefinitionType = "aws:ecs/taskDefinition:TaskDefinition";

const ecsParameters = z
  .strictObject({
    capacityProviderStrategies: strategies.optional(),
    enableEcsManagedTags: z.boolean().optional(),
    enableExecuteCommand: z.boolean().optional(),
    group: z.string().max(255).optional(),
    launchType: z.enum(["EC2", "FARGATE", "EXTERNAL"]).optional(),
    networkConfiguration: z
      .strictObject({
        assignPublicIp: z.boolean().optional(),
        securityGroups: z.array(securityGroupId).max(5).optional(),
        subnets: z.array(subnetId).min(1).max(16),
      })
      .optional(),
    platformVersion: z.string().optional(),
    propagateTags: z.literal("TASK_DEFINITION").optional(),
    taskCount: z.int().min(1).max(10).optional(),
    taskDefinitionArn: arn("ecs", "task-definition/"),
  })
  .superRefine((given, context) => {
    const refuse = refusal(context);
    if (given.launchType && given.capacityProviderStrategies?.length) {
      refuse("launchType", "the launch type must be left out when there is a capacity provider strategy");
    }
    if (given.networkConfiguration?.assignPublicIp && given.launchType !== "FARGATE") {
      refuse(
        "networkConfiguration.assignPublicIp",
        "a public address can be assigned only when the launch type is FARGATE",
      );
    }
  });

const scheduleName = text(/^[\w.-]{1,64}$/, "a schedule's name: letters, digits and . _ -, at most 64");

const inputs = regional({
  name: scheduleName.optional(),
  groupName: z.string().optional(),
  description: z.string().max(512).optional(),
  flexibleTimeWindow: z
    .strictObject({
      mode: z.enum(["OFF", "FLEXIBLE"]),
      maximumWindowInMinutes: z.int().min(1).max(1440).optional(),
    })
    .refine(
      ({ mode, maximumWindowInMinutes }) => (mode === "FLEXIBLE") === (maximumWindowInMinutes !== undefined),
      {
        error: "maximumWindowInMinutes goes with the mode FLEXIBLE, and only with it",
      },
    ),
  scheduleExpression: z.string().superRefine((expression, context) => {
    const fault = scheduleFault(expression, scheduler);
    if (fault) context.addIssue({ code: "custom", message: fault });
  }),
  scheduleExpressionTimezone: z
    .string()
    .refine(isTimezone, { error: ({ input }) => `${String(input)} is no time zone of the IANA database` })
    .optional(),
  state: z.enum(["ENABLED", "DISABLED"]).optional(),
  target: z.strictObject({
    arn: arn().refine((value) => /^arn:aws[a-z-]*:ecs:[^:]*:[^:]*:cluster\//.test(value), {
      error: ({ input }) =>
        `The embedded AWS models no target ${String(input)} of a schedule: it models clusters of ECS`,
    }),
    ecsParameters,
    input: json.optional(),
    retryPolicy: z
      .strictObject({
        maximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
        maximumRetryAttempts: z.int().min(0).max(185).optional(),
      })
      .optional(),
    roleArn: arn("iam", "role/"),
  }),
});
type Inputs = z.infer<typeof inputs>;

function refuse(message: string): never {
  throw new AwsError("ValidationException", message);
}

/** Refuses a target that would fail silently at each start of the schedule. */
function requireTarget({ target, groupName }: Inputs, context: Context): void {
  const { account } = context;
  // Every account has the group `default`.
  if (groupName !== "default" && !account.find(groupType, "name", groupName)) {
    throw new AwsError("ResourceNotFoundException", `Schedule group ${groupName} does not exist.`);
  }
  const role = roleByArn(target.roleArn, context);
  const cluster = account.find(clusterType, "arn", target.arn);
  const definition = account.find(taskDefinitionType, "arn", target.ecsParameters.taskDefinitionArn);
  if (!role || !cluster || !definition) return;
  if (!trusts(role, "scheduler.amazonaws.com")) {
    refuse("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.");
  }
  requireLeave(role, cluster, definition, target.ecsParameters.propagateTags !== undefined, context);
  requireCapacity(target.ecsParameters, cluster, context);
  requireContainers(target.input, definition);
}

function requireLeave(
  role: Resource,
  cluster: Resource,
  definition: Resource,
  tagged: boolean,
  context: Context,
): void {
  const passed = [definition.inputs.executionRoleArn, definition.inputs.taskRoleArn].filter(Boolean);
  const may = (action: string, resource: unknown, keys: Record<string, string>) => {
    if (allows(role, action, String(resource), context, keys)) return;
    throw stricter(
      "ValidationException",
      `${String(role.outputs.arn)} is not authorized to perform: ${action} on resource: ${String(resource)}`,
    );
  };
  may("ecs:RunTask", definition.outputs.arn, { "ecs:cluster": String(cluster.outputs.arn) });
  if (tagged) {
    const task = `${String(cluster.outputs.arn).replace(":cluster/", ":task/")}/1`;
    may("ecs:TagResource", task, { "ecs:CreateAction": "RunTask" });
  }
  for (const each of passed) may("iam:PassRole", each, { "iam:PassedToService": "ecs-tasks.amazonaws.com" });
}

function requireContainers(input: string | undefined, definition: Resource): void {
  const known = readContainers(definition.inputs.containerDefinitions).map(({ name }) => name);
  const { containerOverrides = [] } = JSON.parse(input ?? "{}") as {
    containerOverrides?: { name?: string }[];
  };
  for (const { name = "" } of containerOverrides) {
    if (!known.includes(name))
      refuse(`Override for container named ${name} is not a container in the TaskDefinition.`);
  }
}

const schedule: Model = {
  type: "aws:scheduler/schedule:Schedule",
  title: "EventBridge Scheduler Schedule",
  inputs,
  autoName: { property: "name", maxLength: 64 },
  defaults: { groupName: "default", scheduleExpressionTimezone: "UTC", state: "ENABLED" },
  // AWS deletes all of them although a schedule names them; the schedule then fails.
  references: [
    { path: "target.arn", to: clusterType, by: "arn", missing: "ResourceNotFoundException" },
    { path: "target.roleArn", to: "aws:iam/role:Role", by: "arn", missing: "ValidationException" },
    {
      path: "target.ecsParameters.taskDefinitionArn",
      to: taskDefinitionType,
      by: "arn",
      missing: "ResourceNotFoundException",
    },
    toSubnets("target.ecsParameters.networkConfiguration.subnets.*", "ValidationException"),
    toSecurityGroups("target.ecsParameters.networkConfiguration.securityGroups.*", "ValidationException"),
  ].map((reference) => ({ ...reference, holds: false })),
  unique: [{ property: "name", within: ["groupName"], taken: "ConflictException" }],
  computed: ["arn"],
  identify: (given: Inputs) => `${given.groupName}/${given.name}`,
  describe: (_, id, { region, accountId }) => ({
    arn: `arn:aws:scheduler:${region}:${accountId}:schedule/${id}`,
  }),
  beforeCreate: requireTarget,
  beforeUpdate: (given: Inputs, _previous, context) => requireTarget(given, context),
};

const groupInputs = taggable({ name: scheduleName.optional() });

const group: Model = {
  type: groupType,
  inputs: groupInputs,
  autoName: { property: "name", maxLength: 64 },
  unique: [{ property: "name", taken: "ConflictException" }],
  computed: ["arn"],
  identify: (given: z.infer<typeof groupInputs>) => String(given.name),
  describe: (_, id, { region, accountId }) => ({
    arn: `arn:aws:scheduler:${region}:${accountId}:schedule-group/${id}`,
  }),
  replace: ["name"],
};

export const models: readonly Model[] = [schedule, group];
