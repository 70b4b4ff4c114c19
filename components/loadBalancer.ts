import * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";
import type { LoadBalancerPlan } from "../stacks/plan";

export interface LoadBalancerArgs {
  readonly plan: LoadBalancerPlan;
  readonly vpcId: pulumi.Input<string>;
  /** Public subnets in at least two zones. */
  readonly subnetIds: pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  readonly deletionProtection: boolean;
}

/** Ports on which the load balancer listens: 80, and 443 when there is a certificate. */
export function listenerPorts(plan: LoadBalancerPlan): readonly number[] {
  return plan.certificateArn ? [80, 443] : [80];
}

/** The internet-facing load balancer with the sticky target group of the tasks. */
export class LoadBalancer extends pulumi.ComponentResource {
  /** Host name that AWS gave the load balancer. */
  readonly dnsName: pulumi.Output<string>;
  /** Address for users: the domain if there is one, else the load balancer's own name. */
  readonly url: pulumi.Output<string>;
  readonly targetGroupArn: pulumi.Output<string>;
  /** `app/<load balancer>/<id>/targetgroup/<target group>/<id>`, as request-count scaling wants it. */
  readonly resourceLabel: pulumi.Output<string>;
  /** The listeners; a service can only be created once its target group has one. */
  readonly listeners: readonly lb.Listener[];

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:compute:LoadBalancer", name, {}, opts);
    const { plan } = args;

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
    this.listeners = this.listen(name, plan.certificateArn, loadBalancer, targetGroup);

    this.dnsName = loadBalancer.dnsName;
    this.url = plan.domain
      ? pulumi.output(`https://${plan.domain}`)
      : pulumi.interpolate`${plan.certificateArn ? "https" : "http"}://${loadBalancer.dnsName}`;
    this.targetGroupArn = targetGroup.arn;
    this.resourceLabel = pulumi.interpolate`${loadBalancer.arnSuffix}/${targetGroup.arnSuffix}`;
    this.registerOutputs({ dnsName: this.dnsName, url: this.url });
  }

  private listen(
    name: string,
    certificateArn: string | undefined,
    loadBalancer: lb.LoadBalancer,
    targetGroup: lb.TargetGroup,
  ): lb.Listener[] {
    const forward = { type: "forward", targetGroupArn: targetGroup.arn };
    const redirect = {
      type: "redirect",
      redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
    };
    const http = new lb.Listener(
      `${name}-http`,
      {
        loadBalancerArn: loadBalancer.arn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [certificateArn ? redirect : forward],
      },
      { parent: this },
    );
    if (!certificateArn) return [http];
    const https = new lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn: loadBalancer.arn,
        port: 443,
        protocol: "HTTPS",
        certificateArn,
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        defaultActions: [forward],
      },
      { parent: this },
    );
    return [http, https];
  }
}
