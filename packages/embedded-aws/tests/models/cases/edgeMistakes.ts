// Common mistakes with load balancers, records and firewalls, and correct inputs that resemble them.
import { subnets } from "../database";
import type { World } from "../world";
import { type Case, cases } from "./case";

const vpcId = "vpc-00000001";
const zoneId = "Z0EXAMPLE0EMBEDDED0";
const group = (world: World) =>
  world.create("lb/targetGroup", { name: "web", port: 80, protocol: "HTTP", vpcId, targetType: "ip" }).id;
const listener = (world: World) => ({
  loadBalancerArn: world.create("lb/loadBalancer", { name: "lb", subnets, securityGroups: ["sg-00000001"] })
    .id,
  ...{ port: 80, protocol: "HTTP" },
});
const redirect = (change: object) => ({
  defaultActions: [{ type: "redirect", redirect: { statusCode: "HTTP_301", ...change } }],
});
const visible = { cloudwatchMetricsEnabled: true, metricName: "chat", sampledRequestsEnabled: true };
const managed = (change: object) => ({
  ...{ name: "common", priority: 1, visibilityConfig: visible },
  statement: { managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesCommonRuleSet" } },
  ...change,
});

export const edgeMistakes: readonly Case[] = [
  ...cases(
    "lb/targetGroup",
    "elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html",
    { name: "web", port: 80, protocol: "HTTP", vpcId, targetType: "ip" },
    {
      accepts: [
        ["HTTP/2 to the tasks", { protocolVersion: "HTTP2" }],
        ["the port of the traffic", { healthCheck: { port: "traffic-port", path: "/" } }],
      ],
      refuses: [
        ["a check that outlasts its interval", { healthCheck: { interval: 10, timeout: 10 } }],
        ["HTTP/3", { protocolVersion: "HTTP3" }],
        ["no port", { port: undefined }],
        ["no network", { vpcId: undefined }],
        ["a path without slash", { healthCheck: { path: "health" } }],
        ["an algorithm that there is not", { loadBalancingAlgorithmType: "least_connections" }],
      ],
    },
  ),
  ...cases("lb/listener", "elasticloadbalancing/latest/APIReference/API_CreateListener.html", listener, {
    accepts: [
      ["a redirect to TLS", redirect({ protocol: "HTTPS", port: "443" })],
      ["a redirect with its query", redirect({ host: "www.#{host}", path: "/#{path}", query: "#{query}" })],
      ["a group", (world) => ({ defaultActions: [{ type: "forward", targetGroupArn: group(world) }] })],
    ],
    refuses: [
      ["a redirect to itself", redirect({})],
      ["a redirect by 303", redirect({ protocol: "HTTPS", port: "443", statusCode: "HTTP_303" })],
      [
        "TLS without certificate",
        (world) => ({
          ...{ port: 443, protocol: "HTTPS" },
          defaultActions: [{ type: "forward", targetGroupArn: group(world) }],
        }),
      ],
      [
        "TCP of a balancer of requests",
        (world) => ({
          protocol: "TCP",
          defaultActions: [{ type: "forward", targetGroupArn: group(world) }],
        }),
      ],
      ["no action", { defaultActions: [] }],
      ["a group that there is not", { defaultActions: [{ type: "forward" }] }],
    ],
  }),
  ...cases(
    "route53/record",
    "Route53/latest/APIReference/API_ResourceRecordSet.html",
    { zoneId, ttl: 60 },
    {
      accepts: [
        ["a name alone", { name: "www", type: "A", records: ["192.0.2.1"] }],
        ["text without quotes", { name: "example.com", type: "TXT", records: ["v=spf1 -all"] }],
      ],
      refuses: [
        ["no time to live", { name: "www.example.com", type: "A", records: ["192.0.2.1"], ttl: undefined }],
        [
          "an alias with a time to live",
          {
            ...{ name: "chat.example.com", type: "A" },
            aliases: [
              {
                name: "lb.us-east-1.elb.amazonaws.com",
                zoneId: "Z35SXDOTRQ7X7K",
                evaluateTargetHealth: true,
              },
            ],
          },
        ],
        ["a type that there is not", { name: "www.example.com", type: "ALIAS", records: ["example.org"] }],
        ["no value", { name: "www.example.com", type: "A" }],
      ],
    },
  ),
  ...cases(
    "wafv2/webAcl",
    "waf/latest/APIReference/API_Rule.html",
    { name: "chat", scope: "REGIONAL", defaultAction: { allow: {} }, visibilityConfig: visible },
    {
      accepts: [["AWS's common rules", { rules: [managed({ overrideAction: { none: {} } })] }]],
      refuses: [
        ["an action on a group of rules", { rules: [managed({ action: { block: {} } })] }],
        [
          "two rules of one priority",
          {
            rules: [
              managed({ overrideAction: { none: {} } }),
              managed({ name: "again", overrideAction: { count: {} } }),
            ],
          },
        ],
      ],
    },
  ),
];
