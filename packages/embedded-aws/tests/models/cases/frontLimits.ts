// Bounds, names and states of load balancers, records and certificates.
import { subnets } from "../database";
import type { World } from "../world";
import { type Case, cases } from "./case";

const vpcId = "vpc-00000001";
const zoneId = "Z0EXAMPLE0EMBEDDED0";
const balancer = { name: "lb", subnets, securityGroups: ["sg-00000001"] };
const group = { name: "web", port: 80, protocol: "HTTP", vpcId, targetType: "ip" };
const fixed = { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "503" } };
const listener = (world: World) => ({
  loadBalancerArn: world.create("lb/loadBalancer", balancer).id,
  ...{ port: 80, protocol: "HTTP", defaultActions: [fixed] },
});
const targets = (world: World, change: object = {}) =>
  world.create("lb/targetGroup", { ...group, ...change }).id;
const forward = (change: object) => (world: World) => ({
  defaultActions: [{ type: "forward", forward: { targetGroups: [{ arn: targets(world) }], ...change } }],
});
const redirect = (change: object) => ({
  defaultActions: [
    { type: "redirect", redirect: { statusCode: "HTTP_301", protocol: "HTTPS", port: "443", ...change } },
  ],
});
const health = (change: object) => ({ healthCheck: { path: "/health/", ...change } });
const when = (...conditions: object[]) => ({ conditions });
const record = { zoneId, name: "chat.example.com", type: "A", ttl: 300, records: ["192.0.2.1"] };
const named = (change: object) => ({ setIdentifier: "one", ...change });

export const frontLimits: readonly Case[] = [
  ...cases(
    "lb/loadBalancer",
    "elasticloadbalancing/latest/application/application-load-balancers.html",
    balancer,
    {
      accepts: [
        [
          "one subnet of a network's balancer",
          {
            loadBalancerType: "network",
            ...{ subnets: ["subnet-0000000a"], securityGroups: undefined },
          },
        ],
        ["clients for a week", { clientKeepAlive: 604_800 }],
        ["a second of silence", { idleTimeout: 1 }],
        ["the strictest mode", { desyncMitigationMode: "strictest" }],
        ["addresses as they come", { xffHeaderProcessingMode: "preserve" }],
        ["a name of 32 characters", { name: "l".repeat(32) }],
        ["no second version of HTTP", { enableHttp2: false }],
      ],
      refuses: [
        ["clients for less than a minute", { clientKeepAlive: 59 }],
        ["no silence", { idleTimeout: 0 }],
        ["a strict mode", { desyncMitigationMode: "strict" }],
        ["addresses that are dropped", { xffHeaderProcessingMode: "drop" }],
        ["a kind that there is not", { loadBalancerType: "classic" }],
        ["a name of 33 characters", { name: "l".repeat(33) }],
        ["a hyphen at the end", { name: "lb-" }],
        ["a hyphen at the beginning", { name: "-lb" }],
        ["no subnets", { subnets: undefined }],
        ["subnets in two ways", { subnetMappings: subnets.map((subnetId) => ({ subnetId })) }],
        ["addresses of IPv6 alone", { ipAddressType: "ipv6" }],
        ["a log in a bucket that there is not", { accessLogs: { bucket: "nobody-has-it", enabled: true } }],
        ["a name that is taken", (world) => (world.create("lb/loadBalancer", balancer), {})],
        ["subnets of two networks", { subnets: ["subnet-0000000a", "subnet-0000000c"] }],
      ],
    },
  ),
  ...cases(
    "lb/targetGroup",
    "elasticloadbalancing/latest/application/edit-target-group-attributes.html",
    group,
    {
      accepts: [
        [
          "weights that avoid anomalies",
          {
            loadBalancingAlgorithmType: "weighted_random",
            loadBalancingAnomalyMitigation: "on",
          },
        ],
        ["TCP of a network's balancer", { protocol: "TCP" }],
        ["five minutes between checks", health({ interval: 300, timeout: 120 })],
        ["no farewell", { deregistrationDelay: 0 }],
        ["the application's cookie", { stickiness: { type: "app_cookie", cookieName: "session" } }],
        ["every code to 499", health({ matcher: "200-499" })],
      ],
      refuses: [
        [
          "anomalies without weights",
          {
            loadBalancingAlgorithmType: "round_robin",
            loadBalancingAnomalyMitigation: "on",
          },
        ],
        [
          "a slow start by the fewest requests",
          {
            loadBalancingAlgorithmType: "least_outstanding_requests",
            slowStart: 60,
          },
        ],
        ["a cookie without name", { stickiness: { type: "app_cookie" } }],
        ["a cookie of AWS's", { stickiness: { type: "app_cookie", cookieName: "AWSALB" } }],
        ["a protocol in small letters", { protocol: "http" }],
        ["a kind of targets that there is not", { targetType: "ecs" }],
        ["port 0", { port: 0 }],
        ["a name with an underscore", { name: "web_1" }],
        ["codes of 600", health({ matcher: "600" })],
        ["a check that takes 121 seconds", health({ interval: 300, timeout: 121 })],
        ["301 seconds between checks", health({ interval: 301 })],
        ["a path of 1,025 characters", health({ path: `/${"p".repeat(1_024)}` })],
        ["a network that there is not", { vpcId: "vpc-0123456789abcdef0" }],
        ["a name that is taken", (world) => (targets(world), { port: 81 })],
        ["a farewell below nothing", { deregistrationDelay: -1 }],
      ],
    },
  ),
  ...cases("lb/listener", "elasticloadbalancing/latest/application/create-https-listener.html", listener, {
    accepts: [
      ["a group that keeps its clients", forward({ stickiness: { enabled: true, duration: 3_600 } })],
      ["another path", redirect({ path: "/app/#{path}" })],
      ["the highest port", { port: 65_535 }],
    ],
    refuses: [
      ["port 65536", { port: 65_536 }],
      ["clients for more than a week", forward({ stickiness: { enabled: true, duration: 604_801 } })],
      [
        "a weight of a thousand",
        (world) => ({
          defaultActions: [
            { type: "forward", forward: { targetGroups: [{ arn: targets(world), weight: 1_000 }] } },
          ],
        }),
      ],
      ["a path without slash", redirect({ path: "app" })],
      ["a port above all", redirect({ port: "70000" })],
      ["an action that there is not", { defaultActions: [{ type: "deny" }] }],
      [
        "a certificate that there is not",
        {
          ...{ port: 443, protocol: "HTTPS" },
          certificateArn:
            "arn:aws:acm:us-east-1:123456789012:certificate/0a0a0a0a-0000-0000-0000-000000000000",
        },
      ],
      [
        "a certificate of a plain listener",
        {
          certificateArn:
            "arn:aws:acm:us-east-1:123456789012:certificate/0a0a0a0a-0000-0000-0000-000000000000",
        },
      ],
      [
        "a port that is taken",
        (world) => {
          const loadBalancerArn = world.resources.find(
            ({ type }) => type === "aws:lb/loadBalancer:LoadBalancer",
          )!.id;
          world.create("lb/listener", {
            loadBalancerArn,
            port: 80,
            protocol: "HTTP",
            defaultActions: [fixed],
          });
          return {};
        },
      ],
      [
        "a login on a plain listener",
        {
          defaultActions: [
            {
              ...{ type: "authenticate-oidc", order: 1 },
              authenticateOidc: {
                ...{ authorizationEndpoint: "https://id.example.com/a", clientId: "x", clientSecret: "y" },
                ...{ issuer: "https://id.example.com", tokenEndpoint: "https://id.example.com/t" },
                userInfoEndpoint: "https://id.example.com/u",
              },
            },
            { ...fixed, order: 2 },
          ],
        },
      ],
      ["a login and nothing else", { defaultActions: [{ type: "authenticate-cognito" }] }],
      [
        "a balancer that there is not",
        {
          loadBalancerArn:
            "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/no/0123456789abcdef",
        },
      ],
    ],
  }),
  ...cases(
    "lb/listenerRule",
    "elasticloadbalancing/latest/application/listener-rules.html",
    (world) => ({
      listenerArn: world.create("lb/listener", listener(world)).id,
      ...{ actions: [fixed], priority: 10 },
      conditions: [{ pathPattern: { values: ["/static/*"] } }],
    }),
    {
      accepts: [
        ["pictures anywhere", when({ pathPattern: { values: ["*.png"] } })],
        [
          "a header by a wildcard",
          when({
            httpHeader: { httpHeaderName: "X-Forwarded-For", values: ["192.168.*"] },
          }),
        ],
        [
          "two headers",
          when(
            { httpHeader: { httpHeaderName: "X-A", values: ["1"] } },
            { httpHeader: { httpHeaderName: "X-B", values: ["2"] } },
          ),
        ],
        ["the last priority", { priority: 50_000 }],
        ["two methods", when({ httpRequestMethod: { values: ["GET", "HEAD"] } })],
      ],
      refuses: [
        ["no condition", { conditions: [] }],
        ["no action", { actions: [] }],
        ["priority 0", { priority: 0 }],
        [
          "two conditions on paths",
          when({ pathPattern: { values: ["/a"] } }, { pathPattern: { values: ["/b"] } }),
        ],
        ["a header with its colon", when({ httpHeader: { httpHeaderName: "X-Kind:", values: ["1"] } })],
        ["a host of one label", when({ hostHeader: { values: ["chat"] } })],
        [
          "a header of 41 characters",
          when({ httpHeader: { httpHeaderName: "x".repeat(41), values: ["1"] } }),
        ],
        ["a host with its protocol", when({ hostHeader: { values: ["https://chat.example.com"] } })],
        ["a host of 129 characters", when({ hostHeader: { values: [`${"h".repeat(117)}.example.com`] } })],
        ["a query without value", when({ queryStrings: [{ key: "version" }] })],
        ["seven wildcards", when({ pathPattern: { values: ["/a*b*c*d*e*f*g*"] } })],
        ["an address of five octets", when({ sourceIp: { values: ["192.0.2.0.0/24"] } })],
        [
          "a priority that is taken",
          (world) => {
            const listenerArn = world.resources.find(({ type }) => type === "aws:lb/listener:Listener")!.id;
            world.create("lb/listenerRule", {
              ...{ listenerArn, actions: [fixed], priority: 10 },
              conditions: [{ pathPattern: { values: ["/other"] } }],
            });
            return {};
          },
        ],
      ],
    },
  ),
  ...cases("route53/record", "Route53/latest/APIReference/API_ChangeResourceRecordSets.html", record, {
    accepts: [
      ["a name of another domain, below the zone", { name: "www.example.org" }],
      ["the way back", { type: "PTR", records: ["chat.example.com"] }],
      [
        "another zone's servers",
        { type: "NS", name: "eu.example.com", records: ["ns1.example.net", "ns2.example.net"] },
      ],
      ["protocols of a page", { type: "HTTPS", records: ["1 . alpn=h2"] }],
      ["the nearest region", named({ latencyRoutingPolicies: [{ region: "eu-west-1" }] })],
      ["the whole world", named({ geolocationRoutingPolicies: [{ country: "*" }] })],
      ["one of several", named({ multivalueAnswerRoutingPolicy: true })],
      ["a weight of nothing", named({ weightedRoutingPolicies: [{ weight: 0 }] })],
      ["a capital in the name", { name: "Chat.example.com" }],
      [
        "another name of a record",
        (world) => {
          world.create("route53/record", record);
          const aliases = [{ name: "chat.example.com", zoneId, evaluateTargetHealth: false }];
          return { name: "www.example.com", ttl: undefined, records: undefined, aliases };
        },
      ],
    ],
    refuses: [
      ["a set without policy", { setIdentifier: "one" }],
      ["a policy without set", { weightedRoutingPolicies: [{ weight: 10 }] }],
      ["a weight of 256", named({ weightedRoutingPolicies: [{ weight: 256 }] })],
      ["a region that there is not", named({ latencyRoutingPolicies: [{ region: "us-east-9" }] })],
      ["a continent that there is not", named({ geolocationRoutingPolicies: [{ continent: "XX" }] })],
      ["a turn in small letters", named({ failoverRoutingPolicies: [{ type: "primary" }] })],
      [
        "two policies",
        named({
          weightedRoutingPolicies: [{ weight: 10 }],
          latencyRoutingPolicies: [{ region: "eu-west-1" }],
        }),
      ],
      ["a label of 64 characters", { name: `${"a".repeat(64)}.example.com` }],
      ["a life beyond 2,147,483,647", { ttl: 2_147_483_648 }],
      [
        "a port above 65535",
        { type: "SRV", name: "_a._tcp.example.com", records: ["1 10 65536 a.example.com"] },
      ],
      ["an address with a g", { type: "AAAA", records: ["2001:db8::g"] }],
      ["a flag of 256", { type: "CAA", records: ['256 issue "amazon.com"'] }],
      ["a zone that there is not", { zoneId: "Z0123456789ABCDEFGHIJ" }],
      [
        "a check that there is not",
        named({
          weightedRoutingPolicies: [{ weight: 10 }],
          healthCheckId: "0a0a0a0a-0000-0000-0000-000000000000",
        }),
      ],
      ["a record that there is", (world) => (world.create("route53/record", record), {})],
      [
        "an alias and a record",
        {
          ttl: undefined,
          aliases: [
            {
              name: "lb-1.us-east-1.elb.amazonaws.com",
              zoneId: "Z35SXDOTRQ7X7K",
              evaluateTargetHealth: true,
            },
          ],
        },
      ],
    ],
  }),
  ...cases(
    "route53/zone",
    "Route53/latest/DeveloperGuide/DomainNameFormat.html",
    { name: "example.org" },
    {
      accepts: [
        ["a period at the end", { name: "example.org." }],
        ["an underscore", { name: "_tcp.example.org" }],
        ["a zone below another", { name: "chat.example.com" }],
      ],
      refuses: [
        ["an empty label", { name: "chat..org" }],
        ["a network that there is not", { vpcs: [{ vpcId: "vpc-0123456789abcdef0" }] }],
        ["a private zone of a set", { vpcs: [{ vpcId }], delegationSetId: "N0123456789ABCDEFGHIJ" }],
        ["a name of 256 characters", { name: `${"a.".repeat(127)}org` }],
      ],
    },
  ),
  ...cases(
    "acm/certificate",
    "acm/latest/userguide/acm-certificate-characteristics.html",
    { domainName: "chat.example.com", validationMethod: "DNS" },
    {
      accepts: [
        ["the longer curve", { keyAlgorithm: "EC_secp384r1" }],
        ["its own name again", { subjectAlternativeNames: ["chat.example.com"] }],
        ["a proof by mail", { validationMethod: "EMAIL" }],
        ["no public log", { options: { certificateTransparencyLoggingPreference: "DISABLED" } }],
        ["a domain of digits", { domainName: "4711.example.com" }],
      ],
      refuses: [
        ["a proof in small letters", { validationMethod: "dns" }],
        ["a period at the end", { domainName: "chat.example.com." }],
        ["an underscore", { domainName: "chat_1.example.com" }],
        ["a public log in words", { options: { certificateTransparencyLoggingPreference: "OFF" } }],
        ["an RSA key of 4,096 bits", { keyAlgorithm: "RSA_4096" }],
        ["a hyphen at a label's end", { domainName: "chat-.example.com" }],
        ["a domain beside an imported key", { privateKey: "-----BEGIN PRIVATE KEY-----" }],
        ["no domain", { domainName: undefined }],
      ],
    },
  ),
];
