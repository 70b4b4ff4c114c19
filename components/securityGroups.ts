import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";

/** Which tiers there are, and who may reach the first. */
export interface SecurityGroupsArgs {
  /** VPC of all tiers. */
  readonly vpcId: pulumi.Input<string>;
  /** IPv4 networks that may reach the load balancer. */
  readonly allowedCidrs: readonly string[];
  /** Whether there is an RDS Proxy between tasks and database. */
  readonly databaseProxy: boolean;
}

type Member = "loadBalancer" | "tasks" | "indexBuild" | "databaseProxy" | "database" | "cache";

const descriptions: Readonly<Record<Member, { suffix: string; description: string }>> = {
  loadBalancer: { suffix: "alb", description: "Load balancer: the only group that accepts the internet" },
  tasks: { suffix: "tasks", description: "ChatPop tasks" },
  indexBuild: { suffix: "indexes", description: "Function that builds the indexes" },
  databaseProxy: { suffix: "proxy", description: "RDS Proxy" },
  database: { suffix: "db", description: "PostgreSQL primary and replicas" },
  cache: { suffix: "redis", description: "Redis or Valkey" },
};

/** One security group for each tier, and rules from group to group: nothing but the load balancer accepts the internet. */
export class SecurityGroups extends pulumi.ComponentResource {
  /** Lets `allowedCidrs` in on ports 80 and 443. */
  readonly loadBalancer: pulumi.Output<string>;
  /** Lets the load balancer in on port 9000. */
  readonly tasks: pulumi.Output<string>;
  /** Lets nobody in. */
  readonly indexBuild: pulumi.Output<string>;
  /** Lets tasks, index build and proxy in on port 5432. */
  readonly database: pulumi.Output<string>;
  /** Lets tasks in on port 6379. */
  readonly cache: pulumi.Output<string>;
  /** Undefined when there is no proxy. */
  readonly databaseProxy?: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    args: SecurityGroupsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("chatpop:network:SecurityGroups", name, {}, opts);
    const group = (member: Member) => this.group(member, args.vpcId);
    this.loadBalancer = group("loadBalancer");
    this.tasks = group("tasks");
    this.indexBuild = group("indexBuild");
    this.database = group("database");
    this.cache = group("cache");
    if (args.databaseProxy) this.databaseProxy = group("databaseProxy");

    // Both at any time (G-52): a certificate that comes later finds its port open.
    for (const port of [80, 443]) {
      args.allowedCidrs.forEach((cidr) => this.internetIngress(port, cidr));
    }
    this.allow("loadBalancer", "tasks", application.port);
    this.allow("tasks", "cache", application.cachePort);
    // Replicas and migrations are reached directly, whether there is a proxy or not.
    this.allow("tasks", "database", application.databasePort);
    this.allow("indexBuild", "database", application.databasePort);
    if (args.databaseProxy) {
      this.allow("tasks", "databaseProxy", application.databasePort);
      this.allow("databaseProxy", "database", application.databasePort);
    }
    // Images, secrets, logs and the services that ChatPop calls, all over TLS.
    new vpc.SecurityGroupEgressRule(
      `${name}-tasks-to-internet-443`,
      {
        securityGroupId: this.tasks,
        description: "HTTPS to AWS and to other services",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: "0.0.0.0/0",
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  private group(member: Member, vpcId: pulumi.Input<string>): pulumi.Output<string> {
    const { suffix, description } = descriptions[member];
    const name = `${this.name}-${suffix}`;
    return new ec2.SecurityGroup(name, { vpcId, description, tags: { Name: name } }, { parent: this }).id;
  }

  /** Named by what it allows: named by its place in the list, removing one network would change the next into its double. */
  private internetIngress(port: number, cidr: string): void {
    new vpc.SecurityGroupIngressRule(
      `${this.name}-internet-to-alb-${port}-${cidr.replace(/[./]/g, "-")}`,
      {
        securityGroupId: this.loadBalancer,
        description: `Port ${port} from ${cidr}`,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4: cidr,
      },
      { parent: this },
    );
  }

  /** Both ends of a connection between two tiers: out of the one and into the other. */
  private allow(from: Member, to: Member, port: number): void {
    const source = this[from];
    const target = this[to];
    if (!source || !target) return;
    const name = `${this.name}-${descriptions[from].suffix}-to-${descriptions[to].suffix}`;
    const range = { ipProtocol: "tcp", fromPort: port, toPort: port };
    new vpc.SecurityGroupEgressRule(
      name,
      {
        ...range,
        securityGroupId: source,
        referencedSecurityGroupId: target,
        description: `To ${descriptions[to].description}`,
      },
      { parent: this },
    );
    new vpc.SecurityGroupIngressRule(
      name,
      {
        ...range,
        securityGroupId: target,
        referencedSecurityGroupId: source,
        description: `From ${descriptions[from].description}`,
      },
      { parent: this },
    );
  }
}
