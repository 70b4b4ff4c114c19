import { expect } from "chai";
import { readFileSync } from "node:fs";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { models } from "../../models/registry";
import type { Model, Properties } from "../../models/model";
import { diff } from "../../provider/diff";
import { rowOf } from "../../provider/table";
import { unknownValue } from "../../provider/wire";
import type { Cloud, Created } from "./harness";
import { openCloud } from "./harness";

const table = JSON.parse(readFileSync("packages/embedded-aws/data/replace-on-change.json", "utf8")) as Record<
  string,
  unknown
>;
const modelled = [...models.values()].filter(({ type }) => type in table);
const here = { before: "us-east-1", after: "us-east-1" };

function compare(model: Model, before: Properties, after: Properties) {
  return diff(model, before, after, here);
}

describe("diff by the measured table", () => {
  for (const model of modelled) {
    const { replace = [], inPlace = [], noDiff = [], removalIgnored = [] } = rowOf(model.type);
    const measured = (names: readonly string[]) => names.filter((name) => !model.suppresses?.[name]);

    it(`replaces ${model.type} exactly where the real provider does`, () => {
      for (const name of measured(replace)) {
        expect(compare(model, { [name]: "a" }, { [name]: "b" }).replacing, name).to.deep.equal([name]);
        expect(compare(model, { [name]: "a" }, { [name]: unknownValue }).replacing, name).to.deep.equal([
          name,
        ]);
      }
      for (const name of measured(inPlace)) {
        const { changed, replacing } = compare(model, { [name]: "a" }, { [name]: "b" });
        expect([changed, replacing], name).to.deep.equal([[name], []]);
      }
      for (const name of noDiff)
        expect(compare(model, { [name]: "a" }, { [name]: "b" }).changed, name).to.be.empty;
      for (const name of removalIgnored.filter((each) => each !== model.autoName?.property)) {
        expect(compare(model, { [name]: "a" }, {}).changed, name).to.be.empty;
      }
    });
  }

  it("is about the types of this account", () => expect(modelled.length).to.be.above(15));
});

describe("diff", () => {
  const role = models.get("aws:iam/role:Role") as Model;
  const group = models.get("aws:ec2/securityGroup:SecurityGroup") as Model;
  const rule = models.get("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") as Model;
  const vpc = models.get("aws:ec2/vpc:Vpc") as Model;

  it("finds every changed place, however deep", () => {
    const before = { ingress: [{ fromPort: 80, toPort: 80 }], tags: { "a.b": "1", c: "2" } };
    const after = { ingress: [{ fromPort: 80, toPort: 81 }, { fromPort: 1 }], tags: { "a.b": "2", d: "3" } };
    const places = [...compare(group, before, after).places].map(([place, { kind }]) => [place, kind]);
    expect(places).to.deep.equal([
      ["ingress[0].toPort", "update"],
      ["ingress[1]", "add"],
      ['tags["a.b"]', "update"],
      ["tags.c", "delete"],
      ["tags.d", "add"],
    ]);
  });

  it("lets a rule keep its place while the kind of source stays", () => {
    const same = compare(rule, { cidrIpv4: "10.0.0.0/8" }, { cidrIpv4: "10.0.0.0/16" });
    expect([same.changed, same.replacing]).to.deep.equal([["cidrIpv4"], []]);
    const other = compare(rule, { cidrIpv4: "10.0.0.0/8" }, { referencedSecurityGroupId: "sg-1" });
    expect(other.replacing).to.have.members(["cidrIpv4", "referencedSecurityGroupId"]);
  });

  it("decides a conditional argument by its values", () => {
    const change = (before: string, after: string) =>
      compare(vpc, { instanceTenancy: before }, { instanceTenancy: after }).replacing;
    expect(change("default", "dedicated")).to.deep.equal(["instanceTenancy"]);
    expect(change("dedicated", "default")).to.be.empty;
  });

  it("takes documents that say the same for the same", () => {
    const [short, long] = ['{"a":1,"b":2}', '{ "b": 2, "a": 1 }'];
    expect(compare(role, { assumeRolePolicy: short }, { assumeRolePolicy: long }).changed).to.be.empty;
  });

  it("deletes first where the program fixed the name, and only there", () => {
    const change = (names: Properties) =>
      compare(role, { ...names, path: "/a/" }, { ...names, path: "/b/" }).deleteBeforeReplace;
    expect(change({ name: "mine" })).to.be.true;
    expect(change({ name: "role-1234567", __defaults: ["name"] })).to.be.false;
    expect(compare(role, { name: "a" }, { name: "b" }).deleteBeforeReplace).to.be.false;
  });

  it("replaces what moves to another region", () => {
    const result = diff(vpc, {}, {}, { before: "us-east-1", after: "eu-west-1" });
    expect([result.changed, result.replacing]).to.deep.equal([["region"], ["region"]]);
    expect(diff(vpc, {}, { region: "us-east-1" }, { before: "us-east-1", after: "eu-west-1" }).changed).to.be
      .empty;
    expect(diff(role, {}, {}, { before: undefined, after: "eu-west-1" }).changed).to.be.empty;
  });

  it("shows changed default tags in place, and nothing of the provider's own notes", () => {
    const result = compare(
      vpc,
      { __defaults: [], tagsAll: { a: "1" } },
      { __defaults: ["x"], tagsAll: { a: "2" } },
    );
    expect([result.changed, result.replacing]).to.deep.equal([["tagsAll"], []]);
  });

  it("replaces a drawn value when any of its inputs changes", () => {
    const password = models.get("random:index/randomPassword:RandomPassword") as Model;
    expect(compare(password, { length: 8 }, { length: 9 }).replacing).to.deep.equal(["length"]);
  });

  describe("on the wire", () => {
    let cloud: Cloud;
    let network: Created;
    before(async () => {
      cloud = await openCloud();
      network = await cloud.create(vpc.type, "net", { cidrBlock: "10.0.0.0/16" });
    });
    after(() => cloud.close());

    it("tells the engine what is replaced and what is updated", async () => {
      const reply = await cloud.diff(vpc.type, "net", network, {
        ...network.inputs,
        cidrBlock: "10.1.0.0/16",
        enableDnsHostnames: true,
      });
      const { Kind } = messages.PropertyDiff;
      expect(reply.getChanges()).to.equal(messages.DiffResponse.DiffChanges.DIFF_SOME);
      expect(reply.getReplacesList()).to.deep.equal(["cidrBlock"]);
      expect(reply.getDetaileddiffMap().get("cidrBlock")?.getKind()).to.equal(Kind.UPDATE_REPLACE);
      expect(reply.getDetaileddiffMap().get("enableDnsHostnames")?.getKind()).to.equal(Kind.ADD);
    });

    it("says so when nothing changed", async () => {
      const reply = await cloud.diff(vpc.type, "net", network, network.inputs);
      expect(reply.getChanges()).to.equal(messages.DiffResponse.DiffChanges.DIFF_NONE);
    });
  });
});
