import { subnets } from "../database";
import type { World } from "../world";
import { type Case, cases } from "./case";

const vpcId = "vpc-00000001";
const zoneId = "Z0EXAMPLE0EMBEDDED0";
const group = (rule: object) => ({
  ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8"], ...rule }],
});
const record = { zoneId, name: "chat.example.com", ttl: 300 };
const balancer = (world: World) =>
  world.create("lb/loadBalancer", { name: "lb", subnets, securityGroups: ["sg-00000001"] }).id;
const targets = (world: World) =>
  world.create("lb/targetGroup", { name: "web", port: 80, protocol: "HTTP", vpcId, targetType: "ip" }).id;
const fixed = {
  type: "fixed-response",
  fixedResponse: { contentType: "text/plain", statusCode: "503", messageBody: "Back soon" },
};
const listener = (world: World) => ({
  ...{ loadBalancerArn: balancer(world), port: 80, protocol: "HTTP" },
  defaultActions: [fixed],
});
const path = (...values: string[]) => ({ conditions: [{ pathPattern: { values } }] });
const health = (change: object) => ({ healthCheck: { path: "/health/", ...change } });
const sticky = (change: object) => ({ stickiness: { type: "lb_cookie", ...change } });

export const network: readonly Case[] = [
  ...cases(
    "ec2/vpc",
    "vpc/latest/userguide/vpc-cidr-blocks.html",
    {},
    {
      accepts: [
        ["shared address space", { cidrBlock: "100.64.0.0/16" }],
        ["the smallest network", { cidrBlock: "192.168.0.0/28" }],
      ],
      refuses: [
        ["a network larger than /16", { cidrBlock: "10.0.0.0/15" }],
        ["a network smaller than /28", { cidrBlock: "10.0.0.0/29" }],
        ["a block with host bits", { cidrBlock: "10.0.0.1/16" }],
        ["a tenancy that there is not", { cidrBlock: "10.0.0.0/16", instanceTenancy: "host" }],
      ],
    },
  ),
  ...cases(
    "ec2/securityGroup",
    "AWSEC2/latest/UserGuide/security-group-rules.html",
    { name: "web", vpcId },
    {
      accepts: [
        ["a ping", group({ protocol: "icmp", fromPort: 8, toPort: 0 })],
        [
          "all of ICMPv6 from everywhere",
          { ingress: [{ protocol: "icmpv6", fromPort: -1, toPort: -1, ipv6CidrBlocks: ["::/0"] }] },
        ],
        ["itself as a source", { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }] }],
        ["a protocol by its number", group({ protocol: "50", fromPort: 0, toPort: 0 })],
      ],
      refuses: [
        ["a port above 65535", group({ toPort: 65_536 })],
        ["a protocol that there is not", group({ protocol: "quic" })],
        ["a description with an apostrophe", { description: "Bob's" }],
        ["a block of five octets", group({ cidrBlocks: ["10.0.0.0.0/8"] })],
        ["an ICMP type above 255", group({ protocol: "icmp", fromPort: 256, toPort: -1 })],
      ],
    },
  ),
  ...cases(
    "ec2/route",
    "vpc/latest/userguide/VPC_Route_Tables.html",
    (world) => ({
      routeTableId: world.create("ec2/routeTable", { vpcId }).id,
    }),
    {
      accepts: [
        [
          "the internet behind a NAT gateway",
          { destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-00000000" },
        ],
      ],
      refuses: [
        [
          "two targets",
          { destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-00000000", natGatewayId: "nat-00000000" },
        ],
        ["no destination", { natGatewayId: "nat-00000000" }],
      ],
    },
  ),
  ...cases(
    "ec2/vpcEndpoint",
    "vpc/latest/privatelink/aws-services-privatelink-support.html",
    { vpcId },
    {
      accepts: [
        ["DynamoDB's gateway", { serviceName: "com.amazonaws.us-east-1.dynamodb" }],
        [
          "an interface of Bedrock",
          {
            serviceName: "com.amazonaws.us-east-1.bedrock-runtime",
            vpcEndpointType: "Interface",
            subnetIds: subnets,
            securityGroupIds: ["sg-00000001"],
          },
        ],
      ],
      refuses: [
        ["a gateway of a service that has none", { serviceName: "com.amazonaws.us-east-1.sqs" }],
        ["a service of another region", { serviceName: "com.amazonaws.eu-west-1.s3" }],
      ],
    },
  ),
  ...cases(
    "ec2/flowLog",
    "vpc/latest/userguide/flow-logs.html",
    (world) => ({
      vpcId,
      trafficType: "ALL",
      logDestinationType: "s3",
      logDestination: `arn:aws:s3:::${world.create("s3/bucket", { bucket: "flows" }).id}`,
    }),
    {
      accepts: [["records every minute", { maxAggregationInterval: 60 }]],
      refuses: [
        ["records every five minutes", { maxAggregationInterval: 300 }],
        ["a kind of traffic that there is not", { trafficType: "DENY" }],
      ],
    },
  ),
  ...cases("route53/record", "Route53/latest/DeveloperGuide/ResourceRecordTypes.html", record, {
    accepts: [
      [
        "mail servers with their priority",
        { type: "MX", name: "example.com", records: ["10 mx1.example.net", "20 mx2.example.net"] },
      ],
      ["who may issue certificates", { type: "CAA", records: ['0 issue "amazon.com"'] }],
      ["a wildcard", { type: "A", name: "*.example.com", records: ["192.0.2.1"] }],
      ["a service", { type: "SRV", name: "_sip._tcp.example.com", records: ["10 5 5060 sip.example.com"] }],
      ["an IPv6 address", { type: "AAAA", records: ["2001:db8::1"] }],
      [
        "a share of the requests",
        {
          type: "A",
          records: ["192.0.2.1"],
          setIdentifier: "one",
          weightedRoutingPolicies: [{ weight: 10 }],
        },
      ],
    ],
    refuses: [
      ["an address of text", { type: "A", records: ["chat"] }],
      ["an address above 255", { type: "A", records: ["192.0.2.256"] }],
      ["an IPv4 address as AAAA", { type: "AAAA", records: ["192.0.2.1"] }],
      ["a mail server without priority", { type: "MX", records: ["mx1.example.net"] }],
      ["a tag of CAA without quotes", { type: "CAA", records: ["issue amazon.com"] }],
      ["a CNAME to two names", { type: "CNAME", records: ["a.example.net", "b.example.net"] }],
    ],
  }),
  ...cases(
    "lb/targetGroup",
    "elasticloadbalancing/latest/application/target-group-health-checks.html",
    {
      ...{ name: "web", port: 80, protocol: "HTTP", vpcId, targetType: "ip" },
    },
    {
      accepts: [
        ["ranges of codes", health({ matcher: "200-299,301" })],
        [
          "gRPC's own codes",
          { protocolVersion: "GRPC", ...health({ path: "/grpc.health.v1.Health/Check", matcher: "0-12" }) },
        ],
        ["a function", { targetType: "lambda", port: undefined, protocol: undefined, vpcId: undefined }],
        ["a week's stickiness", sticky({ cookieDuration: 604_800 })],
        ["the longest slow start", { slowStart: 900 }],
      ],
      refuses: [
        ["a single success that counts", health({ healthyThreshold: 1 })],
        ["eleven failures that count", health({ unhealthyThreshold: 11 })],
        ["a status of 1xx", health({ matcher: "100" })],
        ["a check every four seconds", health({ interval: 4, timeout: 2 })],
        ["a slow start of 29 seconds", { slowStart: 29 }],
        ["a farewell of more than an hour", { deregistrationDelay: 3601 }],
        ["stickiness of more than a week", sticky({ cookieDuration: 604_801 })],
        ["a name of 33 characters", { name: "w".repeat(33) }],
        ["a check of TCP", health({ protocol: "TCP" })],
        ["a port that is no number", health({ port: "http" })],
      ],
    },
  ),
  ...cases(
    "lb/listenerRule",
    "elasticloadbalancing/latest/application/rule-condition-types.html",
    (world) => ({
      listenerArn: world.create("lb/listener", listener(world)).id,
      actions: [fixed],
      priority: 10,
      ...path("/static/*"),
    }),
    {
      accepts: [
        [
          "hosts by a wildcard",
          { conditions: [{ hostHeader: { values: ["*.example.com", "chat-?.example.com"] } }] },
        ],
        ["a query's value", { conditions: [{ queryStrings: [{ key: "version", value: "v1" }] }] }],
        [
          "clients by their block",
          { conditions: [{ sourceIp: { values: ["192.0.2.0/24", "2001:db8::/32"] } }] },
        ],
        [
          "two groups by weight",
          (world) => ({
            actions: [{ type: "forward", forward: { targetGroups: [{ arn: targets(world), weight: 9 }] } }],
          }),
        ],
      ],
      refuses: [
        ["six values", path("/1", "/2", "/3", "/4", "/5", "/6")],
        [
          "six values in two conditions",
          {
            conditions: [
              { pathPattern: { values: ["/1", "/2", "/3"] } },
              { hostHeader: { values: ["a.example.com", "b.example.com", "c.example.com"] } },
            ],
          },
        ],
        ["a priority above 50,000", { priority: 50_001 }],
        ["a client that is no block", { conditions: [{ sourceIp: { values: ["192.0.2.1"] } }] }],
        [
          "two conditions on paths in one",
          { conditions: [{ pathPattern: { values: ["/1"] }, hostHeader: { values: ["a.example.com"] } }] },
        ],
        ["a method in small letters", { conditions: [{ httpRequestMethod: { values: ["get"] } }] }],
      ],
    },
  ),
  ...cases("lb/listener", "elasticloadbalancing/latest/application/load-balancer-listeners.html", listener, {
    accepts: [["a default answer with a text", {}]],
    refuses: [
      [
        "an answer of 3xx",
        {
          defaultActions: [
            { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "301" } },
          ],
        },
      ],
      [
        "an answer in XML",
        {
          defaultActions: [
            { type: "fixed-response", fixedResponse: { contentType: "text/xml", statusCode: "200" } },
          ],
        },
      ],
      [
        "a redirect by 307",
        { defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_307" } }] },
      ],
      ["port 0", { port: 0 }],
      ["a policy of TLS without TLS", { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }],
      [
        "six groups",
        (world: World) => ({
          defaultActions: [
            { type: "forward", forward: { targetGroups: Array(6).fill({ arn: targets(world) }) } },
          ],
        }),
      ],
    ],
  }),
];
