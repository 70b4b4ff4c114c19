// Application Auto Scaling of ECS services: the scalable target, its policies and its scheduled changes.
import { z } from "zod";
import { isTimezone, scalingAction, scheduleFault } from "./schedules";
import { metricFault } from "./metrics";
import { AwsError, stricter, type Context, type Model, type Properties } from "./model";
import { refusal } from "./refusal";
import { modelled, arn, regional, taggable, text } from "./schema";
import { metricsOf, stepScaling, targetTracking } from "./scalingPolicies";

const targetType = "aws:appautoscaling/target:Target";

/** Namespaces that AWS scales besides. */
const otherNamespaces = [
  ...["appstream", "cassandra", "comprehend", "custom-resource", "dynamodb", "ec2", "elasticache"],
  ...["elasticmapreduce", "kafka", "lambda", "neptune", "rds", "sagemaker", "workspaces"],
];

/** The scaled service: the three inputs that all types of this API share. */
const scaled = {
  resourceId: text(
    /^service\/[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255}$/,
    "service/<cluster name>/<service name>",
  ),
  scalableDimension: z.literal("ecs:service:DesiredCount", {
    error: ({ input }) => `${String(input)} is not ecs:service:DesiredCount`,
  }),
  serviceNamespace: modelled(["ecs"], otherNamespaces, "scaling of the namespace"),
};

type Scaled = z.infer<z.ZodObject<typeof scaled>>;

const capacity = z.int().min(0);

const targetInputs = taggable({
  ...scaled,
  maxCapacity: capacity,
  minCapacity: capacity,
  roleArn: arn("iam", "role/").optional(),
  suspendedState: z
    .strictObject({
      dynamicScalingInSuspended: z.boolean().optional(),
      dynamicScalingOutSuspended: z.boolean().optional(),
      scheduledScalingSuspended: z.boolean().optional(),
    })
    .optional(),
}).superRefine(({ minCapacity, maxCapacity }, context) => {
  if (minCapacity > maxCapacity) {
    refusal(context)(
      "minCapacity",
      `Maximum capacity cannot be less than minimum capacity: ${minCapacity} is above ${maxCapacity}`,
    );
  }
});
type TargetInputs = z.infer<typeof targetInputs>;

function scalingArn(kind: string, rest: string, { region, accountId, hex }: Context): string {
  return `arn:aws:${kind}:${region}:${accountId}:${rest.replace("*", `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`)}`;
}

const target: Model = {
  type: targetType,
  inputs: targetInputs,
  computed: ["arn", "roleArn", "suspendedState"],
  unique: [{ property: "resourceId", within: ["scalableDimension"], taken: "ObjectAlreadyExistsException" }],
  identify: (given: TargetInputs) => given.resourceId,
  describe: (given: TargetInputs, _id, context, previous) => ({
    arn:
      previous?.outputs.arn ??
      scalingArn("application-autoscaling", `scalable-target/${context.hex(32)}`, context),
    roleArn:
      given.roleArn ??
      `arn:aws:iam::${context.accountId}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
    suspendedState: {
      dynamicScalingInSuspended: false,
      dynamicScalingOutSuspended: false,
      scheduledScalingSuspended: false,
      ...given.suspendedState,
    },
  }),
  beforeCreate(given: TargetInputs, { account }) {
    const services = account.list("aws:ecs/service:Service");
    if (!services.some(({ id }) => id.endsWith(`:${given.resourceId}`))) {
      throw new AwsError("ValidationException", `ECS service doesn't exist: ${given.resourceId}`);
    }
  },
};

/** The target of policies and schedules. AWS deletes both together with it. */
const toTarget = {
  path: "resourceId",
  to: targetType,
  by: "resourceId",
  missing: "ObjectNotFoundException",
  holds: false,
} as const;

const policyInputs = regional({
  ...scaled,
  name: z.string().min(1).max(255).optional(),
  policyType: z.enum(["TargetTrackingScaling", "StepScaling", "PredictiveScaling"]).optional(),
  predictiveScalingPolicyConfiguration: z.record(z.string(), z.unknown()).optional(),
  stepScalingPolicyConfiguration: stepScaling.optional(),
  targetTrackingScalingPolicyConfiguration: targetTracking.optional(),
}).superRefine((given, context) => {
  const type = given.policyType ?? "StepScaling";
  const wanted = {
    TargetTrackingScaling: "targetTrackingScalingPolicyConfiguration",
    StepScaling: "stepScalingPolicyConfiguration",
    PredictiveScaling: "predictiveScalingPolicyConfiguration",
  } as const;
  for (const [policyType, name] of Object.entries(wanted) as [typeof type, (typeof wanted)[typeof type]][]) {
    if ((given[name] !== undefined) !== (policyType === type)) {
      const fault =
        given[name] === undefined
          ? `policy type ${type} needs ${name}`
          : `${name} does not go with policy type ${type}`;
      refusal(context)(name, fault);
    }
  }
});
type PolicyInputs = z.infer<typeof policyInputs>;

/** Requests per target are counted for one target group behind one load balancer, and the label names both. */
function requireLabel(given: PolicyInputs, { account }: Context): void {
  const label = given.targetTrackingScalingPolicyConfiguration?.predefinedMetricSpecification?.resourceLabel;
  if (label === undefined) return;
  const cut = label.indexOf("/targetgroup/");
  const [balancer, group] = [label.slice(0, cut), label.slice(cut + 1)];
  const exists =
    account.find("aws:lb/loadBalancer:LoadBalancer", "arnSuffix", balancer) &&
    account.find("aws:lb/targetGroup:TargetGroup", "arnSuffix", group);
  if (!exists) {
    throw new AwsError(
      "ValidationException",
      `The resource label ${label} names no load balancer and target group: it is <load balancer's arnSuffix>/<target group's arnSuffix>`,
    );
  }
}

/** AWS accepts a metric without data and then never scales; here it is a mistake. */
function requireMetrics(given: PolicyInputs, context: Context): void {
  for (const metric of metricsOf(given.targetTrackingScalingPolicyConfiguration)) {
    const fault = metricFault(metric, context);
    if (fault) throw stricter("ValidationException", `The policy ${given.name} would never scale: ${fault}`);
  }
}

/** Only one policy may track a metric of a target. */
function requireOneTracker(given: PolicyInputs, { account }: Context): void {
  const metric = ({ targetTrackingScalingPolicyConfiguration: tracking }: PolicyInputs) =>
    tracking &&
    JSON.stringify([
      tracking.predefinedMetricSpecification ?? null,
      tracking.customizedMetricSpecification ?? null,
    ]);
  const own = metric(given);
  if (own === undefined) return;
  const other = account
    .list(policy.type)
    .map(({ inputs }) => inputs as PolicyInputs)
    .find(
      (each) =>
        each.resourceId === given.resourceId &&
        each.scalableDimension === given.scalableDimension &&
        each.name !== given.name &&
        metric(each) === own,
    );
  if (other) {
    throw new AwsError(
      "ValidationException",
      `Only one TargetTrackingScaling policy for a given metric specification is allowed: ${other.name} has it already`,
    );
  }
}

function requireData(given: PolicyInputs, context: Context): void {
  requireOneTracker(given, context);
  requireLabel(given, context);
  requireMetrics(given, context);
}

const policy: Model = {
  type: "aws:appautoscaling/policy:Policy",
  inputs: policyInputs,
  autoName: { property: "name", maxLength: 255 },
  defaults: { policyType: "StepScaling" },
  references: [toTarget],
  unique: [
    { property: "name", within: ["resourceId", "scalableDimension"], taken: "ObjectAlreadyExistsException" },
  ],
  computed: ["alarmArns", "arn"],
  // The real id is the name alone; policies of two services may have the same name.
  identify: (given: PolicyInputs) => `${given.resourceId}/${given.scalableDimension}/${given.name}`,
  describe: (given: PolicyInputs, _id, context, previous) => ({
    alarmArns: previous?.outputs.alarmArns ?? alarms(given, context),
    arn:
      previous?.outputs.arn ??
      scalingArn(
        "autoscaling",
        `scalingPolicy:*:resource/ecs/${given.resourceId}:policyName/${given.name}`,
        context,
      ),
  }),
  beforeCreate: requireData,
  beforeUpdate: (given: PolicyInputs, _previous, context) => requireData(given, context),
};

function alarms(given: PolicyInputs, context: Context): string[] {
  const tracking = given.targetTrackingScalingPolicyConfiguration;
  const kinds = tracking ? ["AlarmHigh", ...(tracking.disableScaleIn ? [] : ["AlarmLow"])] : [];
  return kinds.map((kind) =>
    scalingArn("cloudwatch", `alarm:TargetTracking-${given.resourceId}-${kind}-*`, context),
  );
}

const time = z.iso.datetime({ offset: true, error: "must be a time such as 2026-01-31T08:00:00Z" });

const scheduledInputs = regional({
  ...scaled,
  name: z.string().min(1).max(256).optional(),
  endTime: time.optional(),
  startTime: time.optional(),
  schedule: z.string().superRefine((expression, context) => {
    const fault = scheduleFault(expression, scalingAction);
    if (fault) context.addIssue({ code: "custom", message: fault });
  }),
  scalableTargetAction: z
    .strictObject({ maxCapacity: capacity.optional(), minCapacity: capacity.optional() })
    .superRefine(({ minCapacity, maxCapacity }, context) => {
      const refuse = refusal(context);
      if (minCapacity === undefined && maxCapacity === undefined)
        refuse("minCapacity", "give minCapacity, maxCapacity or both");
      if ((minCapacity ?? 0) > (maxCapacity ?? Infinity))
        refuse("minCapacity", `${minCapacity} is above maxCapacity (${maxCapacity})`);
    }),
  timezone: z
    .string()
    .refine(isTimezone, {
      error: ({ input }) => `${String(input)} is no time zone of the IANA database (Europe/Berlin)`,
    })
    .optional(),
}).superRefine(({ startTime, endTime }, context) => {
  if (startTime && endTime && Date.parse(startTime) >= Date.parse(endTime))
    refusal(context)("endTime", "endTime must be after startTime");
});
type ScheduledInputs = z.infer<typeof scheduledInputs>;

const scheduledAction: Model = {
  type: "aws:appautoscaling/scheduledAction:ScheduledAction",
  inputs: scheduledInputs,
  autoName: { property: "name", maxLength: 256 },
  defaults: { timezone: "UTC" } satisfies Properties,
  references: [toTarget],
  unique: [
    { property: "name", within: ["resourceId", "scalableDimension"], taken: "ObjectAlreadyExistsException" },
  ],
  computed: ["arn"],
  identify: (given: ScheduledInputs) => `${given.name}-ecs-${(given as Scaled).resourceId}`,
  describe: (given: ScheduledInputs, _id, context, previous) => ({
    arn:
      previous?.outputs.arn ??
      scalingArn(
        "autoscaling",
        `scheduledAction:*:resource/ecs/${given.resourceId}:scheduledActionName/${given.name}`,
        context,
      ),
  }),
};

export const models: readonly Model[] = [target, policy, scheduledAction];
