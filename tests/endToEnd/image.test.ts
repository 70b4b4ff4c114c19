import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";
import { itInAll } from "../exhaustive";
import { OfflineStack, shortName } from "./offlineStack";

describe("an image that is built with the stack", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  const checkout = mkdtempSync(join(tmpdir(), "chatpop-checkout-"));
  const staging = join(projectFolder, ".image-context");
  const write = (file: string, text: string) => {
    mkdirSync(join(checkout, "backend"), { recursive: true });
    writeFileSync(join(checkout, "backend", file), text);
  };
  before(() => rmSync(staging, { recursive: true, force: true }));
  after(() => {
    stack.remove();
    rmSync(checkout, { recursive: true, force: true });
  });

  let first: string | undefined;
  const image = async () => {
    const task = stack.resources().find(({ type }) => type === "aws:ecs/taskDefinition:TaskDefinition");
    const [container] = JSON.parse(task?.outputs?.["containerDefinitions"] as string) as { image: string }[];
    return container?.image;
  };

  it("is refused before anything is registered when the folder holds no checkout", async () => {
    await stack.set("imageContext", checkout);
    const printed = await stack.fails("preview");
    expect(printed)
      .to.contain(`chatpop:imageContext is "${checkout}"`)
      .and.to.contain("backend/requirements.txt");
    expect(printed).to.not.contain("chatpop:network:Network");
  });

  it("runs with the digest of what was built (G-41, G-59, G-131, GAP-30)", async () => {
    write("requirements.txt", "django\n");
    await stack.up();
    first = await image();
    expect(first).to.match(
      /^\d{12}\.dkr\.ecr\.us-east-1\.amazonaws\.com\/chatpop-backend-[0-9a-f]{7}:[0-9a-f]{16}-[0-9a-f]{8}@sha256:[0-9a-f]{64}$/,
    );
  });

  it("stays in the registry when the stack names another one: tasks and former revisions name it by digest", () => {
    const built = stack.resources().find(({ type }) => type === "awsx:ecr:Image");
    expect(built).to.include({ retainOnDelete: true });
  });

  itInAll("is the same for the same source", async () => {
    await stack.succeeds("preview", "--expect-no-changes");
  });

  itInAll("is another one, migrated and rolled out, for another source", async () => {
    const before = await image();
    write("views.py", "# new\n");
    const steps = (await stack.upSteps()).map(({ urn }) => shortName(urn));
    expect(steps).to.include.members([
      "aws:ecs/taskDefinition:TaskDefinition chatpop-backend",
      "aws:lambda/invocation:Invocation chatpop-migrate",
    ]);
    expect(await image()).to.not.equal(before);
  });

  itInAll("is pushed under a tag of its own for another architecture (GAP-30)", async () => {
    const before = await image();
    await stack.set("architecture", "arm64");
    await stack.up();
    expect((await image())?.split("@")[0]).to.not.equal(before?.split("@")[0]);
  });

  it("is put together in a folder of its stack, so that the preview of another one does not disturb it", () => {
    expect(readdirSync(staging)).to.deep.equal([stack.name]);
  });

  itInAll("is pushed under a tag of its own when the source goes back to what it was", async () => {
    const before = await image();
    rmSync(join(checkout, "backend", "views.py"));
    await stack.up();
    expect(await image()).to.not.equal(before);
    expect((await image())?.split("@")[0]).to.not.equal(first?.split("@")[0]);
  });
});
