import { expect } from "chai";
import { catalogue } from "../../stacks/guideIndexes";
import { exhaustive, itInAll } from "../exhaustive";
import { underPackInAll, withoutPreview, OfflineStack, shortName } from "./offlineStack";

/** Names of the invocations among steps or resources. */
const invocations = (urns: readonly { readonly urn: string }[]) =>
  urns.map(({ urn }) => shortName(urn)).filter((name) => name.startsWith("aws:lambda/invocation:Invocation"));

describe("a release on the real engine, against a real PostgreSQL", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("medium");
  after(() => stack.remove());

  const revision = async () =>
    stack.resources().find(({ type }) => type === "aws:ecs/service:Service")?.outputs?.["taskDefinition"];

  it("migrates, builds the guide's indexes and shows their state (G-46, G-77 … G-87, G-151, G-152)", async () => {
    await stack.upAsCommitted();
    const { indexes } = (await stack.outputs()) as { indexes: Record<string, string> };
    expect(indexes).to.deep.equal(Object.fromEntries(catalogue.map(({ name }) => [name, "valid"])));
  });

  it("invokes nothing when nothing has changed", async () => {
    expect(await stack.upSteps()).to.be.empty;
  });

  it("migrates and builds again for another image, and ends with its revision serving", async () => {
    const before = await revision();
    await stack.set("image", ":2.0.0");
    expect(invocations(await stack.upSteps())).to.include.members([
      "aws:lambda/invocation:Invocation chatpop-migrate",
      "aws:lambda/invocation:Invocation chatpop-build-indexes",
      "aws:lambda/invocation:Invocation chatpop-check-deployment",
    ]);
    expect(await revision()).to.not.equal(before);
  });

  it("stops when the migration fails, names the reason, and leaves the old revision serving", async () => {
    const before = await revision();
    await stack.set("image", ":3.0.0");
    await stack.set("migrationCommand", "python manage.py no_such_command");
    const printed = await stack.fails("up", ...withoutPreview, ...underPackInAll);
    expect(printed).to.contain("exit code 1").and.to.contain("Unknown command");
    expect(await revision()).to.equal(before);
  });

  itInAll("goes on where it stopped once the migration works", async () => {
    const before = await revision();
    await stack.set("migrationCommand", "auto");
    await stack.up();
    expect(await revision()).to.not.equal(before);
  });

  it("fails when ECS went back to the revision before, although the migration works and ECS calls the service stable", async () => {
    await stack.set("migrationCommand", "auto");
    await stack.set("image", ":4.0.0");
    const printed = await stack.failsWith(
      {
        EMBEDDED_AWS_FAULTS: JSON.stringify([{ type: "aws:ecs/service:Service", operation: "rollback" }]),
      },
      "up",
      ...withoutPreview,
      ...underPackInAll,
    );
    expect(printed).to.match(
      /The deployment of chatpop-backend-medium:\d+ failed: the service runs chatpop-backend-medium:\d+/,
    );
  });

  it("comes to the new revision at the next update, once its tasks are healthy", async () => {
    const before = await revision();
    await stack.up();
    expect(await revision()).to.not.equal(before);
    if (exhaustive) await stack.hasNoChanges();
  });
});
