import { expect } from "chai";
import type { Created } from "../provider/harness";
import { refusalOf } from "../provider/harness";
import type { Network } from "./network";
import { openNetwork } from "./network";

describe("EC2: the network", () => {
  let net: Network;
  beforeEach(async () => {
    net = await openNetwork();
  });
  afterEach(() => net.cloud.close());

  describe("VPCs and subnets", () => {
    it("gives ids and ARNs as AWS does", () => {
      expect(net.vpc.id).to.match(/^vpc-[0-9a-f]{17}$/);
      expect(net.vpc.outputs["arn"]).to.equal(`arn:aws:ec2:us-east-1:123456789012:vpc/${net.vpc.id}`);
      expect(net.vpc.outputs["mainRouteTableId"]).to.equal(net.vpc.outputs["defaultRouteTableId"]);
    });

    it("stops at five VPCs a region, the default one among them", async () => {
      for (let made = 2; made < 5; made++) await net.create("vpc", { cidrBlock: "10.0.0.0/16" });
      expect(await net.refused("vpc", { cidrBlock: "10.0.0.0/16" })).to.include("VpcLimitExceeded");
      expect((await net.create("vpc", { cidrBlock: "10.0.0.0/16", region: "eu-west-1" })).id).to.match(
        /^vpc-/,
      );
    });

    it("refuses blocks of a size that AWS does not have", async () => {
      expect(await net.refused("vpc", { cidrBlock: "10.0.0.0/8" })).to.include("InvalidVpc.Range");
      expect(await net.refused("vpc", { cidrBlock: "10.0.0.300/24" })).to.include("IPv4 CIDR block");
    });

    it("keeps subnets inside their VPC and apart from each other", async () => {
      await net.subnet("10.0.0.0/24");
      expect(await refusalOf(net.subnet("10.1.0.0/24"))).to.include("InvalidSubnet.Range");
      expect(await refusalOf(net.subnet("10.0.0.128/25"))).to.include("InvalidSubnet.Conflict");
      expect((await net.subnet("10.0.1.0/24")).outputs["vpcId"]).to.equal(net.vpc.id);
      const other = await net.create("vpc", { cidrBlock: "10.0.0.0/16" });
      expect((await net.create("subnet", { vpcId: other.id, cidrBlock: "10.0.0.0/24" })).id).to.match(
        /^subnet-/,
      );
    });

    it("knows the zones of its region", async () => {
      expect(await refusalOf(net.subnet("10.0.0.0/24", { availabilityZone: "eu-west-1a" }))).to.include(
        "us-east-1a, us-east-1b",
      );
      const home = await net.subnet("10.0.0.0/24", { availabilityZone: "us-east-1b" });
      expect(home.outputs["availabilityZoneId"]).to.equal("use1-az2");
    });
  });

  describe("gateways", () => {
    it("attaches one internet gateway a VPC", async () => {
      await net.create("internetGateway", { vpcId: net.vpc.id });
      expect(await net.refused("internetGateway", { vpcId: net.vpc.id })).to.include(
        "Resource.AlreadyAssociated",
      );
    });

    it("needs an attached internet gateway and a free address for a NAT gateway", async () => {
      const home = await net.subnet("10.0.0.0/24");
      const address = await net.create("eip", { domain: "vpc" });
      const inputs = { subnetId: home.id, allocationId: address.id };
      expect(await net.refused("natGateway", inputs)).to.include("Gateway.NotAttached");
      const gateway = await net.create("internetGateway", { vpcId: net.vpc.id });
      const nat = await net.create("natGateway", inputs);
      expect(nat.outputs).to.include({ publicIp: address.outputs["publicIp"], vpcId: net.vpc.id });
      expect(nat.outputs["privateIp"]).to.match(/^10\.0\.0\.\d+$/);
      expect(await net.refused("natGateway", inputs)).to.include("Resource.AlreadyAssociated");
      expect(await refusalOf(net.remove("eip", address))).to.include("InvalidIPAddress.InUse");
      expect(await refusalOf(net.remove("internetGateway", gateway))).to.include("mapped public address");
      await net.remove("natGateway", nat);
      await net.remove("internetGateway", gateway);
      await net.remove("eip", address);
    });

    it("refuses a public NAT gateway without an address, and a private one with", async () => {
      expect(await net.refused("natGateway", { subnetId: "subnet-00000000" })).to.include(
        "needs an allocationId",
      );
      const both = {
        subnetId: "subnet-00000000",
        connectivityType: "private",
        allocationId: "eipalloc-00000000",
      };
      expect(await net.refused("natGateway", both)).to.include("takes no allocationId");
    });

    it("stops at five addresses a region", async () => {
      for (let made = 0; made < 5; made++) await net.create("eip", {});
      expect(await net.refused("eip", {})).to.include("AddressLimitExceeded");
    });
  });

  describe("routes", () => {
    let table: Created;
    beforeEach(async () => {
      table = await net.create("routeTable", { vpcId: net.vpc.id });
    });

    it("lead one way: one destination, one target, once a table", async () => {
      const gateway = await net.create("internetGateway", { vpcId: net.vpc.id });
      const out = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id };
      const made = await net.create("route", out);
      expect(made.id).to.equal(`r-${table.id}1080289494`);
      expect(await net.refused("route", out)).to.include("RouteAlreadyExists");
      expect(await net.refused("route", { ...out, natGatewayId: "nat-00000000" })).to.include(
        "exactly one of",
      );
      expect(await net.refused("route", { routeTableId: table.id, gatewayId: gateway.id })).to.include(
        "got none",
      );
    });

    it("lead to gateways of their own VPC that exist", async () => {
      const out = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0" };
      expect(await net.refused("route", { ...out, gatewayId: "igw-00000000" })).to.include(
        "InvalidGatewayID.NotFound",
      );
      expect(await net.refused("route", { ...out, natGatewayId: "nat-00000000" })).to.include(
        "InvalidNatGatewayID.NotFound",
      );
      const other = await net.create("vpc", { cidrBlock: "10.1.0.0/16" });
      const foreign = await net.create("internetGateway", { vpcId: other.id });
      expect(await net.refused("route", { ...out, gatewayId: foreign.id })).to.include("different networks");
    });

    it("are followed by each subnet through one table of its VPC", async () => {
      const home = await net.subnet("10.0.0.0/24");
      const made = await net.create("association", { routeTableId: table.id, subnetId: home.id });
      expect(await net.refused("association", { routeTableId: table.id, subnetId: home.id })).to.include(
        "Resource.AlreadyAssociated",
      );
      const other = await net.create("vpc", { cidrBlock: "10.1.0.0/16" });
      const foreign = await net.create("subnet", { vpcId: other.id, cidrBlock: "10.1.0.0/24" });
      expect(await net.refused("association", { routeTableId: table.id, subnetId: foreign.id })).to.include(
        "different networks",
      );
      expect(await refusalOf(net.remove("routeTable", table))).to.include("DependencyViolation");
      await net.remove("association", made);
      await net.remove("routeTable", table);
    });

    it("of a VPC's default table belong to that VPC", async () => {
      const id = net.vpc.outputs["defaultRouteTableId"];
      const adopted = await net.create("defaultRouteTable", { defaultRouteTableId: id, routes: [] });
      expect(adopted.outputs["vpcId"]).to.equal(net.vpc.id);
      expect(await net.refused("defaultRouteTable", { defaultRouteTableId: "rtb-00000000" })).to.include(
        "no VPC",
      );
    });
  });
});
