import { expect } from "chai";
import type { Properties } from "../../../offline/models/model";
import type { Cloud, Created } from "../provider/harness";
import { openCloud, refusalOf } from "../provider/harness";

const types = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  internetGateway: "aws:ec2/internetGateway:InternetGateway",
  natGateway: "aws:ec2/natGateway:NatGateway",
  eip: "aws:ec2/eip:Eip",
  routeTable: "aws:ec2/routeTable:RouteTable",
  route: "aws:ec2/route:Route",
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  defaultSecurityGroup: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  defaultRouteTable: "aws:ec2/defaultRouteTable:DefaultRouteTable",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  flowLog: "aws:ec2/flowLog:FlowLog",
};

describe("EC2 networking", () => {
  let cloud: Cloud;
  let vpc: Created;
  let count = 0;
  const create = (kind: keyof typeof types, inputs: Properties) =>
    cloud.create(types[kind], `r${(count += 1)}`, inputs);
  const refused = (kind: keyof typeof types, inputs: Properties) => refusalOf(create(kind, inputs));
  const remove = (kind: keyof typeof types, resource: Created) => cloud.delete(types[kind], "r", resource);
  const makeSubnet = (cidrBlock: string, more: Properties = {}) =>
    create("subnet", { vpcId: vpc.id, cidrBlock, ...more });

  beforeEach(async () => {
    cloud = await openCloud();
    vpc = await create("vpc", { cidrBlock: "10.0.0.0/16" });
  });
  afterEach(() => cloud.close());

  describe("VPCs and subnets", () => {
    it("gives ids and ARNs as AWS does", () => {
      expect(vpc.id).to.match(/^vpc-[0-9a-f]{17}$/);
      expect(vpc.outputs["arn"]).to.equal(`arn:aws:ec2:us-east-1:123456789012:vpc/${vpc.id}`);
      expect(vpc.outputs["mainRouteTableId"]).to.equal(vpc.outputs["defaultRouteTableId"]);
    });

    it("stops at five VPCs a region", async () => {
      for (let made = 1; made < 5; made++) await create("vpc", { cidrBlock: "10.0.0.0/16" });
      expect(await refused("vpc", { cidrBlock: "10.0.0.0/16" })).to.include("VpcLimitExceeded");
      expect((await create("vpc", { cidrBlock: "10.0.0.0/16", region: "eu-west-1" })).id).to.match(/^vpc-/);
    });

    it("refuses blocks of a size that AWS does not have", async () => {
      expect(await refused("vpc", { cidrBlock: "10.0.0.0/8" })).to.include("InvalidVpc.Range");
      expect(await refused("vpc", { cidrBlock: "10.0.0.300/24" })).to.include("IPv4 CIDR block");
    });

    it("keeps subnets inside their VPC and apart from each other", async () => {
      await makeSubnet("10.0.0.0/24");
      expect(await refusalOf(makeSubnet("10.1.0.0/24"))).to.include("InvalidSubnet.Range");
      expect(await refusalOf(makeSubnet("10.0.0.128/25"))).to.include("InvalidSubnet.Conflict");
      expect((await makeSubnet("10.0.1.0/24")).outputs["vpcId"]).to.equal(vpc.id);
      const other = await create("vpc", { cidrBlock: "10.0.0.0/16" });
      expect((await create("subnet", { vpcId: other.id, cidrBlock: "10.0.0.0/24" })).id).to.match(/^subnet-/);
    });

    it("knows the zones of its region", async () => {
      expect(await refusalOf(makeSubnet("10.0.0.0/24", { availabilityZone: "eu-west-1a" }))).to.include(
        "us-east-1a, us-east-1b",
      );
      const home = await makeSubnet("10.0.0.0/24", { availabilityZone: "us-east-1b" });
      expect(home.outputs["availabilityZoneId"]).to.equal("use1-az2");
    });
  });

  describe("gateways", () => {
    it("attaches one internet gateway a VPC", async () => {
      await create("internetGateway", { vpcId: vpc.id });
      expect(await refused("internetGateway", { vpcId: vpc.id })).to.include(
        "already has an internet gateway",
      );
    });

    it("needs an attached internet gateway and a free address for a NAT gateway", async () => {
      const home = await makeSubnet("10.0.0.0/24");
      const address = await create("eip", { domain: "vpc" });
      const inputs = { subnetId: home.id, allocationId: address.id };
      expect(await refused("natGateway", inputs)).to.include("Gateway.NotAttached");
      const gateway = await create("internetGateway", { vpcId: vpc.id });
      const nat = await create("natGateway", inputs);
      expect(nat.outputs).to.include({ publicIp: address.outputs["publicIp"], vpcId: vpc.id });
      expect(nat.outputs["privateIp"]).to.match(/^10\.0\.0\.\d+$/);
      expect(await refused("natGateway", inputs)).to.include("Resource.AlreadyAssociated");
      expect(await refusalOf(remove("eip", address))).to.include("InvalidIPAddress.InUse");
      expect(await refusalOf(remove("internetGateway", gateway))).to.include("mapped public address");
      await remove("natGateway", nat);
      await remove("internetGateway", gateway);
      await remove("eip", address);
    });

    it("refuses a public NAT gateway without an address, and a private one with", async () => {
      expect(await refused("natGateway", { subnetId: "subnet-00000000" })).to.include(
        "needs an allocationId",
      );
      const both = {
        subnetId: "subnet-00000000",
        connectivityType: "private",
        allocationId: "eipalloc-00000000",
      };
      expect(await refused("natGateway", both)).to.include("takes no allocationId");
    });

    it("stops at five addresses a region", async () => {
      for (let made = 0; made < 5; made++) await create("eip", {});
      expect(await refused("eip", {})).to.include("AddressLimitExceeded");
    });
  });

  describe("routes", () => {
    let table: Created;
    beforeEach(async () => {
      table = await create("routeTable", { vpcId: vpc.id });
    });

    it("lead one way: one destination, one target, once a table", async () => {
      const gateway = await create("internetGateway", { vpcId: vpc.id });
      const out = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id };
      const made = await create("route", out);
      expect(made.id).to.equal(`r-${table.id}1080289494`);
      expect(await refused("route", out)).to.include("RouteAlreadyExists");
      expect(await refused("route", { ...out, natGatewayId: "nat-00000000" })).to.include("exactly one of");
      expect(await refused("route", { routeTableId: table.id, gatewayId: gateway.id })).to.include(
        "got none",
      );
    });

    it("lead to gateways of their own VPC that exist", async () => {
      const out = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0" };
      expect(await refused("route", { ...out, gatewayId: "igw-00000000" })).to.include(
        "InvalidGatewayID.NotFound",
      );
      expect(await refused("route", { ...out, natGatewayId: "nat-00000000" })).to.include(
        "InvalidNatGatewayID.NotFound",
      );
      const other = await create("vpc", { cidrBlock: "10.1.0.0/16" });
      const foreign = await create("internetGateway", { vpcId: other.id });
      expect(await refused("route", { ...out, gatewayId: foreign.id })).to.include("different networks");
    });

    it("are followed by each subnet through one table of its VPC", async () => {
      const home = await makeSubnet("10.0.0.0/24");
      const made = await create("association", { routeTableId: table.id, subnetId: home.id });
      expect(await refused("association", { routeTableId: table.id, subnetId: home.id })).to.include(
        "Resource.AlreadyAssociated",
      );
      const other = await create("vpc", { cidrBlock: "10.1.0.0/16" });
      const foreign = await create("subnet", { vpcId: other.id, cidrBlock: "10.1.0.0/24" });
      expect(await refused("association", { routeTableId: table.id, subnetId: foreign.id })).to.include(
        "different networks",
      );
      expect(await refusalOf(remove("routeTable", table))).to.include("DependencyViolation");
      await remove("association", made);
      await remove("routeTable", table);
    });

    it("of a VPC's default table belong to that VPC", async () => {
      const id = vpc.outputs["defaultRouteTableId"];
      const adopted = await create("defaultRouteTable", { defaultRouteTableId: id, routes: [] });
      expect(adopted.outputs["vpcId"]).to.equal(vpc.id);
      expect(await refused("defaultRouteTable", { defaultRouteTableId: "rtb-00000000" })).to.include(
        "no VPC",
      );
    });
  });

  describe("security groups", () => {
    let group: Created;
    beforeEach(async () => {
      group = await create("securityGroup", { vpcId: vpc.id });
    });
    const rule = (more: Properties): Properties => ({
      securityGroupId: group.id,
      ipProtocol: "tcp",
      fromPort: 80,
      toPort: 80,
      ...more,
    });

    it("refuse a rule that is there already, and take it from another source", async () => {
      await create("ingress", rule({ cidrIpv4: "10.0.0.0/8" }));
      expect(await refused("ingress", rule({ cidrIpv4: "10.0.0.0/8" }))).to.include(
        "InvalidPermission.Duplicate",
      );
      expect((await create("ingress", rule({ cidrIpv4: "10.0.0.0/16" }))).id).to.match(/^sgr-/);
    });

    it("take one source a rule", async () => {
      expect(await refused("ingress", rule({})))
        .to.include("exactly one of")
        .and.to.include("got none");
      const two = rule({ cidrIpv4: "10.0.0.0/8", cidrIpv6: "::/0" });
      expect(await refused("ingress", two)).to.include("got cidrIpv4, cidrIpv6");
    });

    it("want ports that fit the protocol", async () => {
      const from = { cidrIpv4: "10.0.0.0/8" };
      expect(await refused("ingress", rule({ ...from, fromPort: 443 }))).to.include("port range (443, 80)");
      expect(await refused("ingress", { ...rule(from), toPort: undefined })).to.include(
        "both fromPort and toPort",
      );
      expect(await refused("ingress", rule({ ...from, ipProtocol: "-1" }))).to.include("covers all ports");
      expect(await refused("ingress", rule({ ...from, ipProtocol: "http" }))).to.include("is not a protocol");
    });

    it("want the id of a group, not its ARN", async () => {
      const inputs = rule({ referencedSecurityGroupId: group.outputs["arn"] });
      expect(await refused("ingress", inputs)).to.include("is not the id of a security group");
    });

    it("name groups of the same VPC only, and cannot go while another group's rule names them", async () => {
      const other = await create("vpc", { cidrBlock: "10.1.0.0/16" });
      const foreign = await create("securityGroup", { vpcId: other.id });
      expect(await refused("ingress", rule({ referencedSecurityGroupId: foreign.id }))).to.include(
        "different networks",
      );
      const source = await create("securityGroup", { vpcId: vpc.id });
      const made = await create("ingress", rule({ referencedSecurityGroupId: source.id }));
      expect(await refusalOf(remove("securityGroup", source))).to.include(made.id);
      await remove("ingress", made);
      await remove("securityGroup", source);
    });

    it("have names of their own within a VPC", async () => {
      await create("securityGroup", { vpcId: vpc.id, name: "web" });
      expect(await refused("securityGroup", { vpcId: vpc.id, name: "web" })).to.include(
        "InvalidGroup.Duplicate",
      );
      const other = await create("vpc", { cidrBlock: "10.1.0.0/16" });
      expect((await create("securityGroup", { vpcId: other.id, name: "web" })).id).to.match(/^sg-/);
      expect(await refused("securityGroup", { vpcId: vpc.id, name: "sg-web" })).to.include(
        "not beginning with sg-",
      );
      expect(await refused("securityGroup", { name: "x" })).to.include("VPCIdNotSpecified");
    });

    it("adopt and forget a VPC's default group without standing in the VPC's way", async () => {
      const adopted = await create("defaultSecurityGroup", { vpcId: vpc.id, ingress: [], egress: [] });
      expect(adopted.id).to.equal(vpc.outputs["defaultSecurityGroupId"]);
      await remove("securityGroup", group);
      await remove("vpc", vpc);
    });
  });

  describe("endpoints and flow logs", () => {
    const s3 = { serviceName: "com.amazonaws.us-east-1.s3" };

    it("offer the services of their region", async () => {
      expect((await create("endpoint", { vpcId: vpc.id, ...s3 })).outputs["prefixListId"]).to.match(/^pl-/);
      for (const serviceName of ["com.amazonaws.eu-west-1.s3", "com.amazonaws.us-east-1.s4"]) {
        expect(await refused("endpoint", { vpcId: vpc.id, serviceName })).to.include("InvalidServiceName");
      }
    });

    it("take what fits their type", async () => {
      expect(await refused("endpoint", { vpcId: vpc.id, ...s3, subnetIds: [] })).to.include("type Gateway");
      const inputs = { vpcId: vpc.id, ...s3, vpcEndpointType: "Interface", routeTableIds: [] };
      expect(await refused("endpoint", inputs)).to.include("type Interface");
    });

    it("need a VPC with DNS for a private name, give it once, and stand once in a zone", async () => {
      const home = await makeSubnet("10.0.0.0/24", { availabilityZone: "us-east-1a" });
      const logs = {
        vpcId: vpc.id,
        serviceName: "com.amazonaws.us-east-1.logs",
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: [home.id],
      };
      expect(await refused("endpoint", logs)).to.include("enableDnsHostnames");
      await cloud.update(types.vpc, "net", vpc, { ...vpc.inputs, enableDnsHostnames: true });
      const made = await create("endpoint", logs);
      expect(made.outputs["networkInterfaceIds"]).to.have.length(1);
      expect(await refused("endpoint", logs)).to.include("private-dns-enabled cannot be set");
      const twin = await makeSubnet("10.0.1.0/24", { availabilityZone: "us-east-1a" });
      const crowded = { ...logs, privateDnsEnabled: false, subnetIds: [home.id, twin.id] };
      expect(await refused("endpoint", crowded)).to.include("DuplicateSubnetsInSameZone");
    });

    it("want a role to write flow logs with", async () => {
      expect(await refused("flowLog", { vpcId: vpc.id, trafficType: "ALL" })).to.include(
        "DeliverLogsPermissionArn",
      );
      const inputs = { trafficType: "ALL", logDestinationType: "s3", logDestination: "arn:aws:s3:::logs" };
      expect(await refused("flowLog", inputs)).to.include("exactly one of eniId, subnetId, vpcId");
      expect((await create("flowLog", { ...inputs, vpcId: vpc.id })).id).to.match(/^fl-/);
    });
  });
});
