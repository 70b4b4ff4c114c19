import { expect } from "chai";
import { everywhere, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";

const ports = (inputs: Readonly<Record<string, unknown>>) => {
  expect(inputs["ipProtocol"]).to.equal("tcp");
  expect(inputs["fromPort"]).to.equal(inputs["toPort"]);
  return String(inputs["fromPort"]);
};

/** Rules between a security group and addresses: `group 80 0.0.0.0/0`. */
const addresses = (recording: Recording, type: string) =>
  recording
    .ofType(type)
    .filter(({ inputs }) => !("referencedSecurityGroupId" in inputs))
    .map((rule) =>
      [recording.namesOf(rule, "securityGroupId")[0], ports(rule.inputs), rule.inputs["cidrIpv4"]].join(" "),
    );

/** Rules between two groups, in the direction of the connection: `from to port`. */
const connections = (recording: Recording, type: string) =>
  recording
    .ofType(type)
    .filter(({ inputs }) => "referencedSecurityGroupId" in inputs)
    .map((rule) => {
      const own = recording.namesOf(rule, "securityGroupId")[0];
      const other = recording.namesOf(rule, "referencedSecurityGroupId")[0];
      const [from, to] = type === types.ingressRule ? [other, own] : [own, other];
      return `${from} ${to} ${ports(rule.inputs)}`;
    });

const direct = [
  "chatpop-alb chatpop-tasks 9000",
  "chatpop-tasks chatpop-redis 6379",
  "chatpop-tasks chatpop-db 5432",
  "chatpop-indexes chatpop-db 5432",
];
const throughProxy = ["chatpop-tasks chatpop-proxy 5432", "chatpop-proxy chatpop-db 5432"];

describe("security groups", () => {
  it("accept the internet at the load balancer's ports 80 and 443 and nowhere else (G-52, G-191, GAP-13)", () =>
    everywhere((recording) => {
      expect(addresses(recording, types.ingressRule)).to.have.members([
        "chatpop-alb 80 0.0.0.0/0",
        "chatpop-alb 443 0.0.0.0/0",
      ]);
    }));

  it("accept only the networks that are allowed, each on every port", async () => {
    const allowedCidrs = `["10.0.0.0/8","192.0.2.0/24"]`;
    const recording = await record("small", "update", { allowedCidrs });
    expect(addresses(recording, types.ingressRule)).to.have.members([
      "chatpop-alb 80 10.0.0.0/8",
      "chatpop-alb 80 192.0.2.0/24",
      "chatpop-alb 443 10.0.0.0/8",
      "chatpop-alb 443 192.0.2.0/24",
    ]);
  });

  it("let nothing out to the internet but the tasks' HTTPS", () =>
    everywhere((recording) => {
      expect(addresses(recording, types.egressRule)).to.deep.equal(["chatpop-tasks 443 0.0.0.0/0"]);
    }));

  it("connect the tiers from group to group, at both ends alike (G-2, GAP-13)", () =>
    everywhere((recording, scale) => {
      const expected = scale === "small" ? direct : [...direct, ...throughProxy];
      expect(connections(recording, types.ingressRule)).to.have.members(expected);
      expect(connections(recording, types.egressRule)).to.have.members(expected);
    }));

  it("have all of their rules before the first task starts, and as long as tasks run", () =>
    everywhere((recording) => {
      const rules = [types.ingressRule, types.egressRule].flatMap((type) => recording.ofType(type));
      expect(recording.one(types.invocation, "chatpop-migrate").dependencies).to.include.members(
        rules.map(({ urn }) => urn),
      );
    }));

  it("carry no rules of their own, which would fight with the separate ones", () =>
    everywhere((recording) => {
      for (const { inputs } of recording.ofType(types.securityGroup)) {
        expect(inputs).not.to.have.any.keys("ingress", "egress");
      }
    }));

  it("are each used by what they are named after", () =>
    everywhere((recording) => {
      for (const [type, property, group] of [
        [types.loadBalancer, "securityGroups", "chatpop-alb"],
        [types.service, "networkConfiguration", "chatpop-tasks"],
        [types.database, "vpcSecurityGroupIds", "chatpop-db"],
        [types.proxy, "vpcSecurityGroupIds", "chatpop-proxy"],
        [types.cache, "securityGroupIds", "chatpop-redis"],
      ] as const) {
        for (const resource of recording.ofType(type)) {
          const groups = recording
            .sourcesOf(resource, property)
            .filter((each) => each.type === types.securityGroup);
          expect(
            groups.map(({ name }) => name),
            resource.name,
          ).to.deep.equal([group]);
        }
      }
    }));
});
