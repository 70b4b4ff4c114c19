import { expect } from "chai";
import { guide } from "../../stacks/guide";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";

describe("service", () => {
  it("is taken back by ECS when requests begin to fail, which no health check notices", () =>
    everywhere((recording, _scale, mode) => {
      const service = recording.one(types.service, "chatpop-backend-service");
      const { alarms } = service.inputs as { alarms: { alarmNames: string[] } };
      expect(alarms).to.deep.include({ enable: true, rollback: true });
      expect(recording.namesOf(service, "alarms", types.alarm)).to.deep.equal(["chatpop-test-deployment"]);
      const alarm = recording.one(types.alarm, "chatpop-test-deployment");
      const usual = recording.one(types.alarm, "chatpop-test-failing-requests");
      expect(alarm.inputs["metricQueries"]).to.deep.equal(usual.inputs["metricQueries"]);
      expect(Number(alarm.inputs["threshold"])).to.be.below(Number(usual.inputs["threshold"]));
      if (mode === "update") expect(alarms.alarmNames).to.have.length(1);
    }));

  it("starts with the scale's tasks on Fargate (G-11, G-71, G-156)", () =>
    everywhere((recording, scale) => {
      expect(recording.one(types.service, "chatpop-backend-service").inputs).to.deep.include({
        desiredCount: guide[scale].tasks.desired,
        capacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
      });
    }));

  it("leaves the count to autoscaling from then on (GAP-31)", () =>
    everywhere((recording) => {
      expect(recording.one(types.service, "chatpop-backend-service").ignoreChanges).to.deep.equal([
        "desiredCount",
      ]);
    }));

  it("comes after the listener of its target group", async () => {
    const config = {
      domain: "chat.example.com",
      certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
    };
    await everywhere((recording) => {
      const listener = recording.one(types.listener, "chatpop-https");
      expect(recording.one(types.service, "chatpop-backend-service").dependencies).to.include(listener.urn);
    }, config);
    await everywhere((recording) => {
      expect(recording.one(types.service, "chatpop-backend-service").dependencies).to.include(
        recording.one(types.listener).urn,
      );
    });
  });

  it("stands in the stack's cluster, after its capacity providers (G-56)", () =>
    everywhere((recording) => {
      const cluster = recording.one(types.cluster, "chatpop-cluster");
      const service = recording.one(types.service, "chatpop-backend-service");
      expect(recording.sourcesOf(service, "cluster")).to.include(cluster);
      expect(recording.one(types.service, "chatpop-backend-service").dependencies).to.include(
        recording.one(types.capacityProviders).urn,
      );
      expect(recording.one(types.capacityProviders).inputs["capacityProviders"]).to.deep.equal([
        "FARGATE",
        "FARGATE_SPOT",
      ]);
    }));

  it("registers the container's port 9000 with the target group (G-53, G-73)", () =>
    everywhere((recording) => {
      const service = recording.one(types.service, "chatpop-backend-service");
      const [target, ...others] = service.inputs["loadBalancers"] as object[];
      expect(target).to.include({ containerName: "chatpop-backend", containerPort: 9000 });
      expect(others).to.be.empty;
      expect(recording.namesOf(service, "loadBalancers")).to.deep.equal(["chatpop-tg"]);
      expect(recording.namesOf(service, "taskDefinition")).to.deep.equal(["chatpop-backend"]);
      expect(new Set(recording.namesOf(service, "cluster"))).to.deep.equal(new Set(["chatpop-cluster"]));
    }));

  it("runs in public subnets with addresses at small, in private ones without from medium up (G-72, GAP-13, GAP-46)", () =>
    everywhere((recording, scale) => {
      const service = recording.one(types.service, "chatpop-backend-service");
      const tier = scale === "small" ? "public" : "private";
      expect(service.inputs["networkConfiguration"]).to.include({ assignPublicIp: scale === "small" });
      const names = (type: string) => recording.namesOf(service, "networkConfiguration", type);
      expect(names(types.securityGroup)).to.deep.equal(["chatpop-tasks"]);
      expect(names(types.subnet)).to.deep.equal([`chatpop-${tier}-1`, `chatpop-${tier}-2`]);
    }));

  it("never goes below its tasks in a deployment, and rolls back one that fails (GAP-17)", () =>
    everywhere((recording, scale) => {
      expect(recording.one(types.service, "chatpop-backend-service").inputs).to.deep.include({
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: scale === "large" ? 150 : 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        healthCheckGracePeriodSeconds: 120,
        availabilityZoneRebalancing: "DISABLED",
        waitForSteadyState: true,
      });
    }));

  it("is given time for a rolling update", () =>
    everywhere((recording) => {
      expect(recording.one(types.service, "chatpop-backend-service").customTimeouts).to.deep.equal({
        create: "30m",
        update: "60m",
        delete: "30m",
      });
    }));

  it("hands tags on to its tasks", () =>
    everywhere((recording) => {
      expect(recording.one(types.service, "chatpop-backend-service").inputs).to.include({
        propagateTags: "SERVICE",
        enableEcsManagedTags: true,
      });
    }));

  it("turns Container Insights on only when asked", async () => {
    const insights = async (config: Record<string, string>) =>
      (await record("small", "update", config)).one(types.cluster).inputs["settings"];
    expect(await insights({})).to.deep.equal([{ name: "containerInsights", value: "disabled" }]);
    expect(await insights({ containerInsights: "true" })).to.deep.equal([
      { name: "containerInsights", value: "enabled" },
    ]);
  });

  it("lets nobody into its tasks unless it is told to", async () => {
    await everywhere((recording) => {
      expect(recording.one(types.service, "chatpop-backend-service").inputs["enableExecuteCommand"]).to.equal(
        false,
      );
    });
    await everywhere(
      (recording) => {
        expect(
          recording.one(types.service, "chatpop-backend-service").inputs["enableExecuteCommand"],
        ).to.equal(true);
      },
      { executeCommand: "true" },
    );
  });
});
