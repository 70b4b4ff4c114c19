import * as ec2 from "@pulumi/aws/ec2";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { inThisStack } from "../stacks/settings/inThisStack";
import type { NetworkPlan } from "../stacks/plan/network";

/** The VPC with public and private subnets in every zone, and the ways out of it. */
export class Network extends pulumi.ComponentResource {
  /** For security groups, target group and flow logs. */
  readonly vpcId: pulumi.Output<string>;
  /** One public subnet for each zone: load balancer, NAT gateways. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  /** One private subnet for each zone: database, cache, proxy. */
  readonly privateSubnetIds: pulumi.Output<string>[];
  /** NAT gateways in the order of the zones; empty when tasks have public addresses. */
  readonly natGatewayIds: readonly pulumi.Output<string>[];
  /** The subnets of the tasks. */
  readonly taskSubnetIds: pulumi.Output<string>[];

  constructor(name: string, plan: NetworkPlan, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:network:Network", name, {}, opts);
    const zoneNames = getAvailabilityZonesOutput(
      {
        state: "available",
        // Local and Wavelength Zones are left out: they lack RDS and some load balancer features.
        filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
        // Zones are excluded by id, since letters differ by account: the oldest zones lack RDS Proxy and current
        // instance classes.
        excludeZoneIds: ["use1-az3", "usw1-az2", "cac1-az3"],
      },
      { parent: this },
    ).names;

    const vpc = new ec2.Vpc(
      name,
      { cidrBlock: plan.vpcCidr, enableDnsSupport: true, enableDnsHostnames: true, tags: { Name: name } },
      { parent: this },
    );
    // The default group has no rules, so that an accidental use admits nothing.
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
            // The list of zones is fixed at creation: a zone that is unavailable today would shift the others and
            // replace every subnet.
            { parent: this, ignoreChanges: ["availabilityZone"] },
          ),
      );
    const publicSubnets = subnets("public");
    const privateSubnets = subnets("private");

    const publicTier = this.routePublicSubnets(name, vpc, publicSubnets);
    const gateways = this.natGateways(name, plan.natGateways, publicTier);
    const privateTier = this.routePrivateSubnets(name, gateways, vpc, privateSubnets);

    // Image layers come from S3: free through this endpoint, charged per GB through a NAT gateway.
    new ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        vpcEndpointType: "Gateway",
        serviceName: pulumi.interpolate`com.amazonaws.${getRegionOutput({}, { parent: this }).region}.s3`,
        routeTableIds: [...publicTier.tables, ...privateTier.tables].map((table) => table.id),
        tags: { Name: `${name}-s3` },
      },
      { parent: this },
    );

    this.vpcId = vpc.id;
    this.natGatewayIds = gateways.map((gateway) => gateway.id);
    this.publicSubnetIds = publicTier.subnetIds;
    this.privateSubnetIds = privateSubnets.map((subnet) => subnet.id);
    this.taskSubnetIds = plan.tasksArePublic ? publicTier.subnetIds : privateTier.subnetIds;
    this.registerOutputs({ vpcId: this.vpcId });
  }

  private routePublicSubnets(name: string, vpc: ec2.Vpc, subnets: ec2.Subnet[]): Tier {
    const gateway = new ec2.InternetGateway(name, { vpcId: vpc.id, tags: { Name: name } }, { parent: this });
    const table = this.routeTable(`${name}-public`, vpc);
    const internet = new ec2.Route(
      `${name}-public-internet`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      { parent: this },
    );
    const associations = subnets.map((subnet, index) =>
      this.associate(`${name}-public-${index + 1}`, subnet, table),
    );
    return {
      tables: [table],
      subnetIds: subnets.map((subnet, index) => onceReady(subnet, associations[index], internet)),
    };
  }

  private natGateways(name: string, count: number, publicTier: Tier): ec2.NatGateway[] {
    return publicTier.subnetIds.slice(0, count).map((subnetId, index) => {
      const gatewayName = `${name}-nat-${index + 1}`;
      const tags = { Name: gatewayName };
      const address = new ec2.Eip(gatewayName, { domain: "vpc", tags }, { parent: this });
      return new ec2.NatGateway(gatewayName, { allocationId: address.id, subnetId, tags }, { parent: this });
    });
  }

  /** One route table for each private subnet, so that another number of NAT gateways changes routes, not tables. */
  private routePrivateSubnets(
    name: string,
    gateways: readonly ec2.NatGateway[],
    vpc: ec2.Vpc,
    subnets: ec2.Subnet[],
  ): Tier {
    const routed = subnets.map((subnet, index) => {
      const tableName = `${name}-private-${index + 1}`;
      const table = this.routeTable(tableName, vpc);
      const gateway = gateways[index % Math.max(gateways.length, 1)];
      const internet =
        gateway &&
        new ec2.Route(
          `${tableName}-internet`,
          { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: gateway.id },
          { parent: this },
        );
      const association = this.associate(tableName, subnet, table);
      return { table, subnetId: onceReady(subnet, association, internet) };
    });
    return { tables: routed.map(({ table }) => table), subnetIds: routed.map(({ subnetId }) => subnetId) };
  }

  private routeTable(name: string, vpc: ec2.Vpc): ec2.RouteTable {
    return new ec2.RouteTable(name, { vpcId: vpc.id, tags: { Name: name } }, { parent: this });
  }

  private associate(name: string, subnet: ec2.Subnet, table: ec2.RouteTable): ec2.RouteTableAssociation {
    return new ec2.RouteTableAssociation(
      name,
      { subnetId: subnet.id, routeTableId: table.id },
      { parent: this },
    );
  }
}

/** The routed subnets of a tier. */
interface Tier {
  readonly tables: readonly ec2.RouteTable[];
  /** Ids, known only once the subnet has its route: a load balancer, NAT gateway or task would fail without it. */
  readonly subnetIds: pulumi.Output<string>[];
}

const onceReady = (subnet: ec2.Subnet, ...routing: (pulumi.CustomResource | undefined)[]) =>
  pulumi.all([subnet.id, ...routing.map((resource) => resource?.id)]).apply(([id]) => id as string);

function zoneName(names: readonly string[] | undefined, index: number): string {
  if (names === undefined) {
    throw new pulumi.RunError(
      "aws:index/getAvailabilityZones:getAvailabilityZones was answered without `names`. Let the `call` of setMocks return " +
        '{ names: ["us-east-1a", "us-east-1b"] } for it.',
    );
  }
  const name = names[index];
  if (name) return name;
  throw new pulumi.RunError(
    inThisStack(
      `chatpop:zones asks for ${index + 1} availability zones, but this region offers ${names.length} (${names.join(", ")}). ` +
        `Set it with: pulumi config set chatpop:zones ${names.length}`,
    ),
  );
}
