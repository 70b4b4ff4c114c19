import { expect } from "chai";
import type { Cloud } from "./harness";
import { openCloud } from "./harness";
import { unknownValue } from "../../provider/wire";

const vpc = "aws:ec2/vpc:Vpc";
const subnet = "aws:ec2/subnet:Subnet";
const group = "aws:ec2/securityGroup:SecurityGroup";
const password = "random:index/randomPassword:RandomPassword";

describe("check", () => {
  let cloud: Cloud;
  before(async () => {
    cloud = await openCloud({
      settings: { region: "us-east-1", defaultTags: '{"tags":{"project":"chatpop","a":"default"}}' },
    });
  });
  after(() => cloud.close());

  it("fills in defaults and names before anybody judges the inputs", async () => {
    const { inputs, failures } = await cloud.check(group, "web", { vpcId: unknownValue });
    expect(failures).to.be.empty;
    expect(inputs).to.include({ description: "Managed by Pulumi", vpcId: unknownValue });
    expect(inputs["name"]).to.match(/^web-[0-9a-f]{7}$/);
    expect(inputs["__defaults"]).to.deep.equal(["description", "name", "revokeRulesOnDelete"]);
  });

  it("draws the same name from the same seed, and keeps it on update", async () => {
    const first = await cloud.check(group, "web", { vpcId: unknownValue });
    const again = await cloud.check(group, "web", { vpcId: unknownValue });
    expect(again.inputs["name"]).to.equal(first.inputs["name"]);
    const kept = await cloud.check(group, "web", {}, { ...first.inputs, name: "web-0000000" });
    expect(kept.inputs["name"]).to.equal("web-0000000");
  });

  it("draws a new name when the program takes its own back", async () => {
    const given = await cloud.check(group, "web", { name: "mine" });
    const { inputs } = await cloud.check(group, "web", {}, given.inputs);
    expect(inputs["name"]).to.match(/^web-[0-9a-f]{7}$/);
  });

  it("draws no name beside a prefix", async () => {
    const { inputs } = await cloud.check(group, "web", { namePrefix: "w-" });
    expect(inputs).not.to.have.property("name");
  });

  it("refuses a logical name that leaves no room for the digits", async () => {
    const { failures } = await cloud.check("aws:iam/role:Role", "r".repeat(57), {
      assumeRolePolicy: unknownValue,
    });
    expect(failures).to.have.length(1);
    expect(failures[0]).to.include("64").and.to.include("Shorten the resource's name");
  });

  it("names argument, value, what is allowed and the place", async () => {
    const { failures } = await cloud.check(vpc, "net", {
      cidrBlock: "10.0.0.1/16",
      instanceTenancy: "shared",
    });
    expect(failures).to.deep.equal([
      `cidrBlock: "10.0.0.1/16" is not a valid CIDR block: did you mean "10.0.0.0/16"?. Examine values at 'net.cidrBlock'.`,
      `expected instanceTenancy to be one of ["default","dedicated"], got "shared". Examine values at 'net.instanceTenancy'.`,
    ]);
  });

  it("refuses unknown arguments, and says which ones are only not modelled", async () => {
    const { failures } = await cloud.check(vpc, "net", { cidrBlock: "10.0.0.0/16", cidrBlok: "10.0.0.0/16" });
    expect(failures).to.deep.equal(["Invalid or unknown key: cidrBlok"]);
    const real = await cloud.check(vpc, "net", { cidrBlock: "10.0.0.0/16", ipv4IpamPoolId: "x" });
    expect(real.failures[0]).to.include("does not model ipv4IpamPoolId");
    const nested = await cloud.check(group, "g", {
      ingress: [{ fromPort: 1, toPort: 1, protocol: "tcp", cidr: "x" }],
    });
    expect(nested.failures).to.deep.equal([
      "Invalid or unknown key in ingress[0]: cidr. Examine values at 'g.ingress[0]'.",
    ]);
  });

  it("names a required argument that is missing", async () => {
    const { failures } = await cloud.check(subnet, "a", {});
    expect(failures).to.deep.equal([
      "Missing required argument: vpcId is required, but was not set. Examine values at 'a.vpcId'.",
    ]);
  });

  it("leaves unknown values alone, and judges the known ones beside them", async () => {
    const rules = [
      { fromPort: unknownValue, toPort: 70000, protocol: unknownValue, cidrBlocks: unknownValue },
    ];
    const { failures } = await cloud.check(group, "g", {
      vpcId: unknownValue,
      ingress: rules,
      tags: unknownValue,
    });
    expect(failures).to.deep.equal([
      "expected ingress[0].toPort to be at most 65535, got 70000. Examine values at 'g.ingress[0].toPort'.",
    ]);
  });

  it("never quotes a confidential argument", async () => {
    const { failures } = await cloud.check("aws:secretsmanager/secretVersion:SecretVersion", "s", {
      secretId: unknownValue,
      secretString: 12345678,
    });
    expect(failures.join()).to.include("secretString").and.not.to.include("12345678");
  });

  it("turns a policy given as an object into text", async () => {
    const document = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] };
    const { inputs } = await cloud.check("aws:iam/policy:Policy", "p", { policy: document });
    expect(JSON.parse(inputs["policy"] as string)).to.deep.equal(document);
    const unknown = await cloud.check("aws:iam/policy:Policy", "p", {
      policy: { Statement: [unknownValue] },
    });
    expect(unknown).to.deep.include({ failures: [] });
    expect(unknown.inputs["policy"]).to.equal(unknownValue);
  });

  it("merges default tags for types with tags only; a tag of the program's wins", async () => {
    const tagged = await cloud.check(vpc, "net", { cidrBlock: "10.0.0.0/16", tags: { a: "own" } });
    expect(tagged.inputs["tagsAll"]).to.deep.equal({ project: "chatpop", a: "own" });
    expect(tagged.inputs["tags"]).to.deep.equal({ a: "own" });
    const untagged = await cloud.check(password, "p", { length: 8 });
    expect(untagged.inputs).not.to.have.property("tagsAll");
  });

  it("names the file to extend for a type without a model", async () => {
    const attempt = cloud.check("aws:ec2/spotFleetRequest:SpotFleetRequest", "i", {});
    await attempt.then(
      () => expect.fail("it was accepted"),
      (error: Error) =>
        expect(error.message)
          .to.include("aws:ec2/spotFleetRequest:SpotFleetRequest")
          .and.to.include("packages/embedded-aws/models/index.ts"),
    );
  });
});

describe("provider configuration", () => {
  it("needs a region that exists", async () => {
    const cloud = await openCloud();
    expect(await cloud.checkConfig({ region: "us-middle-1" })).to.have.length(1);
    expect((await cloud.checkConfig({ region: "us-middle-1" }))[0])
      .to.include("us-middle-1")
      .and.to.include("us-east-1");
    expect(await cloud.checkConfig({ region: "eu-west-1" })).to.be.empty;
    const saved = [process.env["AWS_REGION"], process.env["AWS_DEFAULT_REGION"]];
    delete process.env["AWS_REGION"];
    delete process.env["AWS_DEFAULT_REGION"];
    expect((await cloud.checkConfig({}))[0]).to.include('"aws:region"');
    [process.env["AWS_REGION"], process.env["AWS_DEFAULT_REGION"]] = saved;
    if (saved[0] === undefined) delete process.env["AWS_REGION"];
    if (saved[1] === undefined) delete process.env["AWS_DEFAULT_REGION"];
    cloud.close();
  });

  it("shows unknown values in previews and lets the engine keep the secrets", async () => {
    const cloud = await openCloud();
    const reply = await cloud.configure({ region: "eu-west-1" });
    expect([reply.getSupportspreview(), reply.getAcceptsecrets()]).to.deep.equal([true, false]);
    cloud.close();
  });
});
