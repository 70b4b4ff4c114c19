import { application } from "../guide";

/** Rules of AWS WAF for requests before the load balancer. */
export interface WebFirewallPlan {
  /** Requests that one address may send in five minutes. */
  readonly requestsPerAddress: number;
  /**
   * Beginning of paths that do not count. Clients whose socket breaks come back every two seconds, and what is refused
   * counts as well: users behind one address would keep each other out for as long as they try.
   */
  readonly uncountedPath: string;
  /** Groups of AWS's own rules that refuse requests. */
  readonly ruleGroups: readonly RuleGroup[];
}

/** A group of rules that AWS writes and keeps up to date. */
export interface RuleGroup {
  /** AWS's name for the group. */
  readonly name: string;
  /** Its rules that only count. */
  readonly counting: readonly string[];
}

/** A limit of requests in five minutes for each address, and AWS's rule groups but for what they say of bodies. */
export function webFirewallPlan(requestsPerAddress: number): WebFirewallPlan {
  return {
    requestsPerAddress,
    uncountedPath: application.socketPath,
    // Bodies are free text, voice messages and photos in a chat: rules about them would refuse what it is made for.
    ruleGroups: [
      { name: "AWSManagedRulesAmazonIpReputationList", counting: [] },
      {
        name: "AWSManagedRulesKnownBadInputsRuleSet",
        counting: ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"],
      },
      {
        name: "AWSManagedRulesCommonRuleSet",
        counting: [
          "CrossSiteScripting_BODY",
          "EC2MetaDataSSRF_BODY",
          "GenericLFI_BODY",
          "GenericRFI_BODY",
          "SizeRestrictions_BODY",
        ],
      },
    ],
  };
}
