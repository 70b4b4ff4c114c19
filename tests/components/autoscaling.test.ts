import { expect } from "chai";
import { makePlan } from "../../stacks/plan";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";

const serviceId = "service/chatpop-cluster-1a2b3c4/chatpop-backend-service-1a2b3c4";

const tracked = {
  policyType: "TargetTrackingScaling",
  serviceNamespace: "ecs",
  scalableDimension: "ecs:service:DesiredCount",
};

describe("autoscaling", () => {
  it("moves the service's count within the scale's limits (G-20, G-74)", () =>
    everywhere((recording, scale, mode) => {
      const target = recording.one(types.autoscalingTarget);
      const [minCapacity, maxCapacity] = { small: [1, 2], medium: [2, 6], large: [10, 40] }[scale];
      expect(target.inputs).to.include({
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        minCapacity,
        maxCapacity,
      });
      expect(recording.namesOf(target, "resourceId")).to.deep.equal([
        "chatpop-backend-service",
        "chatpop-cluster",
      ]);
      if (mode === "update") expect(target.inputs["resourceId"]).to.equal(serviceId);
    }));

  it("tracks a CPU target of 70 % with cooldowns of 300 s and 60 s (G-21, G-75, G-157, G-192)", () =>
    everywhere((recording) => {
      const policy = recording.one(types.autoscalingPolicy, "chatpop-cpu");
      expect(policy.inputs).to.deep.include({
        ...tracked,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
          targetValue: 70,
          scaleInCooldown: 300,
          scaleOutCooldown: 60,
        },
      });
      expect(recording.namesOf(policy, "resourceId")).to.include("chatpop-backend");
    }));

  it("tracks open connections per healthy task from medium on, and nothing else (G-21, G-192, GAP-32, GAP-33)", () =>
    everywhere((recording, scale, mode) => {
      const names = recording.ofType(types.autoscalingPolicy).map(({ name }) => name);
      const expected = scale === "small" ? ["chatpop-cpu"] : ["chatpop-cpu", "chatpop-connections"];
      expect(names).to.have.members(expected);
      if (scale === "small") return;
      const policy = recording.one(types.autoscalingPolicy, "chatpop-connections");
      expect(policy.inputs).to.include(tracked);
      const sources = recording.namesOf(policy, "targetTrackingScalingPolicyConfiguration");
      expect(sources).to.have.members(["chatpop-alb", "chatpop-tg"]);
      if (mode === "preview") return;
      const stat = (id: string, metricName: string, stat: string, ...dimensions: object[]) => ({
        id,
        metricStat: { metric: { namespace: "AWS/ApplicationELB", metricName, dimensions }, stat },
        returnData: false,
      });
      const balancer = { name: "LoadBalancer", value: "app/chatpop-alb/50dc6c495c0c9188" };
      const group = { name: "TargetGroup", value: "targetgroup/chatpop-tg/73e2d6bc24d8a067" };
      expect(policy.inputs["targetTrackingScalingPolicyConfiguration"]).to.deep.equal({
        customizedMetricSpecification: {
          metrics: [
            stat("connections", "ActiveConnectionCount", "Sum", balancer),
            stat("tasks", "HealthyHostCount", "Maximum", balancer, group),
            { id: "perTask", expression: "connections / (2 * tasks)", returnData: true },
          ],
        },
        targetValue: makePlan({ scale }).autoscaling.connections?.target,
        scaleInCooldown: 900,
        scaleOutCooldown: 180,
      });
    }));

  it("tracks requests for each target as well when asked (G-76)", async () => {
    const recording = await record("medium", "update", { requestsPerTarget: "1000" });
    expect(recording.ofType(types.autoscalingPolicy)).to.have.length(3);
    const policy = recording.one(types.autoscalingPolicy, "chatpop-requests");
    expect(policy.inputs["targetTrackingScalingPolicyConfiguration"]).to.deep.equal({
      predefinedMetricSpecification: {
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: "app/chatpop-alb/50dc6c495c0c9188/targetgroup/chatpop-tg/73e2d6bc24d8a067",
      },
      targetValue: 1000,
      scaleInCooldown: 300,
      scaleOutCooldown: 60,
    });
  });

  it("changes the limits by the clock when asked, and never else (G-176)", async () => {
    await everywhere((recording) => expect(recording.ofType(types.autoscalingSchedule)).to.have.length(0));
    const night = { schedule: "cron(0 23 * * ? *)", timezone: "Europe/Berlin", minTasks: 1 };
    const morning = { schedule: "cron(0 7 * * ? *)", minTasks: 2, maxTasks: 5 };
    const scheduledScaling = JSON.stringify({ night, morning });
    const recording = await record("medium", "update", { scheduledScaling });
    const limits = (name: string) => recording.one(types.autoscalingSchedule, name).inputs;
    expect(limits("chatpop-night")).to.deep.include({
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      schedule: night.schedule,
      timezone: "Europe/Berlin",
      scalableTargetAction: { minCapacity: 1, maxCapacity: 6 },
    });
    expect(limits("chatpop-morning")).to.deep.include({
      timezone: "UTC",
      scalableTargetAction: { minCapacity: 2, maxCapacity: 5 },
    });
    const action = recording.one(types.autoscalingSchedule, "chatpop-night");
    expect(recording.namesOf(action, "resourceId")).to.include("chatpop-backend");
  });
});
