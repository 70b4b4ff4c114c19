import { expect } from "chai";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";

const serviceId = "service/chatpop-cluster-1a2b3c4/chatpop-backend-service-1a2b3c4";

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

  it("tracks a CPU target of 70 % with cooldowns of 300 s and 60 s, and nothing else (G-21, G-75, G-157, G-192, GAP-32)", () =>
    everywhere((recording) => {
      const policy = recording.one(types.autoscalingPolicy);
      expect(policy.inputs).to.deep.include({
        policyType: "TargetTrackingScaling",
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
          targetValue: 70,
          scaleInCooldown: 300,
          scaleOutCooldown: 60,
        },
      });
      expect(recording.namesOf(policy, "resourceId")).to.include("chatpop-backend");
    }));

  it("tracks requests for each target as well when asked (G-76)", async () => {
    const recording = await record("medium", "update", { requestsPerTarget: "1000" });
    expect(recording.ofType(types.autoscalingPolicy)).to.have.length(2);
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
});
