import { expect } from "chai";
import { sample } from "../exhaustive";
import { accountResources } from "./account";
import { OfflineStack } from "./offlineStack";

describe("settings on the real engine", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());

  const refused = [
    {
      key: "taskCpu",
      value: "300",
      says: /chatpop:taskCpu is "300"\. Allowed: 256, 512, .* offline\/pulumi config set --stack small chatpop:taskCpu 256/,
    },
    {
      key: "minTasks",
      value: "7",
      also: { maxTasks: "3" },
      says: /chatpop:minTasks \(7\) ≤ .* ≤ chatpop:maxTasks \(3\)/,
    },
    { key: "romms", value: "100", says: /chatpop:romms is not a setting\. Did you mean chatpop:rooms\?/ },
    { key: "image", value: "nginx:latest", says: /chatpop:image is "nginx:latest"/ },
  ];
  for (const { key, value, also, says } of sample(
    refused,
    ({ also }) => `${also ? "two" : "one"} at a time`,
  )) {
    it(`refuses ${key} = ${value} before anything is registered, without a stack trace`, async () => {
      const changes = Object.entries({ [key]: value, ...also });
      for (const [name, text] of changes) await stack.set(name, text);
      const printed = await stack.fails("up", "--yes", "--non-interactive");
      for (const [name] of changes) await stack.succeeds("config", "rm", `chatpop:${name}`);
      expect(printed.replace(/\s+/g, " ")).to.match(says);
      expect(printed).to.not.match(/\n\s+at .*\.ts:\d+/);
      expect(printed).to.not.contain("chatpop:network:Network");
      expect(accountResources(stack.home)).to.be.empty;
    });
  }

  it("knows every key of a stack: `pulumi config` lists them", async () => {
    const printed = await stack.succeeds("config", "--json");
    expect(JSON.parse(printed)).to.include.keys("chatpop:scale", "chatpop:rooms", "chatpop:databaseProxy");
  });
});
