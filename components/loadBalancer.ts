import * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";
import type { LoadBalancerPlan } from "../stacks/plan/loadBalancer";

/** Settings of the load balancer, and its place in the VPC. */
export interface LoadBalancerArgs {
  /** Time-outs, stickiness and health check. */
  readonly plan: LoadBalancerPlan;
  /** VPC of the tasks' addresses. Another one replaces the target group. */
  readonly vpcId: pulumi.Input<string>;
  /** Public subnets in at least two zones. */
  readonly subnetIds: pulumi.Input<string>[];
  /** The only security group that admits the internet. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Makes AWS refuse to delete the load balancer. */
  readonly deletionProtection: boolean;
  /** Bucket that the load balancer may write its access logs to. @default no access logs */
  readonly accessLogsBucket?: pulumi.Input<string>;
  /** Host name that users open. @default the load balancer's own */
  readonly domain?: string;
}

/** The one internet-facing load balancer (G-13, G-50, G-191) with the sticky target group of the tasks (G-5, G-154, G-190). */
export class LoadBalancer extends pulumi.ComponentResource {
  /** Host name that AWS gave the load balancer. */
  readonly dnsName: pulumi.Output<string>;
  /** Address for users: the domain if there is one, else the load balancer's own name. */
  readonly url: pulumi.Output<string>;
  /** ARN of the target group, for the service. */
  readonly targetGroupArn: pulumi.Output<string>;
  /** `app/<name>/<id>`, as CloudWatch names it. */
  readonly arnSuffix: pulumi.Output<string>;
  /** `targetgroup/<name>/<id>`, as CloudWatch names it. */
  readonly targetGroupArnSuffix: pulumi.Output<string>;
  /** Hosted zone of `dnsName`, for alias records. */
  readonly zoneId: pulumi.Output<string>;
  /** ARN of the load balancer, for the web firewall. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:compute:LoadBalancer", name, {}, opts);
    const { plan, domain } = args;

    const loadBalancer = new lb.LoadBalancer(
      `${name}-alb`,
      {
        loadBalancerType: "application",
        internal: false,
        subnets: args.subnetIds,
        securityGroups: [args.securityGroupId],
        idleTimeout: plan.idleTimeout,
        dropInvalidHeaderFields: true,
        xffHeaderProcessingMode: "append",
        enableDeletionProtection: args.deletionProtection,
        ...(args.accessLogsBucket && { accessLogs: { bucket: args.accessLogsBucket, enabled: true } }),
      },
      { parent: this },
    );
    const targetGroup = new lb.TargetGroup(
      `${name}-tg`,
      {
        vpcId: args.vpcId,
        targetType: "ip",
        protocol: "HTTP",
        port: application.port,
        deregistrationDelay: plan.deregistrationDelay,
        slowStart: plan.slowStart,
        stickiness: {
          enabled: true,
          type: plan.stickiness.type,
          cookieDuration: plan.stickiness.duration,
          cookieName: plan.stickiness.type === "app_cookie" ? plan.stickiness.cookieName : undefined,
        },
        healthCheck: { ...plan.healthCheck, enabled: true, protocol: "HTTP", port: "traffic-port" },
      },
      { parent: this },
    );

    this.arn = loadBalancer.arn;
    this.dnsName = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.url = domain
      ? pulumi.output(`https://${domain}`)
      : loadBalancer.dnsName.apply(
          // In a targeted update without the load balancer, its name is undefined.
          (host: string | undefined) => (host === undefined ? "" : `http://${host}`),
        );
    this.targetGroupArn = targetGroup.arn;
    this.arnSuffix = loadBalancer.arnSuffix;
    this.targetGroupArnSuffix = targetGroup.arnSuffix;
    this.registerOutputs({ dnsName: this.dnsName, url: this.url });
  }
}
