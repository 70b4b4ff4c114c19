import * as wafv2 from "@pulumi/aws/wafv2";
import * as pulumi from "@pulumi/pulumi";
import type { RuleGroup, WebFirewallPlan } from "../stacks/plan/webFirewall";

/** What is refused, and before which load balancer. */
export interface WebFirewallArgs {
  /** Limit for one address, and AWS's rule groups. */
  readonly plan: WebFirewallPlan;
  /** A load balancer has one web ACL at most. */
  readonly loadBalancerArn: pulumi.Input<string>;
}

/** AWS WAF before the load balancer. It sees how a socket is opened, and nothing of what goes over it. */
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
        // CloudWatch tells web ACLs apart by this name, and stacks share an account.
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
  // Samples would show the tokens that stand in the addresses of sockets.
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
