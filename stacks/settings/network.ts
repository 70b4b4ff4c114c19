import { z } from "zod";
import { isUsable, maximumZones, parseCidr } from "../../aws/addresses";
import { choice, hostName, matching, onOff, structured, wholeNumber } from "./types";

/** Each network is two rules, for the ports 80 and 443, of the 60 that a security group may have. */
const mostAllowedCidrs = 30;

/** Ids that Route 53 draws for its zones. */
export const zoneId = /^Z[A-Z0-9]{1,31}$/;

/** What a browser sends as `Origin`: lower case, no path, no default port. */
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
      description: "Address range of the VPC; it cannot be changed later without replacing everything.",
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
    "Connections that the VPC records: those that were refused, all (four records a message), or none.",
  ).optional(),

  domain: matching(hostName, {
    description: "Host name that users open over HTTPS; it lies in a public Route 53 zone of the account.",
    allowed: "a lower-case host name",
    example: "chat.example.com",
  }).optional(),
  hostedZone: matching(new RegExp(`${zoneId.source}|${hostName.source}`), {
    description:
      "Public Route 53 zone of the domain; left out, the one named as the domain without its first label.",
    allowed: "the name or the id of a hosted zone",
    example: "example.com",
  }).optional(),
  certificateArn: matching(/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, {
    description:
      "ACM certificate that covers the domain, in the stack's region; left out, one is requested and proved in the zone.",
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
    "Puts AWS WAF before the load balancer: a limit of requests from one address, and AWS's own rules.",
  ).optional(),
  requestsPerAddress: wholeNumber(
    100,
    100_000_000,
    "HTTP requests that the web firewall lets one address send in five minutes; sockets do not count.",
  ).optional(),
  accessLogs: onOff(
    "Keeps a log of every request to the load balancer in S3, for as many days as other logs.",
  ).optional(),
  stickiness: choice(
    ["app_cookie", "lb_cookie"],
    "Cookie that keeps a client on its task: the application's own, or one of the load balancer.",
  ).optional(),
  smokeTestPath: matching(/^\/[\w\-./?=&%~+]{0,1023}$/, {
    description:
      "Path that a release asks for at its end, through the load balancer; its answer needs the database.",
    allowed: "a path that starts with / and answers 200",
    example: "/healthz?deep",
  }).optional(),
  healthCheckPath: matching(/^\/[\w\-.%~][\w\-./?=&%~+]{0,1022}$/, {
    description: "Path that the load balancer asks each task for.",
    allowed: "a path other than / that answers 200",
    example: "/admin/login/",
  }).optional(),
};
