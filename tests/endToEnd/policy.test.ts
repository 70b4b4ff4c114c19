import { expect } from "chai";
import { itInAll, sample } from "../exhaustive";
import { accountResources } from "./account";
import { OfflineStack } from "./offlineStack";

describe("the policy pack on the real engine", function () {
  this.timeout(900_000);

  const cases = [
    {
      title: "1,000 rooms without RDS Proxy (G-6)",
      stack: "small",
      settings: { rooms: "1000", databaseProxy: "false" },
      rule: "database-proxy-from-1000-rooms",
    },
    {
      title: "5,000 rooms without read replica (G-7)",
      stack: "large",
      settings: { readReplicas: "0" },
      rule: "read-replica-from-5000-rooms",
    },
  ];
  for (const { title, stack: name, settings, rule } of sample(cases, () => "a guide threshold")) {
    describe(title, () => {
      const stack = new OfflineStack(name);
      after(() => stack.remove());

      it("fails the first preview with the rule's name", async () => {
        for (const [key, value] of Object.entries(settings)) await stack.set(key, value);
        const printed = await stack.fails("preview", "--policy-pack", "policy");
        expect(printed).to.contain(`[mandatory]`).and.to.contain(rule);
      });

      itInAll("stops `up` and leaves the account unchanged", async () => {
        const printed = await stack.fails("up", "--yes", "--non-interactive", "--policy-pack", "policy");
        expect(printed).to.contain(rule);
        expect(accountResources(stack.home)).to.be.empty;
      });

      itInAll("passes when the decision is left to the Plan", async () => {
        for (const key of Object.keys(settings)) {
          if (key !== "rooms") await stack.set(key, "auto");
        }
        const printed = await stack.succeeds("preview", "--policy-pack", "policy");
        expect(printed).to.not.contain("[mandatory]");
      });
    });
  }

  it("leaves a running stack unchanged when a later update breaks a rule (G-6)", async () => {
    const stack = new OfflineStack("medium");
    try {
      await stack.upAsCommitted();
      const before = JSON.stringify(accountResources(stack.home));
      await stack.set("databaseProxy", "false");
      const printed = await stack.fails("up", "--yes", "--non-interactive", "--policy-pack", "policy");
      expect(printed).to.contain("database-proxy-from-1000-rooms");
      expect(JSON.stringify(accountResources(stack.home))).to.equal(before);
    } finally {
      stack.remove();
    }
  });
});
