import { stackRule } from "../rule";
import { number } from "../settings";
import { types } from "../../aws/types";
import { asNumber, type Entries, type Finding, findingIn, type Properties } from "../values";

interface FirewallRule extends Properties {
  readonly name?: string;
  readonly action?: Properties;
  readonly overrideAction?: Properties;
  readonly statement?: { readonly rateBasedStatement?: { readonly limit?: number } };
}

/** Fault of a rule of the firewall: one that only counts lets everything pass. */
function ruleFault({ name = "", action, overrideAction, statement }: FirewallRule, fewest: number): Finding {
  const limit = statement?.rateBasedStatement?.limit;
  const counts = (limit === undefined ? overrideAction : action)?.["count"];
  if (counts !== undefined && counts !== null) return `only counts what ${name} finds (count)`;
  return (
    limit !== undefined &&
    asNumber(limit) < fewest &&
    `blocks an address after ${limit} requests, fewer than the ${fewest} of people behind one address`
  );
}

export const webFirewallGuards = stackRule(
  {
    name: "web-firewall-guards",
    description:
      "A firewall stands before the load balancer, blocks what it finds, and lets everybody else pass",
    severity: "high",
    requirements: ["GAP-22"],
    remedy:
      'scope "REGIONAL", defaultAction { allow: {} }, action { block: {} }, overrideAction { none: {} }, and an aws.wafv2.WebAclAssociation with the load balancer',
    settings: { fewest: number(100, "Fewest requests of one address that are too many.") },
  },
  function* (stack, { fewest }) {
    for (const firewall of stack.ofType(types.webAcl)) {
      const placed = stack.madeOf(firewall, types.webAclAssociation, "webAclArn");
      yield* stack.judge(
        firewall,
        () => placed.length === 0 && "stands before nothing: no association names it",
      );
      yield* stack.judge(
        firewall,
        () =>
          firewall.props["scope"] === "CLOUDFRONT" && "is one for CloudFront, before which the chat is not",
      );
      yield* stack.judge(firewall, () => {
        const { block } = (firewall.props["defaultAction"] ?? {}) as Properties;
        return (
          block !== undefined && block !== null && "blocks everybody whom no rule lets in (defaultAction)"
        );
      });
      yield* stack.judge(firewall, () =>
        findingIn(firewall.props["rules"] as Entries<FirewallRule>, (rule) => ruleFault(rule, fewest)),
      );
    }
  },
);
