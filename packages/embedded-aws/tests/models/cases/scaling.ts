// Application Auto Scaling: targets, policies and scheduled actions.
import type { World } from "../world";
import { type Case, cases } from "./case";

const scaled = (world: World) => {
  world.put("aws:ecs/service:Service", "arn:aws:ecs:us-east-1:123456789012:service/chat/web", {});
  return {
    ...{ resourceId: "service/chat/web", scalableDimension: "ecs:service:DesiredCount" },
    ...{ serviceNamespace: "ecs", minCapacity: 1, maxCapacity: 4 },
  };
};
const policy = (world: World) => {
  const { minCapacity: _minimum, maxCapacity: _maximum, ...target } = scaled(world);
  world.create("appautoscaling/target", { ...target, minCapacity: 1, maxCapacity: 4 });
  return { ...target, name: "cpu", policyType: "TargetTrackingScaling" };
};
const tracking = (change: object) => ({
  targetTrackingScalingPolicyConfiguration: {
    predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
    targetValue: 60,
    ...change,
  },
});
const steps = (change: object, ...adjustments: object[]) => ({
  policyType: "StepScaling",
  stepScalingPolicyConfiguration: {
    ...{ adjustmentType: "ChangeInCapacity", cooldown: 60, metricAggregationType: "Average" },
    stepAdjustments: adjustments,
    ...change,
  },
});
const action = (world: World) => {
  const { name: _name, policyType: _type, ...target } = policy(world);
  return { ...target, name: "night", scalableTargetAction: { minCapacity: 1, maxCapacity: 2 } };
};

export const scaling: readonly Case[] = [
  ...cases(
    "appautoscaling/target",
    "autoscaling/application/APIReference/API_RegisterScalableTarget.html",
    scaled,
    {
      accepts: [["none at least", { minCapacity: 0 }]],
      refuses: [
        ["more at least than at most", { minCapacity: 5 }],
        ["a dimension of another service", { scalableDimension: "dynamodb:table:ReadCapacityUnits" }],
        ["a service without cluster", { resourceId: "service/web" }],
      ],
    },
  ),
  ...cases(
    "appautoscaling/policy",
    "autoscaling/application/APIReference/API_PutScalingPolicy.html",
    policy,
    {
      accepts: [
        ["half a percent", tracking({ targetValue: 0.5 })],
        ["out only", tracking({ disableScaleIn: true })],
        [
          "steps",
          steps(
            {},
            { metricIntervalLowerBound: "0", metricIntervalUpperBound: "10", scalingAdjustment: 1 },
            { metricIntervalLowerBound: "10", scalingAdjustment: 2 },
          ),
        ],
      ],
      refuses: [
        ["a value of nothing", tracking({ targetValue: 0 })],
        [
          "a metric of DynamoDB",
          tracking({
            predefinedMetricSpecification: { predefinedMetricType: "DynamoDBReadCapacityUtilization" },
          }),
        ],
        [
          "requests of no group",
          tracking({ predefinedMetricSpecification: { predefinedMetricType: "ALBRequestCountPerTarget" } }),
        ],
        ["a pause below nothing", tracking({ scaleInCooldown: -1 })],
        [
          "steps that overlap",
          steps(
            {},
            { metricIntervalLowerBound: "0", metricIntervalUpperBound: "10", scalingAdjustment: 1 },
            { metricIntervalLowerBound: "5", scalingAdjustment: 2 },
          ),
        ],
        [
          "a gap between steps",
          steps(
            {},
            { metricIntervalLowerBound: "0", metricIntervalUpperBound: "10", scalingAdjustment: 1 },
            { metricIntervalLowerBound: "20", scalingAdjustment: 2 },
          ),
        ],
        [
          "an adjustment that there is not",
          steps({ adjustmentType: "Double" }, { metricIntervalLowerBound: "0", scalingAdjustment: 1 }),
        ],
        [
          "steps in a policy that tracks",
          {
            ...steps({}, { metricIntervalLowerBound: "0", scalingAdjustment: 1 }),
            policyType: "TargetTrackingScaling",
          },
        ],
      ],
    },
  ),
  ...cases(
    "appautoscaling/scheduledAction",
    "autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html",
    action,
    {
      accepts: [
        ["every night", { schedule: "cron(0 23 * * ? *)", timezone: "Europe/Berlin" }],
        ["once", { schedule: "at(2030-01-01T00:00:00)" }],
      ],
      refuses: [
        ["five fields", { schedule: "cron(0 23 * * ?)" }],
        ["the hour 24", { schedule: "cron(0 24 * * ? *)" }],
        ["a zone that there is not", { schedule: "cron(0 23 * * ? *)", timezone: "CET+1" }],
        ["no limits", { schedule: "cron(0 23 * * ? *)", scalableTargetAction: {} }],
        [
          "more at least than at most",
          { schedule: "cron(0 23 * * ? *)", scalableTargetAction: { minCapacity: 3, maxCapacity: 2 } },
        ],
      ],
    },
  ),
];
