// AWS WAF: web ACLs, and their associations with load balancers.
import { z } from "zod";
import type { Model } from "./model";
import { refusal } from "./refusal";
import { arn, regional, taggable, text } from "./schema";

const aclType = "aws:wafv2/webAcl:WebAcl";

/** AWS's rule groups: the capacity of each, and its rules that a program may name. */
const managedGroups: Readonly<Record<string, { capacity: number; rules: RegExp }>> = {
  AWSManagedRulesAmazonIpReputationList: {
    capacity: 25,
    rules: /^AWSManaged(IPReputation|Reconnaissance|IPDDoS)List$/,
  },
  AWSManagedRulesKnownBadInputsRuleSet: {
    capacity: 200,
    rules:
      /^((JavaDeserialization|Log4J|ReactJS)RCE_(BODY|HEADER|QUERYSTRING|URIPATH)|Host_localhost_HEADER|PROPFIND_METHOD|ExploitablePaths_URIPATH)$/,
  },
  AWSManagedRulesCommonRuleSet: {
    capacity: 700,
    rules:
      /^(NoUserAgent_HEADER|UserAgent_BadBots_HEADER|SizeRestrictions_(QUERYSTRING|Cookie_HEADER|BODY|URIPATH)|(EC2MetaDataSSRF|CrossSiteScripting)_(BODY|COOKIE|URIPATH|QUERYARGUMENTS)|Generic[LR]FI_(QUERYARGUMENTS|URIPATH|BODY)|RestrictedExtensions_(URIPATH|QUERYARGUMENTS))$/,
  },
};

const nothing = z.strictObject({});
const visibilityConfig = z.strictObject({
  cloudwatchMetricsEnabled: z.boolean(),
  metricName: text(/^[\w#:./-]{1,128}$/, "a metric's name"),
  sampledRequestsEnabled: z.boolean(),
});
const block = z.strictObject({
  customResponse: z.strictObject({ responseCode: z.int().min(200).max(599) }).optional(),
});
const byteMatch = z.strictObject({
  fieldToMatch: z.strictObject({ uriPath: nothing }),
  positionalConstraint: z.enum(["EXACTLY", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "CONTAINS_WORD"]),
  searchString: z.string().min(1).max(200),
  textTransformations: z.array(z.strictObject({ priority: z.int().min(0), type: z.string() })).min(1),
});
const statement = z.strictObject({
  rateBasedStatement: z
    .strictObject({
      aggregateKeyType: z.enum(["IP", "FORWARDED_IP", "CUSTOM_KEYS", "CONSTANT"]),
      forwardedIpConfig: z
        .strictObject({
          fallbackBehavior: z.enum(["MATCH", "NO_MATCH"]),
          headerName: z.string().min(1).max(255),
        })
        .optional(),
      evaluationWindowSec: z.literal([60, 120, 300, 600]).optional(),
      limit: z.int().min(10).max(2_000_000_000),
      scopeDownStatement: z
        .strictObject({
          notStatement: z.strictObject({ statement: z.strictObject({ byteMatchStatement: byteMatch }) }),
        })
        .optional(),
    })
    .refine(
      ({ aggregateKeyType, forwardedIpConfig }) =>
        (aggregateKeyType === "FORWARDED_IP") === (forwardedIpConfig !== undefined),
      { error: "WAFInvalidParameterException: forwardedIpConfig and FORWARDED_IP go together" },
    )
    .optional(),
  managedRuleGroupStatement: z
    .strictObject({
      name: z.enum(Object.keys(managedGroups)),
      vendorName: z.literal("AWS"),
      ruleActionOverrides: z
        .array(z.strictObject({ name: z.string(), actionToUse: z.strictObject({ count: nothing }) }))
        .max(100)
        .optional(),
    })
    .optional(),
});

const rule = z
  .strictObject({
    name: text(/^[\w-]{1,128}$/, "a rule's name"),
    priority: z.int().min(0),
    action: z.strictObject({ block: block.optional(), count: nothing.optional() }).optional(),
    overrideAction: z.strictObject({ count: nothing.optional(), none: nothing.optional() }).optional(),
    statement,
    visibilityConfig,
  })
  .superRefine((given, context) => {
    const refuse = refusal(context);
    const group = given.statement.managedRuleGroupStatement;
    const known = managedGroups[group?.name ?? ""];
    if (Boolean(group) === Boolean(given.statement.rateBasedStatement))
      refuse("statement", "a rule has one statement");
    if (group && (given.action || !given.overrideAction))
      refuse("overrideAction", "a rule group takes overrideAction");
    if (!group && (given.overrideAction || !given.action)) refuse("action", "a rule takes action");
    for (const { name } of group?.ruleActionOverrides ?? []) {
      if (known && !known.rules.test(name)) refuse("statement", `${group?.name} has no rule ${name}`);
    }
  });

const aclInputs = taggable({
  defaultAction: z
    .strictObject({ allow: nothing.optional(), block: nothing.optional() })
    .refine(({ allow, block }) => (allow === undefined) !== (block === undefined), {
      error: "WAFInvalidParameterException: You must specify exactly one default action: allow or block",
    }),
  description: text(
    /^[\w+=:#@/\-,. ]{1,256}$/,
    "a description (letters, digits, spaces and + = : # @ / - , .)",
  ).optional(),
  name: text(/^[\w-]{1,128}$/, "a web ACL's name: letters, digits, - and _").optional(),
  rules: z.array(rule).optional(),
  scope: z.enum(["REGIONAL", "CLOUDFRONT"]),
  visibilityConfig,
}).superRefine(({ rules = [] }, context) => {
  for (const key of ["name", "priority"] as const) {
    if (new Set(rules.map((each) => each[key])).size < rules.length)
      refusal(context)("rules", `WAFInvalidParameterException: two rules have the same ${key}`);
  }
});
type AclInputs = z.infer<typeof aclInputs>;

const acl: Model = {
  type: aclType,
  title: "WAFv2 WebACL",
  inputs: aclInputs,
  autoName: { property: "name", maxLength: 128 },
  unique: [{ property: "name", within: ["scope"], taken: "WAFDuplicateItemException" }],
  inUse: "WAFAssociatedItemException",
  computed: ["arn", "capacity", "lockToken"],
  identify: (_given, { hex }) => [8, 4, 4, 4, 12].map(hex).join("-"),
  describe: (given: AclInputs, id, { region, accountId, hex }, previous) => ({
    arn: previous?.outputs.arn ?? `arn:aws:wafv2:${region}:${accountId}:regional/webacl/${given.name}/${id}`,
    // A rate limit takes 2, and its scope-down statement 2 more.
    capacity: (given.rules ?? []).reduce(
      (sum, { statement: { managedRuleGroupStatement: group } }) =>
        sum + (managedGroups[group?.name ?? ""]?.capacity ?? 4),
      0,
    ),
    lockToken: hex(32),
  }),
};

const associationInputs = regional({
  resourceArn: arn("elasticloadbalancing", "loadbalancer/app/"),
  webAclArn: arn("wafv2", "regional/webacl/"),
});
type AssociationInputs = z.infer<typeof associationInputs>;

const association: Model = {
  type: "aws:wafv2/webAclAssociation:WebAclAssociation",
  title: "WAFv2 WebACL Association",
  inputs: associationInputs,
  references: [
    {
      path: "resourceArn",
      to: "aws:lb/loadBalancer:LoadBalancer",
      by: "arn",
      missing: "WAFNonexistentItemException",
      holds: false,
    },
    { path: "webAclArn", to: aclType, by: "arn", missing: "WAFNonexistentItemException" },
  ],
  computed: [],
  identify: (given: AssociationInputs) => `${given.webAclArn},${given.resourceArn}`,
  describe: () => ({}),
};

export const models: readonly Model[] = [acl, association];
