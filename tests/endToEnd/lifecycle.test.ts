import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { exhaustive, itInAll } from "../exhaustive";
import { accountResources, filesOf } from "./account";
import { withoutPreview, OfflineStack } from "./offlineStack";
import { guide, type Scale, scales } from "../../stacks/guide";

const protectedScales: readonly Scale[] = ["medium", "large"];

// Medium lies between the two, and other files bring it up: its own life is for `make test-all`.
for (const scale of scales.filter((each) => exhaustive || each !== "medium")) {
  describe(`the ${scale} stack on the real engine`, function () {
    this.timeout(900_000);
    const stack = new OfflineStack(scale);
    const committed = join(__dirname, "../..", `Pulumi.${scale}.yaml`);
    const before = readFileSync(committed, "utf8");
    after(() => stack.remove());

    it("comes up under the policy pack (G-1)", async () => {
      const printed = await stack.upAsCommitted();
      expect(printed).to.match(/\+ \d+ created/);
      expect(printed).to.not.contain("error:");
    });

    it("shows the address, the cluster and the Plan in its outputs (G-11, G-20)", async () => {
      const outputs = await stack.outputs();
      expect(outputs["url"]).to.match(
        /^http:\/\/chatpop-alb-[0-9a-f]{7}-\d+\.us-east-1\.elb\.amazonaws\.com$/,
      );
      expect(outputs["plan"]).to.have.nested.property("demand.rooms", guide[scale].rooms);
      const hosts = outputs["hosts"] as Record<string, unknown>;
      expect("databaseProxy" in hosts, "RDS Proxy").to.equal(scale !== "small");
      expect(hosts["databaseReplicas"]).to.have.length(scale === "large" ? 1 : 0);
    });

    (scale === "small" ? itInAll : it)("finds nothing to change in a second preview", async () => {
      await stack.hasNoChanges();
    });

    it("finds nothing changed in the account at a refresh", async () => {
      await stack.succeeds("refresh", "--yes", "--expect-no-changes", "--non-interactive");
    });

    it("keeps passwords out of state and account", async () => {
      const password = stack
        .resources()
        .find(({ urn }) => urn.endsWith("RandomPassword::chatpop-db-password"));
      const shown = JSON.parse(await stack.succeeds("stack", "export", "--show-secrets")) as {
        deployment: { resources: { urn: string; outputs?: { result?: { plaintext?: string } } }[] };
      };
      const plaintext = JSON.parse(
        shown.deployment.resources.find(({ urn }) => urn === password?.urn)?.outputs?.result?.plaintext ??
          '""',
      ) as string;
      expect(plaintext).to.have.length(32);
      for (const file of filesOf(stack.home)) {
        expect(readFileSync(file, "utf8").includes(plaintext), file).to.equal(false);
      }
    });

    if (protectedScales.includes(scale)) {
      it("refuses a plain destroy, naming the two steps, and deletes nothing", async () => {
        const count = stack.resources().length;
        const message = await stack.pulumi("destroy", "--yes").then(
          ({ stdout, stderr }) => stdout + stderr,
          (error: Error) => error.message,
        );
        expect(message).to.contain("chatpop:deletionProtection false");
        expect(stack.resources()).to.have.length(count);
        expect(accountResources(stack.home)).to.not.be.empty;
      });

      it("can be taken down in two steps: protection off, then destroy", async () => {
        await stack.set("deletionProtection", "false");
        // Past the policy pack, as `make down` goes: it refuses a database that anybody can delete.
        await stack.succeeds("up", ...withoutPreview);
        await stack.destroy();
      });
    } else {
      it("can be taken down", () => stack.destroy());
    }

    it("leaves an empty account and its committed file as it was", async () => {
      expect(stack.resources()).to.be.empty;
      expect(accountResources(stack.home)).to.be.empty;
      expect(readFileSync(committed, "utf8")).to.equal(before);
    });
  });
}
