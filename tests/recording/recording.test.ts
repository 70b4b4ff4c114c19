import { expect } from "chai";
import { run } from "./program";
import { record } from "./recording";
import { fromWire, openTexts, Secret, secretWire, unknown, unknownWire } from "./wire";

const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition";
const instance = "aws:rds/instance:Instance";

describe("recording the program", () => {
  it("leaves what AWS computes unknown in a preview, and knows it in an update", async () => {
    const [preview, update] = [await record("small", "preview"), await record("small", "update")];
    expect(preview.one(taskDefinition).inputs["containerDefinitions"]).to.equal(unknown);
    expect(update.one(taskDefinition).inputs["containerDefinitions"]).to.be.a("string");
    expect(preview.run.outputs["url"]).to.equal(unknown);
    expect(update.run.outputs["url"]).to.equal("http://chatpop-alb-1234567890.us-east-1.elb.amazonaws.com");
  });

  it("sees the same resources in a preview and in an update", async () => {
    const urns = async (mode: "preview" | "update") =>
      (await record("large", mode)).registrations.map(({ urn }) => urn).sort();
    expect(await urns("preview")).to.deep.equal(await urns("update"));
  });

  it("marks secrets, and takes the marks off nowhere", async () => {
    const password = (await record("small", "update")).one(instance).inputs["password"];
    expect(password).to.deep.equal(new Secret("drawn-for-chatpop-db-password"));
  });

  it("keeps runs apart: what one run was told does not reach the next", async () => {
    const config = { scale: "small" };
    const [secure, plain] = await Promise.all([
      run({
        config: {
          ...config,
          domain: "chat.example.com",
          certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
        },
        preview: false,
      }),
      run({ config, preview: false }),
    ]);
    expect(secure.outputs["url"]).to.equal("https://chat.example.com");
    expect(plain.outputs["url"]).to.match(/^http:/);
    expect(plain.registrations.filter(({ parent }) => parent === "")).to.have.length(1);
  });

  it("fails with an error that is thrown inside an apply", async () => {
    const { error } = await run({ config: { scale: "small", zones: "4" }, preview: true });
    expect(error?.message).to.match(/ pulumi config set --stack \S+ chatpop:zones 3$/);
  });
});

describe("values on the wire", () => {
  const wire = { list: [unknownWire, "a"], hidden: secretWire({ inner: "b" }), number: 1, nothing: null };

  it("reads unknown and secret values at any depth", () => {
    expect(fromWire(wire)).to.deep.equal({
      list: [unknown, "a"],
      hidden: new Secret({ inner: "b" }),
      number: 1,
      nothing: null,
    });
  });

  it("finds every open text and no secret one", () => {
    expect([...openTexts(fromWire(wire))]).to.deep.equal(["a"]);
  });
});
