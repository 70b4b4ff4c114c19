import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { models } from "../../models/registry";
import type { Model } from "../../models/model";
import { unknownValue } from "../../provider/wire";
import type { Cloud, Created } from "./harness";
import { openCloud, refusalOf } from "./harness";

const vpc = "aws:ec2/vpc:Vpc";
const subnet = "aws:ec2/subnet:Subnet";
const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const group = "aws:ec2/securityGroup:SecurityGroup";
const password = "random:index/randomPassword:RandomPassword";

const trust = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } },
  ],
};

describe("the life of a resource", () => {
  let cloud: Cloud;
  let network: Created;
  beforeEach(async () => {
    cloud = await openCloud();
    network = await cloud.create(vpc, "net", { cidrBlock: "10.0.0.0/16", tags: { a: "1" } });
  });
  afterEach(() => cloud.close());

  it("previews computed outputs as unknown, and all that is known", async () => {
    const outputs = await cloud.preview(vpc, "net", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
    expect(outputs).to.include({ arn: unknownValue, mainRouteTableId: unknownValue });
    expect(outputs).to.include({ cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, region: "us-east-1" });
  });

  it("previews a name of which only the beginning is given as unknown, and draws the rest", async () => {
    expect(await cloud.preview(group, "g", { namePrefix: "web-" })).to.include({ name: unknownValue });
    const created = await cloud.create(group, "g", { namePrefix: "web-", vpcId: network.id });
    expect(created.outputs["name"]).to.match(/^web-[0-9a-f]{26}$/);
    const updated = await cloud.update(group, "g", created, { ...created.inputs, tags: { a: "b" } });
    expect(updated.outputs["name"]).to.equal(created.outputs["name"]);
  });

  it("keeps computed outputs over an update, and previews exactly that", async () => {
    const inputs = { ...network.inputs, enableDnsHostnames: true, tags: { a: "2" }, tagsAll: { a: "2" } };
    const preview = await cloud.update(vpc, "net", network, inputs, true);
    const updated = await cloud.update(vpc, "net", network, inputs);
    expect(preview.outputs).to.deep.equal(updated.outputs);
    expect(updated.outputs).to.include({ arn: network.outputs["arn"], enableDnsHostnames: true });
    expect(updated.outputs["tagsAll"]).to.deep.equal({ a: "2" });
  });

  it("previews an update without touching the account", async () => {
    await cloud.update(vpc, "net", network, { ...network.inputs, enableDnsHostnames: true }, true);
    expect((await cloud.read(vpc, "net", network.id))?.outputs["enableDnsHostnames"]).to.equal(false);
  });

  it("refuses what names something that is not there", async () => {
    const refusal = await refusalOf(
      cloud.create(subnet, "a", { vpcId: "vpc-00000000", cidrBlock: "10.0.0.0/24" }),
    );
    expect(refusal).to.equal(
      "creating EC2 Subnet (a): InvalidVpcID.NotFound: EC2 VPC 'vpc-00000000' (vpcId) does not exist in the account",
    );
  });

  it("refuses a name that is taken, in the words of AWS", async () => {
    await cloud.create(role, "one", { name: "deploy", assumeRolePolicy: trust });
    const refusal = await refusalOf(cloud.create(role, "two", { name: "deploy", assumeRolePolicy: trust }));
    expect(refusal).to.match(/^creating IAM Role \(deploy\): EntityAlreadyExists: .*"deploy" already exists/);
  });

  it("lets the same name stand twice where AWS does: another role's policy", async () => {
    const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
    for (const name of ["one", "two"]) {
      const owner = await cloud.create(role, name, { assumeRolePolicy: trust });
      await cloud.create(rolePolicy, name, { name: "same", role: owner.outputs["name"], policy });
    }
    const refusal = await refusalOf(
      cloud.create(rolePolicy, "x", {
        name: "same",
        role: (await cloud.create(role, "three", { assumeRolePolicy: trust })).id,
        policy: { Statement: [{ Effect: "Maybe", Action: "s3:*", Resource: "*" }] },
      }),
    );
    expect(refusal).to.include("Effect");
  });

  it("deletes nothing that others still name, and says who they are", async () => {
    const inside = await cloud.create(subnet, "a", { vpcId: network.id, cidrBlock: "10.0.0.0/24" });
    expect(await refusalOf(cloud.delete(vpc, "net", network))).to.equal(
      `deleting EC2 VPC (${network.id}): DependencyViolation: EC2 VPC '${network.id}' is in use and cannot be deleted: EC2 Subnet ${inside.id} depends on it`,
    );
    await cloud.delete(subnet, "a", inside);
    await cloud.delete(vpc, "net", network);
    expect(await cloud.read(vpc, "net", network.id)).to.equal(undefined);
  });

  it("finds what is gone already as good as deleted", async () => {
    await cloud.delete(vpc, "net", network);
    await cloud.delete(vpc, "net", network);
  });

  it("refuses to update what is gone", async () => {
    await cloud.delete(vpc, "net", network);
    expect(await refusalOf(cloud.update(vpc, "net", network, network.inputs))).to.match(
      /^updating EC2 VPC .*: NotFound: /,
    );
  });

  it("reads for a refresh what the account has, and nothing once it is gone", async () => {
    expect(await cloud.read(vpc, "net", network.id, network)).to.deep.equal(network);
    await cloud.delete(vpc, "net", network);
    expect(await cloud.read(vpc, "net", network.id, network)).to.equal(undefined);
  });

  it("reads for an import from the id alone: every input counts as the program's", async () => {
    const { id, inputs, outputs } = network;
    const imported = await cloud.read(vpc, "other name", id);
    expect(imported).to.deep.equal({ id, outputs, inputs: { ...inputs, __defaults: [] } });
    expect((await cloud.check(vpc, "other name", imported?.inputs ?? {})).failures).to.be.empty;
    expect(await cloud.read(vpc, "net", "vpc-00000000")).to.equal(undefined);
  });

  it("keeps regions apart, and roles common to all", async () => {
    const abroad = await openCloud({ home: cloud.home, settings: { region: "eu-west-1" } });
    const owner = await cloud.create(role, "r", { assumeRolePolicy: trust });
    expect(await abroad.read(vpc, "net", network.id)).to.equal(undefined);
    expect((await abroad.read(role, "r", owner.id))?.id).to.equal(owner.id);
    expect(
      await refusalOf(abroad.create(subnet, "a", { vpcId: network.id, cidrBlock: "10.0.0.0/24" })),
    ).to.include("InvalidVpcID.NotFound");
    const placed = await abroad.create(vpc, "here", { cidrBlock: "10.0.0.0/16", region: "us-east-1" });
    expect(placed.outputs["region"]).to.equal("us-east-1");
    expect((await cloud.read(vpc, "here", placed.id))?.id).to.equal(placed.id);
    abroad.close();
  });

  it("keeps confidential values encrypted on disk, and gives them back in clear", async () => {
    const drawn = await cloud.create(password, "p", { length: 40 });
    const result = String(drawn.outputs["result"]);
    expect(result).to.have.length(40);
    expect(readFileSync(join(cloud.home, "account.json"), "utf8")).not.to.include(result);
    const other = await openCloud({ home: cloud.home });
    expect((await other.read(password, "p", drawn.id))?.outputs["result"]).to.equal(result);
    other.close();
  });

  it("draws a value once and keeps it", async () => {
    const drawn = await cloud.create(password, "p", { length: 40 });
    const updated = await cloud.update(password, "p", drawn, drawn.inputs);
    expect(updated.outputs).to.deep.equal(drawn.outputs);
  });
});

describe("a resource with something running behind it", () => {
  const type = "aws:ec2/vpc:Vpc";
  const model = models.get(type) as Model;
  let cloud: Cloud;
  const stopped: string[] = [];
  beforeEach(async () => {
    cloud = await openCloud();
  });
  afterEach(() => {
    delete (model as Partial<Model>).start;
    delete (model as Partial<Model>).stop;
    delete (model as Partial<Model>).leaves;
    cloud.close();
  });

  it("shows what came out of the start", async () => {
    model.start = async () => ({ endpoint: "localhost:1" });
    const created = await cloud.create(type, "net", { cidrBlock: "10.0.0.0/16" });
    expect(created.outputs["endpoint"]).to.equal("localhost:1");
    expect((await cloud.read(type, "net", created.id))?.outputs["endpoint"]).to.equal("localhost:1");
  });

  it("is undone when the start fails", async () => {
    model.start = async () => Promise.reject(new Error("no port is free"));
    expect(await refusalOf(cloud.create(type, "net", { cidrBlock: "10.0.0.0/16" }))).to.include(
      "no port is free",
    );
    expect(JSON.parse(readFileSync(join(cloud.home, "account.json"), "utf8"))).to.deep.include({
      resources: [],
    });
  });

  it("is stopped before it leaves the account, and may leave a trace", async () => {
    model.stop = async ({ id }) => void stopped.push(id);
    model.leaves = ({ id }) => [{ kind: "memory", name: id }];
    const created = await cloud.create(type, "net", { cidrBlock: "10.0.0.0/16" });
    await cloud.delete(type, "net", created);
    expect(stopped).to.deep.equal([created.id]);
    expect(JSON.parse(readFileSync(join(cloud.home, "account.json"), "utf8"))).to.deep.equal({
      resources: [],
      traces: [{ kind: "memory", name: created.id }],
    });
  });
});
