import { expect } from "chai";
import type { Properties } from "../../models/model";
import { refuses, World } from "./world";

const scaled = {
  resourceId: "service/chatpop/web",
  scalableDimension: "ecs:service:DesiredCount",
  serviceNamespace: "ecs",
};

function withService(world: World): Properties {
  world.put("aws:ecs/service:Service", "arn:aws:ecs:us-east-1:123456789012:service/chatpop/web", {});
  return { ...scaled, minCapacity: 2, maxCapacity: 6 };
}

function withTarget(world: World): void {
  world.create("appautoscaling/target", withService(world));
}

describe("scalable target (G-74)", () => {
  refuses("appautoscaling/target", withService, [
    ["a service that does not exist", { resourceId: "service/chatpop/none" }, /ECS service doesn't exist/],
    [
      "an ARN as resource id",
      { resourceId: "arn:aws:ecs:us-east-1:123456789012:service/chatpop/web" },
      /service\/<cluster name>\/<service name>/,
    ],
    ["min above max", { minCapacity: 7 }, /Maximum capacity cannot be less than minimum capacity/],
    ["another dimension", { scalableDimension: "ecs:service:Count" }, /is not ecs:service:DesiredCount/],
    [
      "another namespace",
      { serviceNamespace: "ec2" },
      /The embedded AWS models no scaling of the namespace "ec2"/,
    ],
  ]);
});

describe("scaling policy (G-75, G-76, GAP-33)", () => {
  const tracking = (change: Properties) => ({
    targetTrackingScalingPolicyConfiguration: { targetValue: 60, ...change },
  });
  const predefined = (predefinedMetricSpecification: Properties) =>
    tracking({ predefinedMetricSpecification });
  const cpu = { predefinedMetricType: "ECSServiceAverageCPUUtilization" };
  const stat = (id: string, change: Properties = {}) => ({
    id,
    metricStat: {
      metric: {
        namespace: "AWS/ApplicationELB",
        metricName: "ActiveConnectionCount",
        dimensions: [{ name: "LoadBalancer", value: "app/chatpop/1a" }],
      },
      stat: "Sum",
    },
    returnData: false,
    ...change,
  });
  const custom = (...metrics: Properties[]) => tracking({ customizedMetricSpecification: { metrics } });
  const ratio = { id: "perTask", expression: "m1/(2*m2)", returnData: true };
  const accepted = (world: World) => {
    withTarget(world);
    return {
      ...scaled,
      name: "cpu",
      policyType: "TargetTrackingScaling",
      ...tracking({ predefinedMetricSpecification: cpu, scaleInCooldown: 900, scaleOutCooldown: 60 }),
    };
  };
  refuses("appautoscaling/policy", accepted, [
    ["a target that does not exist", { resourceId: "service/chatpop/none" }, /ObjectNotFoundException/],
    [
      "a metric type that does not exist",
      predefined({ predefinedMetricType: "ECSServiceCPU" }),
      /is not valid for ECS services/,
    ],
    [
      "a request count without label",
      predefined({ predefinedMetricType: "ALBRequestCountPerTarget" }),
      /needs resourceLabel/,
    ],
    [
      "a malformed label",
      predefined({ predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel: "chatpop" }),
      /app\/<name>\/<id>/,
    ],
    [
      "a label of what does not exist",
      predefined({
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: "app/a/1/targetgroup/b/2",
      }),
      /ValidationException.*names no load balancer/,
    ],
    [
      "a label with CPU",
      predefined({ ...cpu, resourceLabel: "app/a/1/targetgroup/b/2" }),
      /goes with ALBRequestCountPerTarget only/,
    ],
    [
      "metric math that returns nothing",
      custom(stat("m1"), { ...ratio, expression: "m1", returnData: false }),
      /Exactly one metric must return data, not 0/,
    ],
    [
      "metric math that returns two",
      custom(stat("m1", { returnData: undefined }), { ...ratio, expression: "m1/2" }),
      /Exactly one metric must return data, not 2/,
    ],
    ["an expression over a missing id", custom(stat("m1"), ratio), /names m2, but no metric has that id/],
    ["an id twice", custom(stat("m1"), stat("m1"), { ...ratio, expression: "m1" }), /m1 is used twice/],
    [
      "an id with a capital",
      custom(stat("M1"), { ...ratio, expression: "5" }),
      /beginning with a lower-case letter/,
    ],
    [
      "a metric that is both",
      custom(stat("m1", { expression: "1" }), { ...ratio, expression: "m1" }),
      /either expression or metricStat/,
    ],
    [
      "metric math over a load balancer that does not exist",
      custom(stat("m1"), { ...ratio, expression: "m1" }),
      /ValidationException: The embedded AWS refuses what AWS takes: The policy cpu would never scale: LoadBalancer app\/chatpop\/1a is no arnSuffix/,
    ],
    [
      "a single metric that does not exist",
      tracking({
        customizedMetricSpecification: {
          namespace: "AWS/ECS",
          metricName: "CPU",
          statistic: "Average",
          dimensions: [{ name: "ClusterName", value: "chatpop" }],
        },
      }),
      /would never scale: AWS\/ECS has no metric CPU/,
    ],
    [
      "two specifications",
      tracking({
        predefinedMetricSpecification: cpu,
        customizedMetricSpecification: { metrics: [stat("m1", { returnData: true })] },
      }),
      /give either/,
    ],
    ["no specification", tracking({}), /give either/],
    ["a target value of 0", tracking({ predefinedMetricSpecification: cpu, targetValue: 0 }), /targetValue/],
    [
      "a negative cooldown",
      tracking({ predefinedMetricSpecification: cpu, scaleInCooldown: -1 }),
      /scaleInCooldown/,
    ],
    [
      "the default type with target tracking",
      { policyType: undefined },
      /stepScalingPolicyConfiguration|StepScaling/,
    ],
    [
      "steps with target tracking",
      {
        stepScalingPolicyConfiguration: {
          adjustmentType: "ChangeInCapacity",
          stepAdjustments: [{ scalingAdjustment: 1 }],
        },
      },
      /does not go with policy type TargetTrackingScaling/,
    ],
  ]);

  it("accepts metric math and a label that fits, and takes a name once", () => {
    const world = new World();
    const inputs = accepted(world);
    world.put("aws:lb/loadBalancer:LoadBalancer", "lb", { arnSuffix: "app/chatpop/1a" });
    world.put("aws:lb/targetGroup:TargetGroup", "tg", { arnSuffix: "targetgroup/chatpop/2b" });
    world.create("appautoscaling/policy", {
      ...inputs,
      name: "sockets",
      ...custom(stat("m1"), stat("m2"), ratio),
    });
    const resourceLabel = "app/chatpop/1a/targetgroup/chatpop/2b";
    world.create("appautoscaling/policy", {
      ...inputs,
      name: "requests",
      ...predefined({ predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel }),
    });
    expect(() => world.create("appautoscaling/policy", { ...inputs, name: "requests" })).to.throw(
      /ObjectAlreadyExistsException/,
    );
  });
});

describe("scheduled action", () => {
  const accepted = (world: World) => {
    withTarget(world);
    return {
      ...scaled,
      name: "night",
      schedule: "cron(0 22 * * ? *)",
      timezone: "Europe/Berlin",
      scalableTargetAction: { minCapacity: 1, maxCapacity: 2 },
    };
  };
  refuses("appautoscaling/scheduledAction", accepted, [
    ["a target that does not exist", { resourceId: "service/chatpop/none" }, /ObjectNotFoundException/],
    ["a Unix cron line", { schedule: "0 22 * * *" }, /cron\(…\), rate\(…\) or at\(…\)/],
    ["min above max", { scalableTargetAction: { minCapacity: 3, maxCapacity: 2 } }, /3 is above maxCapacity/],
    ["no action", { scalableTargetAction: {} }, /minCapacity, maxCapacity or both/],
    ["a time zone that does not exist", { timezone: "Europe/Entenhausen" }, /no time zone/],
    [
      "an end before the start",
      { startTime: "2030-01-02T00:00:00Z", endTime: "2030-01-01T00:00:00Z" },
      /after startTime/,
    ],
    ["a start that is no time", { startTime: "tomorrow" }, /must be a time/],
  ]);
});
