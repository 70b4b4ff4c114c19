// Target groups of Application Load Balancers.
import { z } from "zod";
import { elbName, elbNamePrefix } from "./loadBalancer";
import type { Model } from "./model";
import { refusal } from "./refusal";
import { taggable, text, vpcId, modelled } from "./schema";

const type = "aws:lb/targetGroup:TargetGroup";

const seconds = (least: number, most: number) => {
  const error = `must be ${least} to ${most} seconds`;
  return z.int().min(least, { error }).max(most, { error });
};

const httpCodes = /^[2-5]\d\d(-[2-5]\d\d)?(,[2-5]\d\d(-[2-5]\d\d)?)*$/;
const grpcCodes = /^\d{1,2}(-\d{1,2})?(,\d{1,2}(-\d{1,2})?)*$/;

const healthCheck = z
  .strictObject({
    enabled: z.boolean().optional(),
    healthyThreshold: z.int().min(2).max(10).optional(),
    interval: seconds(5, 300).optional(),
    matcher: z.string().optional(),
    path: text(/^\/\S{0,1023}$/, "a path that begins with / and has at most 1024 characters").optional(),
    port: text(/^(traffic-port|\d{1,5})$/, "traffic-port or a port number").optional(),
    protocol: z.enum(["HTTP", "HTTPS"]).optional(),
    timeout: seconds(2, 120).optional(),
    unhealthyThreshold: z.int().min(2).max(10).optional(),
  })
  .superRefine(({ interval = 30, timeout = 5, enabled = true }, context) => {
    if (enabled && timeout >= interval) {
      refusal(context)(
        "timeout",
        `Health check timeout must be smaller than the interval: ${timeout} s is not below ${interval} s`,
      );
    }
  });

const stickiness = z
  .strictObject({
    cookieDuration: seconds(1, 604800).optional(),
    cookieName: z.string().min(1).max(256).optional(),
    enabled: z.boolean().optional(),
    type: z.enum(["lb_cookie", "app_cookie"], {
      error: ({ input }) =>
        `${JSON.stringify(input)} is not lb_cookie or app_cookie, the kinds of an application load balancer`,
    }),
  })
  .superRefine((given, context) => {
    const refuse = refusal(context);
    if (given.type === "app_cookie" && !given.cookieName)
      refuse("cookieName", "Stickiness type 'app_cookie' needs cookieName");
    if (given.type === "lb_cookie" && given.cookieName)
      refuse("cookieName", "cookieName goes with type app_cookie: the load balancer names its own cookie");
    if (/^AWSALB(APP|TG)?/i.test(given.cookieName ?? "")) {
      refuse(
        "cookieName",
        `${given.cookieName} is reserved: names beginning with AWSALB, AWSALBAPP and AWSALBTG belong to the load balancer`,
      );
    }
  });

const threshold = z.strictObject({
  minimumHealthyTargetsCount: z.union([z.int(), z.string()]).optional(),
  minimumHealthyTargetsPercentage: z.string().optional(),
});

const inputs = taggable({
  name: elbName.optional(),
  namePrefix: elbNamePrefix.optional(),
  deregistrationDelay: seconds(0, 3600).optional(),
  healthCheck: healthCheck.optional(),
  ipAddressType: z.enum(["ipv4", "ipv6"]).optional(),
  lambdaMultiValueHeadersEnabled: z.boolean().optional(),
  loadBalancingAlgorithmType: z
    .enum(["round_robin", "least_outstanding_requests", "weighted_random"])
    .optional(),
  loadBalancingAnomalyMitigation: z.enum(["on", "off"]).optional(),
  loadBalancingCrossZoneEnabled: z.enum(["true", "false", "use_load_balancer_configuration"]).optional(),
  port: z.int().min(1).max(65535).optional(),
  protocol: modelled(
    ["HTTP", "HTTPS"],
    ["TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"],
    "target group of the protocol",
  ).optional(),
  protocolVersion: z.enum(["HTTP1", "HTTP2", "GRPC"]).optional(),
  proxyProtocolV2: z.boolean().optional(),
  slowStart: z
    .int()
    .refine((value) => value === 0 || (value >= 30 && value <= 900), {
      error: "slow start is 0 (off) or 30 to 900 seconds",
    })
    .optional(),
  stickiness: stickiness.optional(),
  targetGroupHealth: z
    .strictObject({ dnsFailover: threshold.optional(), unhealthyStateRouting: threshold.optional() })
    .optional(),
  targetType: z.enum(["instance", "ip", "lambda", "alb"]).optional(),
  vpcId: vpcId.optional(),
}).superRefine((given, context) => {
  const refuse = refusal(context);
  const grpc = given.protocolVersion === "GRPC";
  const { matcher } = given.healthCheck ?? {};
  if (matcher !== undefined && !(grpc ? grpcCodes : httpCodes).test(matcher)) {
    const allowed = grpc
      ? "codes of gRPC from 0 to 99: 12, 0-12 or 0,12"
      : "HTTP codes between 200 and 599: 200, 200-299 or 200,302";
    refuse("healthCheck.matcher", `${JSON.stringify(matcher)} is not ${allowed}`);
  }
  if (given.targetType !== "lambda") {
    for (const name of ["vpcId", "port", "protocol"] as const) {
      if (given[name] === undefined)
        refuse(name, `${name} must be specified for target type ${given.targetType ?? "instance"}`);
    }
  }
  if (
    given.slowStart &&
    given.loadBalancingAlgorithmType &&
    given.loadBalancingAlgorithmType !== "round_robin"
  ) {
    refuse(
      "slowStart",
      `slow start works with round_robin only, not with ${given.loadBalancingAlgorithmType}`,
    );
  }
  const algorithm = given.loadBalancingAlgorithmType ?? "round_robin";
  if (given.loadBalancingAnomalyMitigation === "on" && algorithm !== "weighted_random") {
    refuse(
      "loadBalancingAnomalyMitigation",
      `anomaly mitigation works with weighted_random only, not with ${algorithm}`,
    );
  }
  if (
    given.stickiness &&
    given.stickiness.enabled !== false &&
    given.loadBalancingCrossZoneEnabled === "false"
  ) {
    refuse("stickiness", "stickiness does not work while cross-zone load balancing is off");
  }
});
type Inputs = z.infer<typeof inputs>;

/** The `aws:lb/targetGroup:TargetGroup` model. */
export const targetGroup: Model = {
  type,
  inputs,
  autoName: { property: "name", maxLength: 32, prefixProperty: "namePrefix" },
  defaults: {
    deregistrationDelay: 300,
    lambdaMultiValueHeadersEnabled: false,
    proxyProtocolV2: false,
    slowStart: 0,
    targetType: "instance",
  },
  references: [{ path: "vpcId", to: "aws:ec2/vpc:Vpc", missing: "ValidationError" }],
  unique: [{ property: "name", taken: "DuplicateTargetGroupName" }],
  inUse: "ResourceInUse",
  computed: [
    "arn",
    "arnSuffix",
    "healthCheck",
    "ipAddressType",
    "loadBalancerArns",
    "loadBalancingAlgorithmType",
    "loadBalancingAnomalyMitigation",
    "loadBalancingCrossZoneEnabled",
    "protocolVersion",
    "stickiness",
    "targetGroupHealth",
  ],
  identify: (given: Inputs, { region, accountId, hex }) =>
    `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/${given.name}/${hex(16)}`,
  describe: (given: Inputs, id) => ({
    arn: id,
    arnSuffix: id.split(":").pop(),
    healthCheck: {
      enabled: true,
      healthyThreshold: 3,
      interval: 30,
      matcher: "200",
      path: "/",
      port: "traffic-port",
      protocol: "HTTP",
      timeout: 5,
      unhealthyThreshold: 3,
      ...given.healthCheck,
    },
    ipAddressType: given.ipAddressType ?? "ipv4",
    loadBalancerArns: [],
    loadBalancingAlgorithmType: given.loadBalancingAlgorithmType ?? "round_robin",
    loadBalancingAnomalyMitigation: given.loadBalancingAnomalyMitigation ?? "off",
    loadBalancingCrossZoneEnabled: given.loadBalancingCrossZoneEnabled ?? "use_load_balancer_configuration",
    protocolVersion: given.protocolVersion ?? "HTTP1",
    stickiness: {
      cookieDuration: 86400,
      cookieName: "",
      enabled: given.stickiness !== undefined,
      type: "lb_cookie",
      ...given.stickiness,
    },
    targetGroupHealth: given.targetGroupHealth ?? {},
  }),
};
