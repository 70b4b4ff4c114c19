import { z } from "zod";
import { isUsable, maximumZones, parseCidr } from "../../aws/addresses";
import { choice, hostName, matching, onOff, structured, wholeNumber } from "./types";

/** Each network is two rules, for the ports 80 and 443, of the 60 that a security group may have. */
const mostAllowedCidrs = 30;

/** Form of the ids of Route 53's zones. */
export const zoneId = /^Z[A-Z0-9]{1,31}$/;

/** Form of a browser's `Origin` header: lower case, no path, no default port. */
const origin = new RegExp(`^https://${hostName.source.replace(/^\^|\$$/g, "")}(:(?!443$)\\d{2,5})?$`);

/** Settings of the network, and of the way from users to tasks. */
export const networkSettings = {
  vpcCidr: z
    .string()
    .refine((text) => {
      const cidr = parseCidr(text);
      return cidr !== undefined && cidr.prefix >= 16 && cidr.prefix <= 21 && isUsable(cidr);
    })
    .meta({
      description: "Address range of the VPC; a change replaces everything in it.",
      allowed:
        "an IPv4 network from /16 to /21 without host bits, outside 0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16 and 224.0.0.0/3",
      example: "10.0.0.0/16",
    })
    .optional(),
  zones: wholeNumber(2, maximumZones, "Availability zones in use.").optional(),
  egress: choice(
    ["public-ip", "nat", "nat-per-zone"],
    "How tasks reach the internet: public addresses of their own, one NAT gateway, or one in every zone.",
  ).optional(),
  allowedCidrs: structured(
    z
      .array(z.string().refine((text) => parseCidr(text) !== undefined))
      .min(1)
      .max(mostAllowedCidrs)
      .refine((networks) => new Set(networks).size === networks.length),
    {
      description: "IPv4 networks that may reach the load balancer.",
      allowed: `a JSON list of 1 to ${mostAllowedCidrs} different IPv4 networks`,
      example: `'["0.0.0.0/0"]'`,
    },
  ).optional(),

  flowLogs: choice(
    ["reject", "all", "none"],
    "Connections that the VPC records: refused ones, all (four records per message), or none.",
  ).optional(),

  domain: matching(hostName, {
    description: "Host name that users open over HTTPS; it lies in a public Route 53 zone of the account.",
    allowed: "a lower-case host name",
    example: "chat.example.com",
  }).optional(),
  hostedZone: matching(new RegExp(`${zoneId.source}|${hostName.source}`), {
    description:
      "Public Route 53 zone of the domain; if left out, the zone with the domain's name without its first label.",
    allowed: "the name or the id of a hosted zone",
    example: "example.com",
  }).optional(),
  certificateArn: matching(/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, {
    description:
      "ACM certificate that covers the domain, in the stack's region; if left out, the stack requests one and validates it in the zone.",
    allowed: "the ARN of an ACM certificate",
    example: "arn:aws:acm:us-east-1:123456789012:certificate/…",
  }).optional(),
  frontendOrigins: structured(
    z
      .array(z.string().regex(origin))
      .max(20)
      .refine((origins) => new Set(origins).size === origins.length),
    {
      description:
        "Origins of web frontends that are hosted elsewhere and may call the chat from a browser; the domain itself needs no entry.",
      allowed: "a JSON list of up to 20 different https origins, without a path",
      example: `'["https://www.example.com"]'`,
    },
  ).optional(),
  webFirewall: onOff(
    "Puts AWS WAF in front of the load balancer, with a limit of requests per address and AWS's own rules.",
  ).optional(),
  requestsPerAddress: wholeNumber(
    100,
    100_000_000,
    "Limit of HTTP requests from one address in five minutes, for the web firewall; sockets do not count.",
  ).optional(),
  accessLogs: onOff(
    "Logs every request to the load balancer in S3, with the retention of the other logs.",
  ).optional(),
  stickiness: choice(
    ["app_cookie", "lb_cookie"],
    "Cookie that keeps a client on its task: the application's own, or one of the load balancer.",
  ).optional(),
  smokeTestPath: matching(/^\/[\w\-./?=&%~+]{0,1023}$/, {
    description:
      "Path of the smoke test that ends a release, through the load balancer; its answer needs the database.",
    allowed: "a path that starts with / and answers 200",
    example: "/healthz?deep",
  }).optional(),
  healthCheckPath: matching(/^\/[\w\-.%~][\w\-./?=&%~+]{0,1022}$/, {
    description: "Path of the load balancer's health check of each task.",
    allowed: "a path other than / that answers 200",
    example: "/admin/login/",
  }).optional(),
};
