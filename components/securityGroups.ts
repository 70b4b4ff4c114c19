import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";

/** The VPC, and the clients of the first tier. */
export interface SecurityGroupsArgs {
  /** VPC of all tiers. Another one replaces all groups. */
  readonly vpcId: pulumi.Input<string>;
  /** IPv4 networks that may reach the load balancer. */
  readonly allowedCidrs: readonly string[];
}

/** One security group for each tier, with rules from group to group: only the load balancer admits the internet. */
export class SecurityGroups extends pulumi.ComponentResource {
  /** Admits `allowedCidrs` on ports 80 and 443. */
  readonly loadBalancer: pulumi.Output<string>;
  /** Admits the load balancer on port 9000. */
  readonly tasks: pulumi.Output<string>;
  /** Admits nobody. */
  readonly indexBuild: pulumi.Output<string>;
  /** Admits tasks, index build and proxy on port 5432. */
  readonly database: pulumi.Output<string>;
  /** Admits tasks on port 6379. */
  readonly cache: pulumi.Output<string>;
  private readonly loadBalancerTier: Tier;
  private readonly tasksTier: Tier;
  private readonly databaseTier: Tier;

  constructor(
    private readonly name: string,
    private readonly args: SecurityGroupsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("chatpop:network:SecurityGroups", name, {}, opts);
    const tier = (suffix: string, description: string) => this.tier(suffix, description);
    const loadBalancer = tier("alb", "Load balancer: the only group that accepts the internet");
    const tasks = tier("tasks", "ChatPop tasks");
    const indexBuild = tier("indexes", "Function that builds the indexes");
    const database = tier("db", "PostgreSQL primary and replicas");
    const cache = tier("redis", "Redis or Valkey");

    // Both ports are always open (G-52), so that a later certificate needs no change here.
    for (const port of [80, 443]) {
      args.allowedCidrs.forEach((cidr) => this.internetIngress(loadBalancer, port, cidr));
    }
    this.allow(loadBalancer, tasks, application.port);
    this.allow(tasks, cache, application.cachePort);
    // Tasks reach replicas, and migrations the primary, directly even if there is a proxy.
    this.allow(tasks, database, application.databasePort);
    this.allow(indexBuild, database, application.databasePort);
    this.allowHttps(tasks);

    this.loadBalancerTier = loadBalancer;
    this.tasksTier = tasks;
    this.databaseTier = database;
    this.loadBalancer = loadBalancer.groupId;
    this.tasks = tasks.groupId;
    this.indexBuild = indexBuild.groupId;
    this.database = database.groupId;
    this.cache = cache.groupId;
    this.registerOutputs({});
  }

  /**
   * A tier between tasks and database, which speaks PostgreSQL with both.
   *
   * @param suffix End of the group's name: `proxy`.
   * @returns Id of its group.
   */
  beforeDatabase(suffix: string, description: string): pulumi.Output<string> {
    const tier = this.tier(suffix, description);
    this.allow(this.tasksTier, tier, application.databasePort);
    this.allow(tier, this.databaseTier, application.databasePort);
    return tier.groupId;
  }

  /**
   * A tier beside the tasks for another service of the load balancer, which may call out by HTTPS as they do.
   *
   * @param suffix End of the group's name: `frontend`.
   * @param port On which its tasks listen. Another one replaces both rules.
   * @returns Id of its group.
   */
  behindLoadBalancer(suffix: string, description: string, port: number): pulumi.Output<string> {
    const tier = this.tier(suffix, description);
    this.allow(this.loadBalancerTier, tier, port);
    this.allowHttps(tier);
    return tier.groupId;
  }

  private tier(suffix: string, description: string): Tier {
    const name = `${this.name}-${suffix}`;
    const { vpcId } = this.args;
    const group = new ec2.SecurityGroup(name, { vpcId, description, tags: { Name: name } }, { parent: this });
    return { suffix, description, groupId: group.id };
  }

  /**
   * The network is part of the name. With an index, removing one network would rename all later rules, and AWS refuses a rule
   * that already exists.
   */
  private internetIngress(tier: Tier, port: number, cidr: string): void {
    const name = `${this.name}-internet-to-${tier.suffix}-${port}-${cidr.replace(/[./]/g, "-")}`;
    new vpc.SecurityGroupIngressRule(
      name,
      {
        securityGroupId: tier.groupId,
        description: `Port ${port} from ${cidr}`,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4: cidr,
        tags: { Name: name },
      },
      { parent: this },
    );
  }

  /** Images, secrets, logs and the services that ChatPop calls all use TLS. */
  private allowHttps(tier: Tier): void {
    const name = `${this.name}-${tier.suffix}-to-internet-443`;
    new vpc.SecurityGroupEgressRule(
      name,
      {
        securityGroupId: tier.groupId,
        description: "HTTPS to AWS and to other services",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: "0.0.0.0/0",
        tags: { Name: name },
      },
      { parent: this },
    );
  }

  /** Both rules of a connection between two tiers: egress of the first, ingress of the second. */
  private allow(from: Tier, to: Tier, port: number): void {
    const name = `${this.name}-${from.suffix}-to-${to.suffix}`;
    const range = { ipProtocol: "tcp", fromPort: port, toPort: port };
    new vpc.SecurityGroupEgressRule(
      name,
      {
        ...range,
        securityGroupId: from.groupId,
        referencedSecurityGroupId: to.groupId,
        description: `To ${to.description}`,
        tags: { Name: `${name}-out` },
      },
      { parent: this },
    );
    new vpc.SecurityGroupIngressRule(
      name,
      {
        ...range,
        securityGroupId: to.groupId,
        referencedSecurityGroupId: from.groupId,
        description: `From ${from.description}`,
        tags: { Name: `${name}-in` },
      },
      { parent: this },
    );
  }
}

/** A tier of the stack with its security group. */
interface Tier {
  /** End of the group's name. */
  readonly suffix: string;
  readonly description: string;
  readonly groupId: pulumi.Output<string>;
}
