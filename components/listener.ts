import * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import type { LoadBalancer } from "./loadBalancer";

/** The load balancer, and the way that a request takes from its port. */
export interface ListenerArgs {
  /** Load balancer with the target group of the tasks. Another one replaces the listener. */
  readonly loadBalancer: LoadBalancer;
  /** Issued certificate of the host name that users open. @default plain HTTP */
  readonly certificateArn?: pulumi.Input<string>;
  /** Host name for a redirect to HTTPS. @default the tasks serve the request */
  readonly redirectTo?: string;
  /** Resources that must exist before users may enter this way. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** An entrance to the chat: the load balancer's port 80 for HTTP, or 443 for HTTPS (G-51, G-191). */
export class Listener extends pulumi.ComponentResource {
  /** ARN, for rules that send some of the paths elsewhere. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ListenerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:compute:Listener", name, {}, opts);
    const { loadBalancer, certificateArn, redirectTo } = args;
    const listener = new lb.Listener(
      name,
      {
        loadBalancerArn: loadBalancer.arn,
        ...(certificateArn ? { ...https, certificateArn } : http),
        defaultActions: [redirectTo ? redirect(redirectTo) : forward(loadBalancer.targetGroupArn)],
      },
      {
        parent: this,
        dependsOn: [...args.dependsOn],
        // Until 2027-05-31: listeners were children of the load balancer before 0.3.0.
        aliases: [{ parent: loadBalancer }],
      },
    );
    this.arn = listener.arn;
    this.registerOutputs({});
  }
}

const http = { protocol: "HTTP", port: 80 };
const https = {
  protocol: "HTTPS",
  port: 443,
  // AWS's recommended policy: TLS 1.3, and TLS 1.2 with forward secrecy and authenticated encryption only.
  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
};

const forward = (targetGroupArn: pulumi.Input<string>) => ({ type: "forward", targetGroupArn });

const redirect = (host: string) => ({
  type: "redirect",
  redirect: { host, protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
});
