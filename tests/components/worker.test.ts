import { expect } from "chai";
import { everywhere, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";
import { container, environment } from "./container";

const relay = "chatpop-worker-outbox-relay";
const withRelay = { outbox: "true" };

describe("worker", () => {
  it("is the relay alone, and only from the large scale (G-23, G-171, GAP-7)", () =>
    everywhere((recording, scale) => {
      const workers = recording.ofType("chatpop:compute:Worker").map(({ name }) => name);
      expect(workers).to.deep.equal(scale === "large" ? [relay] : []);
    }));

  it("runs the chat's image, variables, secrets and roles with a command of its own", async () => {
    const recording = await record("large", "update");
    const [chat, own] = [container(recording), container(recording, relay)];
    expect(own).to.deep.equal({
      ...chat,
      name: "outbox-relay",
      command: ["python", "manage.py", "relay_outbox"],
      portMappings: [],
    });
    expect(environment(recording)["OUTBOX_ENABLED"]).to.equal("True");
    for (const property of ["executionRoleArn", "taskRoleArn"]) {
      const [first, second] = ["chatpop-backend", relay].map((name) =>
        recording.namesOf(recording.one(types.taskDefinition, name), property),
      );
      expect(second).to.deep.equal(first);
    }
  });

  it("has two minutes to stop, which is Spot's notice, and a process that hands SIGTERM on", async () => {
    expect(container(await record("large", "update"), relay)).to.deep.include({
      stopTimeout: 120,
      linuxParameters: { initProcessEnabled: true },
    });
  });

  it("keeps one task On-Demand and runs the others on Spot (G-175)", () =>
    everywhere((recording) => {
      const { inputs } = recording.one(types.service, relay);
      expect(inputs["capacityProviderStrategies"]).to.deep.equal([
        { capacityProvider: "FARGATE", base: 1, weight: 0 },
        { capacityProvider: "FARGATE_SPOT", weight: 1 },
      ]);
      // Another base would be refused without it.
      expect(inputs["forceNewDeployment"]).to.be.true;
    }, withRelay));

  it("has no load balancer, no autoscaling, and the count of the plan", async () => {
    const recording = await record("large", "update");
    const service = recording.one(types.service, relay);
    expect(service.inputs).not.to.have.any.keys("loadBalancers", "healthCheckGracePeriodSeconds");
    expect(service.inputs["desiredCount"]).to.equal(4);
    expect(service.ignoreChanges).to.be.empty;
    expect(recording.ofType(types.autoscalingTarget)).to.have.length(1);
  });

  it("replaces its tasks without a gap, and rolls back a revision that fails (GAP-17)", () =>
    everywhere((recording) => {
      expect(recording.one(types.service, relay).inputs).to.deep.include({
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        waitForSteadyState: true,
      });
    }, withRelay));

  it("lets operators open a shell where they may in the chat's tasks", async () => {
    for (const executeCommand of ["true", "false"]) {
      const recording = await record("small", "update", { ...withRelay, executeCommand });
      expect(recording.one(types.service, relay).inputs["enableExecuteCommand"]).to.equal(
        executeCommand === "true",
      );
    }
  });

  it("stands where the chat's tasks stand", () =>
    everywhere((recording) => {
      const [chat, worker] = ["chatpop-backend-service", relay].map((name) =>
        recording.one(types.service, name),
      );
      expect(worker!.inputs["networkConfiguration"]).to.deep.equal(chat!.inputs["networkConfiguration"]);
      expect(recording.namesOf(worker!, "networkConfiguration")).to.deep.equal(
        recording.namesOf(chat!, "networkConfiguration"),
      );
    }, withRelay));

  it("starts after migration and indexes, and is checked, before the chat writes into the outbox (G-151, GAP-30)", () =>
    everywhere((recording) => {
      const worker = recording.one(types.service, relay);
      const [chat, check] = [
        recording.one(types.service, "chatpop-backend-service"),
        recording.one(types.invocation, `${relay}-check-deployment`),
      ];
      expect(worker.dependencies).to.include.members([
        recording.one(types.invocation, "chatpop-migrate-await-3").urn,
        recording.one(types.invocation, "chatpop-build-indexes-await-3").urn,
      ]);
      expect(check.dependencies).to.include(worker.urn);
      expect(chat.dependencies).to.include.members([worker.urn, check.urn]);
    }, withRelay));

  it("holds the chat back only when it relays the outbox, because Spot may have no capacity for hours (G-175)", async () => {
    const workers = JSON.stringify({ mailer: { command: "./mail" } });
    const recording = await record("large", "update", { workers });
    const chat = recording.one(types.service, "chatpop-backend-service");
    const before = (name: string) => chat.dependencies.includes(recording.one(types.service, name).urn);
    expect(before(relay)).to.be.true;
    expect(before("chatpop-worker-mailer")).to.be.false;
  });

  it("comes in any number, each with a family of its own", async () => {
    const workers = JSON.stringify({
      mailer: { command: "./mail", onDemandTasks: 1 },
      backend: { command: "./b" },
    });
    const recording = await record("small", "update", { workers });
    const families = recording.ofType(types.taskDefinition).map(({ inputs }) => inputs["family"]);
    expect(families).to.have.members([
      "chatpop-backend-test",
      "chatpop-worker-mailer-test",
      "chatpop-worker-backend-test",
    ]);
    const base = (recorded: Recording, name: string) =>
      (recorded.one(types.service, name).inputs["capacityProviderStrategies"] as { base?: number }[])[0]!
        .base;
    expect(base(recording, "chatpop-worker-mailer")).to.equal(1);
    expect(base(recording, "chatpop-worker-backend")).to.equal(0);
  });
});
