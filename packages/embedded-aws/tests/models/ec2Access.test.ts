import { expect } from "chai";
import type { Properties } from "../../models/model";
import type { Created } from "../provider/harness";
import { refusalOf } from "../provider/harness";
import type { Network } from "./network";
import { openNetwork, types } from "./network";

describe("EC2: who may talk to whom", () => {
  let net: Network;
  beforeEach(async () => {
    net = await openNetwork();
  });
  afterEach(() => net.cloud.close());

  describe("security groups", () => {
    let group: Created;
    beforeEach(async () => {
      group = await net.create("securityGroup", { vpcId: net.vpc.id });
    });
    const rule = (more: Properties): Properties => ({
      securityGroupId: group.id,
      ipProtocol: "tcp",
      fromPort: 80,
      toPort: 80,
      ...more,
    });

    it("refuse a rule that is there already, and take it from another source", async () => {
      await net.create("ingress", rule({ cidrIpv4: "10.0.0.0/8" }));
      expect(await net.refused("ingress", rule({ cidrIpv4: "10.0.0.0/8" }))).to.include(
        "InvalidPermission.Duplicate",
      );
      expect((await net.create("ingress", rule({ cidrIpv4: "10.0.0.0/16" }))).id).to.match(/^sgr-/);
    });

    it("take one source a rule", async () => {
      expect(await net.refused("ingress", rule({})))
        .to.include("exactly one of")
        .and.to.include("got none");
      const two = rule({ cidrIpv4: "10.0.0.0/8", cidrIpv6: "::/0" });
      expect(await net.refused("ingress", two)).to.include("got cidrIpv4, cidrIpv6");
    });

    it("want ports that fit the protocol", async () => {
      const from = { cidrIpv4: "10.0.0.0/8" };
      expect(await net.refused("ingress", rule({ ...from, fromPort: 443 }))).to.include(
        "port range (443, 80)",
      );
      expect(await net.refused("ingress", { ...rule(from), toPort: undefined })).to.include(
        "both fromPort and toPort",
      );
      expect(await net.refused("ingress", rule({ ...from, ipProtocol: "-1" }))).to.include(
        "covers all ports",
      );
      expect(await net.refused("ingress", rule({ ...from, ipProtocol: "http" }))).to.include(
        "is not a protocol",
      );
    });

    it("want the id of a group, not its ARN", async () => {
      const inputs = rule({ referencedSecurityGroupId: group.outputs["arn"] });
      expect(await net.refused("ingress", inputs)).to.include("is not the id of a security group");
    });

    it("name groups of the same VPC only, and cannot go while another group's rule names them", async () => {
      const other = await net.create("vpc", { cidrBlock: "10.1.0.0/16" });
      const foreign = await net.create("securityGroup", { vpcId: other.id });
      expect(await net.refused("ingress", rule({ referencedSecurityGroupId: foreign.id }))).to.include(
        "different networks",
      );
      const source = await net.create("securityGroup", { vpcId: net.vpc.id });
      const made = await net.create("ingress", rule({ referencedSecurityGroupId: source.id }));
      expect(await refusalOf(net.remove("securityGroup", source))).to.include(made.id);
      await net.remove("ingress", made);
      await net.remove("securityGroup", source);
    });

    it("have names of their own within a VPC", async () => {
      await net.create("securityGroup", { vpcId: net.vpc.id, name: "web" });
      expect(await net.refused("securityGroup", { vpcId: net.vpc.id, name: "web" })).to.include(
        "InvalidGroup.Duplicate",
      );
      const other = await net.create("vpc", { cidrBlock: "10.1.0.0/16" });
      expect((await net.create("securityGroup", { vpcId: other.id, name: "web" })).id).to.match(/^sg-/);
      expect(await net.refused("securityGroup", { vpcId: net.vpc.id, name: "sg-web" })).to.include(
        "not beginning with sg-",
      );
      const inDefault = await net.create("securityGroup", { name: "x" });
      expect(inDefault.outputs["vpcId"]).to.match(/^vpc-/).and.not.to.equal(net.vpc.id);
    });

    it("adopt and forget a VPC's default group without standing in the VPC's way", async () => {
      const adopted = await net.create("defaultSecurityGroup", {
        vpcId: net.vpc.id,
        ingress: [],
        egress: [],
      });
      expect(adopted.id).to.equal(net.vpc.outputs["defaultSecurityGroupId"]);
      await net.remove("securityGroup", group);
      await net.remove("vpc", net.vpc);
    });
  });

  describe("endpoints and flow logs", () => {
    const s3 = { serviceName: "com.amazonaws.us-east-1.s3" };

    it("offer the services of their region", async () => {
      expect((await net.create("endpoint", { vpcId: net.vpc.id, ...s3 })).outputs["prefixListId"]).to.match(
        /^pl-/,
      );
      for (const serviceName of ["com.amazonaws.eu-west-1.s3", "com.amazonaws.us-east-1.s4"]) {
        expect(await net.refused("endpoint", { vpcId: net.vpc.id, serviceName })).to.include(
          "InvalidServiceName",
        );
      }
    });

    it("take what fits their type", async () => {
      expect(await net.refused("endpoint", { vpcId: net.vpc.id, ...s3, subnetIds: [] })).to.include(
        "type Gateway",
      );
      const inputs = { vpcId: net.vpc.id, ...s3, vpcEndpointType: "Interface", routeTableIds: [] };
      expect(await net.refused("endpoint", inputs)).to.include("type Interface");
    });

    it("need a VPC with DNS for a private name, give it once, and stand once in a zone", async () => {
      const home = await net.subnet("10.0.0.0/24", { availabilityZone: "us-east-1a" });
      const logs = {
        vpcId: net.vpc.id,
        serviceName: "com.amazonaws.us-east-1.logs",
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: [home.id],
      };
      expect(await net.refused("endpoint", logs)).to.include("enableDnsHostnames");
      await net.cloud.update(types.vpc, "net", net.vpc, { ...net.vpc.inputs, enableDnsHostnames: true });
      const made = await net.create("endpoint", logs);
      expect(made.outputs["networkInterfaceIds"]).to.have.length(1);
      expect(await net.refused("endpoint", logs)).to.include("private-dns-enabled cannot be set");
      const twin = await net.subnet("10.0.1.0/24", { availabilityZone: "us-east-1a" });
      const crowded = { ...logs, privateDnsEnabled: false, subnetIds: [home.id, twin.id] };
      expect(await net.refused("endpoint", crowded)).to.include("DuplicateSubnetsInSameZone");
    });

    it("want a role to write flow logs with", async () => {
      expect(await net.refused("flowLog", { vpcId: net.vpc.id, trafficType: "ALL" })).to.include(
        "DeliverLogsPermissionArn",
      );
      const inputs = { trafficType: "ALL", logDestinationType: "s3", logDestination: "arn:aws:s3:::logs" };
      expect(await net.refused("flowLog", inputs)).to.include("exactly one of eniId, subnetId, vpcId");
      expect((await net.create("flowLog", { ...inputs, vpcId: net.vpc.id })).id).to.match(/^fl-/);
    });
  });
});
