import { expect } from "chai";
import type { Created } from "../provider/harness";
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
