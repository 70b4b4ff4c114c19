import { expect } from "chai";
import { isImportedAs } from "../../models/imports";
import { openCloud } from "./harness";

describe("imports", () => {
  const resource = (type: string, id: string, outputs: Record<string, unknown>) =>
    ({ type, id, urn: "", inputs: {}, outputs }) as never;

  for (const [type, id, outputs, identifier] of [
    ["aws:ecs/service:Service", "arn", { cluster: "arn:aws:ecs:eu-west-1:1:cluster/c", name: "s" }, "c/s"],
    ["aws:ecs/service:Service", "arn", { cluster: "c", name: "s" }, "c/s"],
    [
      "aws:ec2/route:Route",
      "r-1",
      { routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0" },
      "rtb-1_0.0.0.0/0",
    ],
    ["aws:ec2/route:Route", "r-1", { routeTableId: "rtb-1", destinationIpv6CidrBlock: "::/0" }, "rtb-1_::/0"],
    [
      "aws:ec2/securityGroupRule:SecurityGroupRule",
      "sgrule-1",
      {
        securityGroupId: "sg-1",
        type: "ingress",
        protocol: "tcp",
        fromPort: 80,
        toPort: 81,
        cidrBlocks: ["a", "b"],
      },
      "sg-1_ingress_tcp_80_81_a_b",
    ],
    ["aws:kms/key:Key", "1234", {}, "1234"],
  ] as const) {
    it(`${type} is imported as ${identifier}, and as nothing else`, () => {
      expect(isImportedAs(resource(type, id, outputs), identifier)).to.equal(true);
      expect(isImportedAs(resource(type, id, outputs), `${identifier}x`)).to.equal(false);
    });
  }

  it("give what AWS gives: no password, and nothing that only told the provider how to act", async () => {
    const cloud = await openCloud();
    try {
      const type = "aws:rds/instance:Instance";
      const made = await cloud.create(type, "db", {
        ...{ identifier: "chat", engine: "postgres", engineVersion: "15", instanceClass: "db.t3.small" },
        ...{
          allocatedStorage: 20,
          username: "chat",
          password: "a-password-of-length",
          skipFinalSnapshot: true,
        },
      });
      expect(made.outputs).to.include({ password: "a-password-of-length" });
      const found = (await cloud.read(type, "db", "chat"))!;
      expect(found.id).to.equal(made.id).and.to.match(/^db-/);
      for (const side of [found.inputs, found.outputs]) {
        expect(side).to.include({ username: "chat", allocatedStorage: 20 });
        expect(side).not.to.have.any.keys("password", "skipFinalSnapshot");
      }
      // A refresh knows what the program gave.
      expect((await cloud.read(type, "db", made.id, made))!.outputs).to.include({ skipFinalSnapshot: true });
      // Nor is it asked for again, except of a new one.
      expect((await cloud.check(type, "db", found.inputs, found.inputs)).failures).to.deep.equal([]);
      expect((await cloud.check(type, "db", found.inputs)).failures.join()).to.include("MasterUserPassword");
      expect(await cloud.read(type, "db", "chatter")).to.equal(undefined);
    } finally {
      cloud.close();
    }
  });
});
