import * as ec2 from "@pulumi/aws/ec2";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkPlan } from "../stacks/plan";

/** The VPC with public and private subnets in every zone, and the ways out of it. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** One public subnet for each zone: load balancer, NAT gateways. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  /** One private subnet for each zone: database, cache, proxy. */
  readonly privateSubnetIds: pulumi.Output<string>[];
  /** The subnets of the tasks. */
  readonly taskSubnetIds: pulumi.Output<string>[];

  constructor(name: string, plan: NetworkPlan, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:network:Network", name, {}, opts);
    const zoneNames = getAvailabilityZonesOutput(
      // Local and Wavelength Zones offer neither load balancers of this kind nor RDS.
      { state: "available", filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }] },
      { parent: this },
    ).names;

    const vpc = new ec2.Vpc(
      name,
      { cidrBlock: plan.vpcCidr, enableDnsSupport: true, enableDnsHostnames: true, tags: { Name: name } },
      { parent: this },
    );
    // Without rules nobody can use the default group by accident.
    new ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: { Name: `${name}-default-closed` } },
      { parent: this },
    );

    const subnets = (tier: "public" | "private") =>
      plan.zones.map(
        (zone, index) =>
          new ec2.Subnet(
            `${name}-${tier}-${index + 1}`,
            {
              vpcId: vpc.id,
              availabilityZone: zoneNames.apply((names) => zoneName(names, index)),
              cidrBlock: tier === "public" ? zone.publicCidr : zone.privateCidr,
              mapPublicIpOnLaunch: false,
              tags: { Name: `${name}-${tier}-${index + 1}` },
            },
            { parent: this },
          ),
      );
    const publicSubnets = subnets("public");
    const privateSubnets = subnets("private");

    const publicRoutes = this.routePublicSubnets(name, vpc, publicSubnets);
    const privateRoutes = this.routePrivateSubnets(
      name,
      plan.natGateways,
      vpc,
      publicSubnets,
      privateSubnets,
    );

    // Image layers come from S3: free by this endpoint, charged by the gigabyte through a NAT gateway.
    new ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        vpcEndpointType: "Gateway",
        serviceName: pulumi.interpolate`com.amazonaws.${getRegionOutput({}, { parent: this }).region}.s3`,
        routeTableIds: [publicRoutes, ...privateRoutes].map((table) => table.id),
        tags: { Name: `${name}-s3` },
      },
      { parent: this },
    );

    this.vpcId = vpc.id;
    this.publicSubnetIds = publicSubnets.map((subnet) => subnet.id);
    this.privateSubnetIds = privateSubnets.map((subnet) => subnet.id);
    this.taskSubnetIds = plan.tasksArePublic ? this.publicSubnetIds : this.privateSubnetIds;
    this.registerOutputs({ vpcId: this.vpcId });
  }

  private routePublicSubnets(name: string, vpc: ec2.Vpc, subnets: ec2.Subnet[]): ec2.RouteTable {
    const gateway = new ec2.InternetGateway(name, { vpcId: vpc.id, tags: { Name: name } }, { parent: this });
    const table = this.routeTable(`${name}-public`, vpc);
    new ec2.Route(
      `${name}-public-internet`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      { parent: this },
    );
    subnets.forEach((subnet, index) => this.associate(`${name}-public-${index + 1}`, subnet, table));
    return table;
  }

  /** Every private subnet has a table of its own, so that another number of NAT gateways changes routes, not tables. */
  private routePrivateSubnets(
    name: string,
    natGateways: number,
    vpc: ec2.Vpc,
    publicSubnets: ec2.Subnet[],
    privateSubnets: ec2.Subnet[],
  ): ec2.RouteTable[] {
    const gateways = publicSubnets.slice(0, natGateways).map((subnet, index) => {
      const gatewayName = `${name}-nat-${index + 1}`;
      const address = new ec2.Eip(
        gatewayName,
        { domain: "vpc", tags: { Name: gatewayName } },
        { parent: this },
      );
      return new ec2.NatGateway(
        gatewayName,
        { allocationId: address.id, subnetId: subnet.id, tags: { Name: gatewayName } },
        { parent: this },
      );
    });
    return privateSubnets.map((subnet, index) => {
      const tableName = `${name}-private-${index + 1}`;
      const table = this.routeTable(tableName, vpc);
      const gateway = gateways[index % Math.max(gateways.length, 1)];
      if (gateway) {
        new ec2.Route(
          `${tableName}-internet`,
          { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: gateway.id },
          { parent: this },
        );
      }
      this.associate(tableName, subnet, table);
      return table;
    });
  }

  private routeTable(name: string, vpc: ec2.Vpc): ec2.RouteTable {
    return new ec2.RouteTable(name, { vpcId: vpc.id, tags: { Name: name } }, { parent: this });
  }

  private associate(name: string, subnet: ec2.Subnet, table: ec2.RouteTable): void {
    new ec2.RouteTableAssociation(name, { subnetId: subnet.id, routeTableId: table.id }, { parent: this });
  }
}

function zoneName(names: readonly string[], index: number): string {
  const name = names[index];
  if (name) return name;
  throw new pulumi.RunError(
    `chatpop:zones asks for ${index + 1} availability zones, but this region offers ${names.length} (${names.join(", ")}). ` +
      `Set it with: pulumi config set chatpop:zones ${names.length}`,
  );
}
