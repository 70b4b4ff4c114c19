// In front of the tasks: names, certificates, balancers, CloudFront.
import { subnets } from "../database";
import type { World } from "../world";
import { type Case, cases } from "./case";

const record = {
  zoneId: "Z0EXAMPLE0EMBEDDED0",
  name: "chat.example.com",
  type: "A",
  ttl: 300,
  records: ["192.0.2.1"],
};
const text = (...records: string[]) => ({ type: "TXT", records });
const origin = {
  ...{ originId: "chat", domainName: "chat.example.com" },
  customOriginConfig: {
    ...{ httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only" },
    originSslProtocols: ["TLSv1.2"],
  },
};
const behavior = {
  ...{ targetOriginId: "chat", viewerProtocolPolicy: "redirect-to-https" },
  ...{ allowedMethods: ["GET", "HEAD"], cachedMethods: ["GET", "HEAD"] },
  cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
};
const distribution = {
  ...{ enabled: true, origins: [origin], defaultCacheBehavior: behavior },
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: { cloudfrontDefaultCertificate: true },
};
const behaving = (change: object) => ({ defaultCacheBehavior: { ...behavior, ...change } });
const coming = (change: object) => ({ origins: [{ ...origin, ...change }] });
const listener = (world: World) => ({
  loadBalancerArn: world.create("lb/loadBalancer", { name: "lb", subnets, securityGroups: ["sg-00000001"] })
    .id,
  ...{ port: 80, protocol: "HTTP" },
});
const answer = (change: object) => ({
  defaultActions: [
    { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "503", ...change } },
  ],
});
const rule = { securityGroupId: "sg-00000001", cidrIpv4: "10.0.0.0/8" };
const ports = (ipProtocol: string, fromPort?: number, toPort?: number) => ({ ipProtocol, fromPort, toPort });

export const front: readonly Case[] = [
  ...cases("route53/record", "Route53/latest/DeveloperGuide/ResourceRecordTypes.html", record, {
    accepts: [
      [
        "a service",
        { type: "SRV", name: "_xmpp._tcp.chat.example.com", records: ["1 10 5269 xmpp.example.com"] },
      ],
      ["a long text in parts", text(`${"a".repeat(255)}""${"b".repeat(100)}`)],
      ["an asterisk as a label", { name: "*.chat.example.com" }],
      ["a short life", { ttl: 0 }],
    ],
    refuses: [
      ["a service without port", { type: "SRV", records: ["1 10 xmpp.example.com"] }],
      ["a text of 256 characters", text("a".repeat(256))],
      ["an address twice", { records: ["192.0.2.1", "192.0.2.1"] }],
      ["no record", { records: [] }],
      [
        "an alias with a time to live",
        {
          records: undefined,
          aliases: [
            {
              name: "lb-1.us-east-1.elb.amazonaws.com",
              zoneId: "Z35SXDOTRQ7X7K",
              evaluateTargetHealth: true,
            },
          ],
        },
      ],
      ["a life below nothing", { ttl: -1 }],
      ["a type that there is not", { type: "ALIAS" }],
    ],
  }),
  ...cases(
    "cloudfront/distribution",
    "AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesGeneral.html",
    distribution,
    {
      accepts: [
        ["the cheapest edges", { priceClass: "PriceClass_100" }],
        [
          "two countries",
          { restrictions: { geoRestriction: { restrictionType: "whitelist", locations: ["DE", "AT"] } } },
        ],
        [
          "all methods",
          behaving({ allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"] }),
        ],
        ["a path of the origin", coming({ originPath: "/chat" })],
        ["an old port", coming({ customOriginConfig: { ...origin.customOriginConfig, httpPort: 8080 } })],
      ],
      refuses: [
        ["a class of prices that there is not", { priceClass: "PriceClass_50" }],
        [
          "no countries",
          { restrictions: { geoRestriction: { restrictionType: "whitelist", locations: [] } } },
        ],
        ["some methods", behaving({ allowedMethods: ["GET", "HEAD", "POST"] })],
        ["a method that is kept and not allowed", behaving({ cachedMethods: ["GET", "HEAD", "OPTIONS"] })],
        ["a slash after the path", coming({ originPath: "/chat/" })],
        ["an origin twice", { origins: [origin, origin] }],
        ["another origin", behaving({ targetOriginId: "media" })],
        ["a name without certificate", { aliases: ["chat.example.com"] }],
        ["an address as an origin", coming({ domainName: "192.0.2.1" })],
        ["a port below 80", coming({ customOriginConfig: { ...origin.customOriginConfig, httpPort: 79 } })],
        ["a protocol as a name", coming({ domainName: "https://chat.example.com" })],
        ["four tries", coming({ connectionAttempts: 4 })],
        [
          "a policy and forwarded values",
          behaving({ forwardedValues: { queryString: true, cookies: { forward: "all" } } }),
        ],
      ],
    },
  ),
  ...cases(
    "cloudfront/function",
    "AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-features.html",
    { name: "head", runtime: "cloudfront-js-2.0", code: "function handler(event) { return event.request; }" },
    {
      accepts: [["the older runtime", { runtime: "cloudfront-js-1.0" }]],
      refuses: [
        ["a runtime that there is not", { runtime: "cloudfront-js-3.0" }],
        ["a name with a period", { name: "head.js" }],
        [
          "more than ten KiB",
          { code: `function handler(event) { return event.request; } // ${"x".repeat(10_240)}` },
        ],
      ],
    },
  ),
  ...cases(
    "cloudfront/originAccessControl",
    "AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
    {
      name: "media",
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    },
    {
      accepts: [
        ["a function's address", { originAccessControlOriginType: "lambda" }],
        ["no signature over one of the client", { signingBehavior: "no-override" }],
      ],
      refuses: [
        ["a machine", { originAccessControlOriginType: "ec2" }],
        ["the older signature", { signingProtocol: "sigv2" }],
        ["signatures at times", { signingBehavior: "sometimes" }],
      ],
    },
  ),
  ...cases(
    "lb/listener",
    "elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html",
    listener,
    {
      accepts: [
        ["an answer", answer({ messageBody: "Back soon" })],
        ["an answer in JSON", answer({ contentType: "application/json", messageBody: "{}" })],
      ],
      refuses: [
        ["an answer of 1,025 characters", answer({ messageBody: "x".repeat(1_025) })],
        ["an answer of 302", answer({ statusCode: "302" })],
        ["an answer of a kind that there is not", answer({ contentType: "text/xml" })],
        ["a picture", answer({ contentType: "image/png" })],
      ],
    },
  ),
  ...cases(
    "acm/certificate",
    "acm/latest/APIReference/API_RequestCertificate.html",
    { domainName: "chat.example.com", validationMethod: "DNS" },
    {
      accepts: [
        ["all hosts", { domainName: "*.example.com", subjectAlternativeNames: ["example.com"] }],
        ["a curve", { keyAlgorithm: "EC_prime256v1" }],
      ],
      refuses: [
        ["all hosts of all hosts", { domainName: "*.*.example.com" }],
        ["a part of a host", { domainName: "chat*.example.com" }],
        ["an RSA key of 1,024 bits", { keyAlgorithm: "RSA_1024" }],
        ["an address", { domainName: "https://chat.example.com" }],
        ["a name that is too long to be common", { domainName: `${"a".repeat(60)}.example.com` }],
      ],
    },
  ),
  ...cases("vpc/securityGroupIngressRule", "AWSEC2/latest/APIReference/API_IpPermission.html", rule, {
    accepts: [
      ["all of ICMP", ports("icmp", -1, -1)],
      ["capitals", ports("UDP", 53, 53)],
      ["everything", ports("-1")],
      ["ICMP for IPv6", { ...ports("icmpv6", -1, -1), cidrIpv4: undefined, cidrIpv6: "::/0" }],
    ],
    refuses: [
      ["TCP without ports", ports("tcp")],
      ["TCP with one port", ports("tcp", 443)],
      ["two sources", { ...ports("tcp", 443, 443), cidrIpv6: "::/0" }],
      ["no source", { ...ports("tcp", 443, 443), cidrIpv4: undefined }],
      ["a protocol that there is not", ports("https", 443, 443)],
      ["a description with a tab's apostrophe", { ...ports("tcp", 443, 443), description: "what's new" }],
    ],
  }),
];
