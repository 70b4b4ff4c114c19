import * as wafv2 from "@pulumi/aws/wafv2";
import * as pulumi from "@pulumi/pulumi";
import type { RuleGroup, WebFirewallPlan } from "../stacks/plan/webFirewall";

/** The rules, and the load balancer that they protect. */
export interface WebFirewallArgs {
  /** Request limit for each address, and AWS's rule groups. */
  readonly plan: WebFirewallPlan;
  /** ARN of the load balancer, which can have one web ACL only. */
  readonly loadBalancerArn: pulumi.Input<string>;
}

/** AWS WAF before the load balancer. It sees the handshake of a socket, not its messages. */
export class WebFirewall extends pulumi.ComponentResource {
  constructor(name: string, args: WebFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:network:WebFirewall", name, {}, opts);
    const { plan } = args;

    const rules = [limitPerAddress(plan), ...plan.ruleGroups.map(managedGroup)];
    const acl = new wafv2.WebAcl(
      `${name}-firewall`,
      {
        scope: "REGIONAL",
        description: "Requests to ChatPop",
        defaultAction: { allow: {} },
        rules: rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: metric(rule.name) })),
        // The stack is part of the name: CloudWatch distinguishes web ACLs by it, and stacks may share an account.
        visibilityConfig: metric(`${name}-${pulumi.getStack()}`),
      },
      { parent: this },
    );
    new wafv2.WebAclAssociation(
      `${name}-firewall`,
      { resourceArn: args.loadBalancerArn, webAclArn: acl.arn },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

const metric = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  metricName,
  // No samples: they would show the tokens in the URLs of sockets.
  sampledRequestsEnabled: false,
});

const limitPerAddress = ({ requestsPerAddress, uncountedPath }: WebFirewallPlan) => ({
  name: "requests-per-address",
  action: { block: { customResponse: { responseCode: 429 } } },
  statement: {
    rateBasedStatement: {
      aggregateKeyType: "IP",
      evaluationWindowSec: 300,
      limit: requestsPerAddress,
      scopeDownStatement: {
        notStatement: {
          statement: {
            byteMatchStatement: {
              fieldToMatch: { uriPath: {} },
              positionalConstraint: "STARTS_WITH",
              searchString: uncountedPath,
              textTransformations: [{ priority: 0, type: "NONE" }],
            },
          },
        },
      },
    },
  },
});

const managedGroup = ({ name, counting }: RuleGroup) => ({
  name,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: "AWS",
      name,
      ruleActionOverrides: counting.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
});
