// Load balancers, zones, firewalls, cache policies of CloudFront and composite alarms.
import { subnets } from "../database";
import { type Case, cases } from "./case";

const vpcId = "vpc-00000001";
const visible = { cloudwatchMetricsEnabled: true, metricName: "chat", sampledRequestsEnabled: true };
const acl = { name: "chat", scope: "REGIONAL", defaultAction: { allow: {} }, visibilityConfig: visible };
const limit = (change: object, more: object = {}) => ({
  rules: [
    {
      ...{ name: "limit", priority: 1, action: { block: {} }, visibilityConfig: visible },
      statement: { rateBasedStatement: { limit: 100, aggregateKeyType: "IP", ...change } },
      ...more,
    },
  ],
});

export const edge: readonly Case[] = [
  ...cases("wafv2/webAcl", "waf/latest/APIReference/API_CreateWebACL.html", acl, {
    accepts: [
      ["ten requests", limit({ limit: 10 })],
      ["a minute", limit({ evaluationWindowSec: 60 })],
      ["a captcha", limit({}, { action: { captcha: {} } })],
    ],
    refuses: [
      ["nine requests", limit({ limit: 9 })],
      ["ninety seconds", limit({ evaluationWindowSec: 90 })],
      ["addresses by a header that is not named", limit({ aggregateKeyType: "FORWARDED_IP" })],
      ["two default actions", { defaultAction: { allow: {}, block: {} } }],
      ["no default action", { defaultAction: {} }],
      ["a name with a blank", { name: "my acl" }],
      ["a scope that there is not", { scope: "GLOBAL" }],
      ["a priority below nothing", limit({}, { priority: -1 })],
    ],
  }),
  ...cases(
    "lb/loadBalancer",
    "elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html",
    { name: "lb", subnets, securityGroups: ["sg-00000001"] },
    {
      accepts: [
        ["an hour of silence", { idleTimeout: 3_600 }],
        ["IPv6 besides", { ipAddressType: "dualstack", internal: false }],
      ],
      refuses: [
        ["more than 4,000 seconds of silence", { idleTimeout: 4_001 }],
        ["one zone", { subnets: ["subnet-0000000a"] }],
        ["two subnets of one zone", { subnets: ["subnet-0000000a", "subnet-000000a2"] }],
        ["a name that begins with internal-", { name: "internal-chat" }],
        ["a name with an underscore", { name: "chat_lb" }],
        ["a group of another network", { securityGroups: ["sg-00000002"] }],
        ["a mode that there is not", { desyncMitigationMode: "off" }],
      ],
    },
  ),
  ...cases(
    "route53/zone",
    "Route53/latest/APIReference/API_CreateHostedZone.html",
    {},
    {
      accepts: [["a private zone", { name: "chat.internal", vpcs: [{ vpcId }] }]],
      refuses: [
        ["a name with a blank", { name: "my chat.com" }],
        ["a label of 64 characters", { name: `${"a".repeat(64)}.com` }],
        ["a comment of 257 characters", { name: "example.org", comment: "c".repeat(257) }],
      ],
    },
  ),
  ...cases(
    "cloudwatch/compositeAlarm",
    "AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html",
    { alarmName: "down" },
    {
      accepts: [["always", { alarmRule: "TRUE" }]],
      refuses: [
        ["a state that there is not", { alarmRule: 'BROKEN("a")' }],
        ["half a rule", { alarmRule: "TRUE AND" }],
        ["an open bracket", { alarmRule: "(TRUE" }],
        ["an alarm that there is not", { alarmRule: 'ALARM("nobody")' }],
      ],
    },
  ),
  ...cases(
    "cloudfront/cachePolicy",
    "cloudfront/latest/APIReference/API_CachePolicyConfig.html",
    {
      name: "chat",
      minTtl: 0,
      defaultTtl: 60,
      maxTtl: 3600,
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "all" },
      },
    },
    {
      accepts: [
        [
          "some cookies",
          {
            parametersInCacheKeyAndForwardedToOrigin: {
              cookiesConfig: { cookieBehavior: "whitelist", cookies: { items: ["session"] } },
              headersConfig: { headerBehavior: "none" },
              queryStringsConfig: { queryStringBehavior: "none" },
            },
          },
        ],
      ],
      refuses: [
        ["a longest time below the usual", { maxTtl: 30 }],
        ["a name with a blank", { name: "my policy" }],
        [
          "some cookies without names",
          {
            parametersInCacheKeyAndForwardedToOrigin: {
              cookiesConfig: { cookieBehavior: "whitelist" },
              headersConfig: { headerBehavior: "none" },
              queryStringsConfig: { queryStringBehavior: "none" },
            },
          },
        ],
        [
          "all headers",
          {
            parametersInCacheKeyAndForwardedToOrigin: {
              cookiesConfig: { cookieBehavior: "none" },
              headersConfig: { headerBehavior: "all" },
              queryStringsConfig: { queryStringBehavior: "none" },
            },
          },
        ],
      ],
    },
  ),
];
