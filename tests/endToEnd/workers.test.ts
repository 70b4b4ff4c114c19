import { expect } from "chai";
import { itInAll } from "../exhaustive";
import { withoutPreview, OfflineStack, shortName, type StateResource, type Step } from "./offlineStack";

const relay = "aws:ecs/service:Service chatpop-worker-outbox-relay";
const chat = "aws:ecs/service:Service chatpop-backend-service";
const cleanUp = "aws:scheduler/schedule:Schedule chatpop-schedule-cleanup-expired-photos";

describe("workers on the real engine", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());

  const resource = async (name: string): Promise<StateResource | undefined> =>
    stack.resources().find(({ urn }) => shortName(urn) === name);
  const revision = async (name: string) => (await resource(name))?.outputs?.["taskDefinition"];
  const named = (steps: readonly Step[]) => steps.map(({ op, urn }) => `${op} ${shortName(urn)}`);

  it("bring the outbox to a running chat: the relay first, then the chat that writes for it (G-171, GAP-7)", async () => {
    await stack.upAsCommitted();
    expect(await resource(relay)).to.be.undefined;
    await stack.set("outbox", "true");
    const changes = named(await stack.upSteps());
    expect(changes).to.include.members([`create ${relay}`, `update ${chat}`]);
    expect(changes.indexOf(`create ${relay}`)).to.be.below(changes.indexOf(`update ${chat}`));
  });

  itInAll("get a new revision together with the chat and the scheduled commands", async () => {
    const before = [await revision(relay), await revision(chat)];
    await stack.set("image", ":2.0.0");
    await stack.up();
    const after = [await revision(relay), await revision(chat)];
    expect(after[0]).to.not.equal(before[0]);
    expect(after[1]).to.not.equal(before[1]);
    const target = (await resource(cleanUp))?.outputs?.["target"] as {
      ecsParameters: { taskDefinitionArn: string };
    };
    expect(target.ecsParameters.taskDefinitionArn).to.equal(after[1]);
  });

  itInAll("stop the update before the chat changes when ECS takes the relay back (GAP-30)", async () => {
    const before = await revision(chat);
    await stack.set("image", ":3.0.0");
    const printed = await stack.failsWith(
      {
        EMBEDDED_AWS_FAULTS: JSON.stringify([
          { type: "aws:ecs/service:Service", operation: "rollback", name: "chatpop-worker-outbox-relay" },
        ]),
      },
      "up",
      ...withoutPreview,
    );
    expect(printed).to.match(/The deployment of chatpop-worker-outbox-relay-small:\d+ failed/);
    expect(await revision(chat)).to.equal(before);
  });

  itInAll("come to the new revision at the next update", async () => {
    const before = await revision(relay);
    await stack.up();
    expect(await revision(relay)).to.not.equal(before);
    await stack.hasNoChanges();
  });

  itInAll("change their share of Spot in place (G-175)", async () => {
    await stack.set("workers", `{"outbox-relay":{"tasks":3,"onDemandTasks":2}}`);
    // With more than one task an alarm counts them, too.
    const changes = named(await stack.upSteps()).filter((change) => !change.includes("aws:cloudwatch/"));
    // A deployment of the worker is checked, by functions that are woken first.
    expect(changes).to.have.members([
      `update ${relay}`,
      "update aws:lambda/function:Function chatpop-indexes",
      "update aws:lambda/function:Function chatpop-release",
      "replace aws:lambda/invocation:Invocation chatpop-worker-outbox-relay-check-deployment",
    ]);
  });

  itInAll("go again when the chat has stopped writing into the outbox", async () => {
    await stack.set("workers", "auto");
    await stack.set("outbox", "auto");
    await stack.up();
    expect(await resource(relay)).to.be.undefined;
    await stack.hasNoChanges();
  });
});
