import { expect } from "chai";
import { itInAll } from "../exhaustive";
import { withoutPreview, OfflineStack } from "./offlineStack";

/** Everything after the first step is done by the role that deploys from GitHub, and may do no more than that role. */
describe("a stack in the hands of the deploying role", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  const deploying = { EMBEDDED_AWS_CALLER: "chatpop-deploy-*" };
  const up = () => stack.succeedsWith(deploying, "up", ...withoutPreview);

  before(async () => {
    await stack.set("deployRepository", "octo-org/octo-repo");
    await stack.succeeds("up", ...withoutPreview, "--target", "**DeployRole**", "--target", "**Image**");
  });
  after(() => stack.remove());

  it("is made by it", async () => {
    expect(await up()).to.match(/created/);
  });

  it("is changed and released by it", async () => {
    await stack.set("image", ":1.4.3");
    await stack.set("logRetentionDays", "14");
    expect(await up()).to.match(/updated/);
  });

  itInAll("is scaled by it, to medium and back", async () => {
    await stack.set("scale", "medium");
    expect(await up()).to.match(/created/);
    await stack.set("scale", "small");
    expect(await up()).to.match(/deleted/);
  });

  it("is not what a role without those policies could do", async () => {
    await stack.set("logRetentionDays", "30");
    const said = await stack.failsWith(
      { EMBEDDED_AWS_CALLER: "chatpop-flow-logs-*" },
      "up",
      ...withoutPreview,
    );
    expect(said).to.match(
      /AccessDenied: User: arn:aws:sts::123456789012:assumed-role\/chatpop-flow-logs-\w+\/offline is not authorized to perform/,
    );
  });
});
