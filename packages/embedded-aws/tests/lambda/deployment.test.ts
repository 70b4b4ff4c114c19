import { expect } from "chai";
import { refusalOf, type Created } from "../provider/harness";
import { callsAws, makeApplication } from "./application";
import { openAccount, types } from "./cloud";

describe("a deployment that does not become healthy", () => {
  it("goes back to the revision before, and says so to whoever asks", async () => {
    const account = await openAccount({
      policy: { Action: ["ecs:DescribeServices"] },
      faults: [{ type: types.service, operation: "rollback", name: "backend", call: 1 }],
    });
    const application = await makeApplication(account);
    const [one, two] = [await application.define("backend"), await application.define("backend")];
    const inputs = (definition: Created) => ({
      ...{ cluster: application.cluster.id, taskDefinition: definition.id, desiredCount: 2 },
      ...{ name: "backend", launchType: "FARGATE" },
      deploymentCircuitBreaker: { enable: true, rollback: true },
      networkConfiguration: { subnets: account.subnets, securityGroups: [account.allowedGroup] },
    });
    const service = await account.make("service", "backend", inputs(one));
    const caller = await account.fn("calls", callsAws);
    const look = async () => {
      const input = { cluster: application.cluster.id, services: [service.id] };
      const answer = await account.invoke(caller, { service: "ecs", command: "DescribeServices", input });
      const [found] = (
        answer as { services: { deployments: Record<string, unknown>[]; events: { message: string }[] }[] }
      ).services;
      return {
        deployments: found?.deployments.map(({ status, taskDefinition, rolloutState }) => [
          status,
          taskDefinition,
          rolloutState,
        ]),
        events: found?.events.map(({ message }) => message) ?? [],
      };
    };
    expect((await look()).deployments).to.deep.equal([["PRIMARY", one.id, "COMPLETED"]]);

    const update = async (definition: Created) => {
      const { inputs: checked } = await account.cloud.check(types.service, "backend", inputs(definition));
      return account.cloud.update(types.service, "backend", service, checked);
    };
    const rolledBack = await update(two);
    const failed = await look();
    expect(failed.deployments).to.deep.equal([
      ["PRIMARY", one.id, "COMPLETED"],
      ["ACTIVE", two.id, "FAILED"],
    ]);
    expect(failed.events[0]).to.match(/^\(service backend\) rolling back to deployment ecs-svc\/\d+\.$/);

    const next = await account.cloud.diff(types.service, "backend", rolledBack, rolledBack.inputs);
    expect(next.getDiffsList(), "the next update tries again").to.deep.equal(["taskDefinition"]);
    await update(two);
    expect((await look()).deployments).to.deep.equal([["PRIMARY", two.id, "COMPLETED"]]);
    account.close();
  });
});

describe("a deployment in steps of which one is less than a task", function () {
  this.timeout(600_000);

  it("begins once the scaling target asks for more tasks, which the API can be told", async () => {
    const account = await openAccount({
      policy: {
        Action: ["ecs:DescribeServices", "ecs:UpdateService", "application-autoscaling:*ScalableTarget*"],
      },
    });
    const application = await makeApplication(account);
    const [one, two] = [await application.define("backend"), await application.define("backend")];
    const inputs = (definition: Created) => ({
      ...{ cluster: application.cluster.id, taskDefinition: definition.id, desiredCount: 1 },
      ...{ name: "backend", launchType: "FARGATE", waitForSteadyState: true, deploymentMaximumPercent: 150 },
      networkConfiguration: { subnets: account.subnets, securityGroups: [account.allowedGroup] },
    });
    const service = await account.make("service", "backend", inputs(one));
    const resource = {
      ResourceId: `service/${String(application.cluster.outputs.name)}/backend`,
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
    };
    await account.make("scalingTarget", "backend", {
      ...{ resourceId: resource.ResourceId, serviceNamespace: "ecs" },
      ...{ scalableDimension: resource.ScalableDimension, minCapacity: 1, maxCapacity: 4 },
    });
    const update = async () => {
      const { inputs: checked } = await account.cloud.check(types.service, "backend", inputs(two));
      return account.cloud.update(types.service, "backend", service, checked);
    };
    expect(await refusalOf(update())).to.contain("unable to stop or start tasks");

    const caller = await account.fn("calls", callsAws);
    const call = (service: string, command: string, input: object) =>
      account.invoke(caller, { service, command, input });
    const limits = { MinCapacity: 10, MaxCapacity: 40 };
    await call("scaling", "RegisterScalableTarget", { ...resource, ...limits });
    const { ScalableTargets } = (await call("scaling", "DescribeScalableTargets", {
      ServiceNamespace: "ecs",
    })) as { ScalableTargets: object[] };
    expect(ScalableTargets).to.have.length(1);
    expect(ScalableTargets[0]).to.include({ ...resource, ...limits });
    const asked = { cluster: application.cluster.id, services: [service.id] };
    expect(await call("ecs", "DescribeServices", asked)).to.have.nested.property(
      "services[0].desiredCount",
      10,
    );
    expect((await update()).outputs.taskDefinition).to.equal(two.id);
    account.close();
  });
});
