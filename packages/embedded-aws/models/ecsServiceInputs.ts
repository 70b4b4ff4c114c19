// Inputs of an ECS service: formats, ranges, and combinations of arguments.
import { z } from "zod";
import { refusal } from "./refusal";
import { arn, securityGroupId, subnetId, taggable, text } from "./schema";

const strategy = z.strictObject({
  base: z.int().min(0).max(100000).optional(),
  capacityProvider: z.string(),
  weight: z.int().min(0).max(1000).optional(),
});

/** A capacity provider strategy: the shares of On-Demand and Spot. */
export const strategies = z
  .array(strategy)
  .max(20)
  .superRefine((given, context) => {
    const refuse = refusal(context);
    const based = given.filter(({ base = 0 }) => base > 0);
    if (based.length > 1) refuse("1.base", "only one capacity provider of a strategy can have a base");
    if (given.length > 0 && given.every(({ weight = 0 }) => weight === 0)) {
      refuse("0.weight", "at least one capacity provider of a strategy needs a weight above 0");
    }
  });

const fields = {
  name: text(
    /^[A-Za-z0-9_-]{1,255}$/,
    "a service's name: letters, digits, hyphens and underscores, at most 255",
  ).optional(),
  alarms: z
    .strictObject({ alarmNames: z.array(z.string()), enable: z.boolean(), rollback: z.boolean() })
    .optional(),
  availabilityZoneRebalancing: z.enum(["ENABLED", "DISABLED"]).optional(),
  capacityProviderStrategies: strategies.optional(),
  cluster: z.string().optional(),
  deploymentCircuitBreaker: z.strictObject({ enable: z.boolean(), rollback: z.boolean() }).optional(),
  deploymentConfiguration: z
    .looseObject({
      strategy: z.enum(["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"]).optional(),
      bakeTimeInMinutes: z.string().optional(),
    })
    .optional(),
  deploymentController: z
    .strictObject({ type: z.enum(["ECS", "CODE_DEPLOY", "EXTERNAL"]).optional() })
    .optional(),
  deploymentMaximumPercent: z
    .int()
    .min(0)
    .max(200, { error: "the maximum percent is at most 200" })
    .optional(),
  deploymentMinimumHealthyPercent: z
    .int()
    .min(0)
    .max(100, { error: "the minimum healthy percent is at most 100" })
    .optional(),
  desiredCount: z.int().min(0).max(5000, { error: "a service runs at most 5000 tasks" }).optional(),
  enableEcsManagedTags: z.boolean().optional(),
  enableExecuteCommand: z.boolean().optional(),
  forceDelete: z.boolean().optional(),
  forceNewDeployment: z.boolean().optional(),
  healthCheckGracePeriodSeconds: z.int().min(0).max(2147483647).optional(),
  iamRole: z.string().optional(),
  launchType: z.enum(["FARGATE", "EC2", "EXTERNAL"]).optional(),
  loadBalancers: z
    .array(
      z.strictObject({
        containerName: z.string(),
        containerPort: z.int().min(1).max(65535),
        elbName: z.string().optional(),
        targetGroupArn: arn("elasticloadbalancing", "targetgroup/").optional(),
      }),
    )
    .max(5, { error: "a service takes at most 5 target groups" })
    .optional(),
  networkConfiguration: z
    .strictObject({
      assignPublicIp: z.boolean().optional(),
      securityGroups: z.array(securityGroupId).max(5).optional(),
      subnets: z.array(subnetId).min(1).max(16),
    })
    .optional(),
  platformVersion: text(/^(LATEST|1\.[34]\.0)$/, "LATEST, 1.4.0 or 1.3.0").optional(),
  propagateTags: z.enum(["SERVICE", "TASK_DEFINITION", "NONE"]).optional(),
  schedulingStrategy: z.enum(["REPLICA", "DAEMON"]).optional(),
  serviceConnectConfiguration: z.looseObject({ enabled: z.boolean() }).optional(),
  serviceRegistries: z
    .strictObject({
      containerName: z.string().optional(),
      containerPort: z.int().optional(),
      port: z.int().optional(),
      registryArn: z.string(),
    })
    .optional(),
  sigintRollback: z.boolean().optional(),
  taskDefinition: z.string().optional(),
  triggers: z.record(z.string(), z.string()).optional(),
  waitForSteadyState: z.boolean().optional(),
};

/** The inputs of `aws:ecs/service:Service`. */
export const inputs = taggable(fields).superRefine((given, context) => {
  const refuse = refusal(context);
  const { deploymentMaximumPercent: most = 200, deploymentMinimumHealthyPercent: least = 100 } = given;
  if (given.launchType && given.capacityProviderStrategies?.length) {
    refuse(
      "capacityProviderStrategies",
      "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
    );
  }
  if (given.launchType === "FARGATE" && given.schedulingStrategy === "DAEMON") {
    refuse("schedulingStrategy", "The DAEMON scheduling strategy is not supported on Fargate");
  }
  if (given.taskDefinition === undefined && given.deploymentController?.type !== "EXTERNAL")
    refuse("taskDefinition", "TaskDefinition can not be blank");
  if (most < 100 && most <= least) {
    refuse(
      "deploymentMaximumPercent",
      `the maximum percent (${most}) must be above the minimum healthy percent (${least}), or no task can be replaced`,
    );
  }
  if (most === 100 && least === 100) {
    refuse(
      "deploymentMaximumPercent",
      "with a minimum healthy percent of 100 and a maximum percent of 100 a deployment can neither stop nor start a task",
    );
  }
  if (given.availabilityZoneRebalancing === "ENABLED" && most <= 100) {
    refuse(
      "deploymentMaximumPercent",
      `availabilityZoneRebalancing ENABLED needs a maximum percent above 100, not ${most}`,
    );
  }
  if (given.healthCheckGracePeriodSeconds && !given.loadBalancers?.length) {
    refuse(
      "healthCheckGracePeriodSeconds",
      "Health check grace period is only valid for services configured to use load balancers",
    );
  }
  given.loadBalancers?.forEach((each, index) => {
    if (!each.targetGroupArn)
      refuse(`loadBalancers.${index}.targetGroupArn`, "a service on Fargate needs a target group");
  });
});

/** The inputs as the schema reads them. */
export type Inputs = z.infer<typeof inputs>;
