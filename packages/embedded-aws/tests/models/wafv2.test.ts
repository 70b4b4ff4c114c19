import { expect } from "chai";
import type { Properties } from "../../models/model";
import { refuses, World } from "./world";

const metric = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled: true,
});
const limit = {
  name: "limit",
  priority: 0,
  action: { block: {} },
  statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: 10_000 } },
  visibilityConfig: metric("limit"),
};
const group = {
  name: "common",
  priority: 1,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: "AWS",
      name: "AWSManagedRulesCommonRuleSet",
      ruleActionOverrides: [{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }],
    },
  },
  visibilityConfig: metric("common"),
};
const acl = {
  name: "chatpop",
  scope: "REGIONAL",
  defaultAction: { allow: {} },
  rules: [limit, group],
  visibilityConfig: metric("chatpop"),
};
const override = (name: string): Properties => ({
  rules: [
    {
      ...group,
      statement: {
        managedRuleGroupStatement: {
          ...group.statement.managedRuleGroupStatement,
          ruleActionOverrides: [{ name, actionToUse: { count: {} } }],
        },
      },
    },
  ],
});
const alb = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/chatpop/0123456789abcdef";

describe("web ACL", () => {
  refuses("wafv2/webAcl", () => acl, [
    ["two rules of one priority", { rules: [limit, { ...group, priority: 0 }] }, /the same priority/],
    ["two rules of one name", { rules: [limit, { ...group, name: "limit" }] }, /the same name/],
    [
      "a group without overrideAction",
      { rules: [{ ...group, overrideAction: undefined }] },
      /takes overrideAction/,
    ],
    ["a rule without action", { rules: [{ ...limit, action: undefined }] }, /takes action/],
    ["a rule without statement", { rules: [{ ...limit, statement: {} }] }, /one statement/],
    [
      "a limit of 5",
      { rules: [{ ...limit, statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: 5 } } }] },
      /limit/,
    ],
    ["a rule that the group has not", override("SizeRestriction_BODY"), /has no rule SizeRestriction_BODY/],
    ["a description with a semicolon", { description: "a; b" }, /a description/],
    ["a scope of its own", { scope: "GLOBAL" }, /scope/],
  ]);

  it("adds up what its rules take, and stays while a load balancer has it", () => {
    const world = new World();
    world.put("aws:lb/loadBalancer:LoadBalancer", alb, { arn: alb });
    const created = world.create("wafv2/webAcl", acl);
    expect(created.outputs).to.include({ capacity: 704 });
    const association = { resourceArn: alb, webAclArn: created.outputs.arn };
    expect(() =>
      world.create("wafv2/webAclAssociation", { ...association, resourceArn: `${alb}0` }),
    ).to.throw(/WAFNonexistentItem/);
    const associated = world.create("wafv2/webAclAssociation", association);
    expect(() => world.remove(created)).to.throw(/WAFAssociatedItemException/);
    world.remove(associated);
    world.remove(created);
  });
});
