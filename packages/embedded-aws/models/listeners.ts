// Listeners of Application Load Balancers and their rules.
import { z } from "zod";
import { isIssued } from "./acm";
import { actions, loginOf, targetGroupsOf } from "./listenerActions";
import { AwsError, type Context, type Model, type Reference } from "./model";
import { refusal } from "./refusal";
import { arn, cidr, ipv6Cidr, taggable, text, modelled } from "./schema";
import { requireState } from "../states/phases";

const loadBalancerType = "aws:lb/loadBalancer:LoadBalancer";
const targetGroupType = "aws:lb/targetGroup:TargetGroup";
const certificateType = "aws:acm/certificate:Certificate";
const listenerType = "aws:lb/listener:Listener";
const ruleType = "aws:lb/listenerRule:ListenerRule";

/** Names of policies behind `ELBSecurityPolicy-`. */
const sslPolicies = [
  ...["2015-05", "2016-08", "TLS-1-0-2015-04", "TLS-1-1-2017-01", "TLS-1-2-2017-01", "TLS-1-2-Ext-2018-06"],
  ...["FS-2018-06", "FS-1-1-2019-08", "FS-1-2-2019-08", "FS-1-2-Res-2019-08", "FS-1-2-Res-2020-10"],
  ...["1-0", "1-1", "1-2", "1-2-Res", "1-2-Ext1", "1-2-Ext2", "1-3"].map((kind) => `TLS13-${kind}-2021-06`),
  ...["1-0", "1-1", "1-2", "1-2-Res", "1-2-Ext0", "1-2-Ext1", "1-2-Ext2", "1-3"].map(
    (kind) => `TLS13-${kind}-FIPS-2023-04`,
  ),
  ...["1-0", "1-2", "1-2-Res", "1-2-Ext1", "1-2-Ext2", "1-3"].map((kind) => `TLS13-${kind}-PQ-2025-09`),
].map((name) => `ELBSecurityPolicy-${name}`);

/** References of a list of actions to target groups. */
const toTargetGroups = (list: string): Reference[] =>
  [`${list}.*.targetGroupArn`, `${list}.*.forward.targetGroups.*.arn`].map((path) => ({
    path,
    to: targetGroupType,
    by: "arn",
    missing: "TargetGroupNotFound",
  }));

/** Inputs for headers that a listener changes; AWS accepts any text. */
const headers = [
  ...[
    "AccessControlAllowCredentials",
    "AccessControlAllowHeaders",
    "AccessControlAllowMethods",
    "AccessControlAllowOrigin",
  ],
  ...[
    "AccessControlExposeHeaders",
    "AccessControlMaxAge",
    "ContentSecurityPolicy",
    "StrictTransportSecurity",
  ],
  ...["XContentTypeOptions", "XFrameOptions"],
].map((name) => `routingHttpResponse${name}HeaderValue`);

const loginFault = (type: string) => `Actions of type '${type}' are supported only on HTTPS listeners`;

const listenerInputs = taggable({
  ...Object.fromEntries(headers.map((name) => [name, z.string().optional()])),
  certificateArn: arn("acm", "certificate/").optional(),
  defaultActions: actions,
  loadBalancerArn: arn("elasticloadbalancing", "loadbalancer/"),
  mutualAuthentication: z
    .strictObject({
      advertiseTrustStoreCaNames: z.enum(["on", "off"]).optional(),
      ignoreClientCertificateExpiry: z.boolean().optional(),
      mode: z.enum(["off", "passthrough", "verify"]),
      trustStoreArn: arn("elasticloadbalancing").optional(),
    })
    .optional(),
  port: z.int().min(1).max(65535).optional(),
  protocol: modelled(
    ["HTTP", "HTTPS"],
    ["TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"],
    "listener of the protocol",
  ).optional(),
  routingHttpResponseServerEnabled: z.boolean().optional(),
  sslPolicy: z
    .enum(sslPolicies, {
      error: ({ input }) => `SSL policy '${String(input)}' not found: ${sslPolicies.join(", ")}`,
    })
    .optional(),
}).superRefine((given, context) => {
  const refuse = refusal(context);
  if (given.port === undefined) refuse("port", "a listener of an application load balancer needs a port");
  if (given.protocol === "HTTPS" && !given.certificateArn)
    refuse("certificateArn", "A certificate must be specified for HTTPS listeners");
  const { port, protocol = "HTTP" } = given;
  // Values of a redirect that leave a request as it came.
  const same: Readonly<Record<string, readonly string[]>> = {
    host: ["#{host}"],
    path: ["/#{path}"],
    query: ["#{query}"],
    port: ["#{port}", String(port)],
    protocol: ["#{protocol}", protocol],
  };
  given.defaultActions.forEach(({ redirect }, index) => {
    if (!redirect) return;
    const loops = Object.entries(same).every(([part, values]) => {
      const to = redirect[part as keyof typeof redirect];
      return to === undefined || values.includes(to);
    });
    if (loops)
      refuse(
        `defaultActions.${index}.redirect`,
        "InvalidLoadBalancerAction: The redirect configuration is not valid because it creates a loop",
      );
  });
  const login = loginOf(given.defaultActions);
  if (given.protocol !== "HTTPS" && login !== undefined)
    refuse("defaultActions", `InvalidLoadBalancerAction: ${loginFault(login)}`);
  if (given.protocol !== "HTTPS") {
    for (const name of ["certificateArn", "sslPolicy"] as const) {
      if (given[name] !== undefined) refuse(name, `${name} goes with protocol HTTPS only`);
    }
  }
});
type ListenerInputs = z.infer<typeof listenerInputs>;

function requireListener(given: ListenerInputs, context: Context): void {
  requireVpc(given.loadBalancerArn, given.defaultActions, context);
  if (!given.certificateArn) return;
  const region = given.certificateArn.split(":")[3];
  if (region !== context.region) {
    throw new AwsError(
      "ValidationError",
      `Certificate ARN '${given.certificateArn}' is not valid: it is in ${region}, the listener in ${context.region}`,
    );
  }
  const certificate = context.account.find(certificateType, "arn", given.certificateArn);
  if (certificate && !isIssued(certificate, context)) {
    throw new AwsError(
      "UnsupportedCertificate",
      `The certificate '${given.certificateArn}' must have a fully-qualified domain name, a supported signature, and a supported key size: its domain is not proved yet, so use the certificateArn of a CertificateValidation`,
    );
  }
  if (certificate) requireState(certificate, "CreateListener", context.clock.now());
}

/** Refuses a target group of another VPC, or of another load balancer. */
function requireVpc(loadBalancerArn: unknown, list: z.infer<typeof actions>, context: Context): void {
  const { account } = context;
  const vpc = account.find(loadBalancerType, "arn", loadBalancerArn)?.outputs.vpcId;
  for (const targetGroup of targetGroupsOf(list)) {
    const group = account.find(targetGroupType, "arn", targetGroup);
    if (group && group.inputs.vpcId !== vpc) {
      throw new AwsError(
        "InvalidConfigurationRequest",
        `The target group ${targetGroup} is in ${String(group.inputs.vpcId)}, the load balancer in ${String(vpc)}`,
      );
    }
    const others = loadBalancersOf(targetGroup, context).filter((each) => each !== loadBalancerArn);
    if (others.length > 0) {
      throw new AwsError(
        "TargetGroupAssociationLimit",
        `The target group ${targetGroup} serves ${others.join(", ")} already: it cannot be associated with more than one load balancer`,
      );
    }
  }
}

/** The load balancers that send requests to a target group, through a listener or a rule. */
export function loadBalancersOf(targetGroup: string, { account }: Context): string[] {
  const listeners = account.list(listenerType);
  const direct = listeners.filter(({ inputs }) =>
    targetGroupsOf(inputs.defaultActions as []).includes(targetGroup),
  );
  const byRule = account
    .list(ruleType)
    .filter(({ inputs }) => targetGroupsOf(inputs.actions as []).includes(targetGroup))
    .flatMap(({ inputs }) => listeners.filter(({ id }) => id === inputs.listenerArn));
  return [...new Set([...direct, ...byRule].map(({ inputs }) => String(inputs.loadBalancerArn)))];
}

const listener: Model = {
  type: listenerType,
  inputs: listenerInputs,
  references: [
    // AWS deletes the listeners together with their load balancer.
    {
      path: "loadBalancerArn",
      to: loadBalancerType,
      by: "arn",
      missing: "LoadBalancerNotFound",
      holds: false,
    },
    { path: "certificateArn", to: certificateType, by: "arn", missing: "CertificateNotFound" },
    ...toTargetGroups("defaultActions"),
  ],
  unique: [{ property: "port", within: ["loadBalancerArn"], taken: "DuplicateListener" }],
  computed: ["arn", "protocol", "sslPolicy"],
  identify: (given: ListenerInputs, { hex }) =>
    `${given.loadBalancerArn.replace(":loadbalancer/", ":listener/")}/${hex(16)}`,
  describe: (given: ListenerInputs, id) => ({
    arn: id,
    protocol: given.protocol ?? "HTTP",
    sslPolicy: given.protocol === "HTTPS" ? (given.sslPolicy ?? "ELBSecurityPolicy-2016-08") : "",
  }),
  beforeCreate: requireListener,
  beforeUpdate: (given: ListenerInputs, _previous, context) => requireListener(given, context),
};

const values = z.array(z.string().min(1).max(128)).min(1).max(5);
const pattern = z.strictObject({ values: values.optional(), regexValues: values.optional() });

const hostPattern = text(
  /^[A-Za-z0-9.*?-]*\.[A-Za-z0-9*?-]+$/,
  "a host with a period, of letters, digits, hyphens and the wildcards * and ?",
)
  .min(1)
  .max(128);

/** Tests of which a rule takes one each. */
const single = ["hostHeader", "httpRequestMethod", "pathPattern", "sourceIp"] as const;

const condition = z
  .strictObject({
    hostHeader: pattern.extend({ values: z.array(hostPattern).min(1).max(5).optional() }).optional(),
    httpHeader: pattern
      .extend({
        httpHeaderName: text(/^[\w!#$%&'*+,.^`|~-]*$/, "a header's name")
          .min(1)
          .max(40),
      })
      .optional(),
    httpRequestMethod: z
      .strictObject({ values: z.array(text(/^[A-Z_-]{1,40}$/, "an HTTP method in capitals")).min(1) })
      .optional(),
    pathPattern: pattern.optional(),
    queryStrings: z.array(z.strictObject({ key: z.string().optional(), value: z.string() })).optional(),
    sourceIp: z
      .strictObject({ ipAddressType: z.string().optional(), values: z.array(cidr.or(ipv6Cidr)).optional() })
      .optional(),
  })
  .refine((given) => Object.values(given).filter((each) => each !== undefined).length === 1, {
    error: "a condition tests exactly one thing: split it in several",
  });

/** Values that the conditions of a rule have together. */
const mostValues = 5;
/** Wildcards that they have together. */
const mostWildcards = 6;

function countOf(test: unknown): number {
  if (Array.isArray(test)) return test.length;
  const { values = [], regexValues = [] } = (test ?? {}) as { values?: string[]; regexValues?: string[] };
  return values.length + regexValues.length;
}

const ruleInputs = taggable({
  actions,
  conditions: z.array(condition).min(1).max(5),
  listenerArn: arn("elasticloadbalancing", "listener/"),
  priority: z.int().min(1).max(50000).optional(),
}).superRefine(({ conditions }, context) => {
  const count = conditions
    .flatMap((each) => Object.values(each))
    .reduce((sum, each) => sum + countOf(each), 0);
  if (count > mostValues)
    refusal(context)(
      "conditions",
      `ValidationError: A rule can only have '${mostValues}' condition values: it has ${count}`,
    );
  const wildcards = conditions.flatMap(valuesOf).join("").replace(/[^*?]/g, "").length;
  if (wildcards > mostWildcards)
    refusal(context)(
      "conditions",
      `ValidationError: A rule can only have '${mostWildcards}' wildcards: it has ${wildcards}`,
    );
  const twice = single.find((name) => conditions.filter((each) => each[name] !== undefined).length > 1);
  if (twice !== undefined)
    refusal(context)("conditions", `ValidationError: A rule can only have one '${twice}' condition`);
});
type RuleInputs = z.infer<typeof ruleInputs>;

/** The values that a condition tests for. */
const valuesOf = (each: z.infer<typeof condition>): string[] =>
  [each.hostHeader, each.httpHeader, each.pathPattern].flatMap((test) => test?.values ?? []);

function requireRule(given: RuleInputs, context: Context): void {
  const owner = context.account.find(listenerType, "arn", given.listenerArn);
  const login = loginOf(given.actions);
  if (login !== undefined && owner?.inputs.protocol !== "HTTPS")
    throw new AwsError("InvalidLoadBalancerAction", loginFault(login));
  requireVpc(owner?.inputs.loadBalancerArn, given.actions, context);
}

const listenerRule: Model = {
  type: ruleType,
  inputs: ruleInputs,
  references: [
    // AWS deletes the rules together with their listener.
    { path: "listenerArn", to: listenerType, by: "arn", missing: "ListenerNotFound", holds: false },
    ...toTargetGroups("actions"),
  ],
  unique: [{ property: "priority", within: ["listenerArn"], taken: "PriorityInUse" }],
  computed: ["arn", "priority"],
  identify: (given: RuleInputs, { hex }) =>
    `${given.listenerArn.replace(":listener/", ":listener-rule/")}/${hex(16)}`,
  describe(given: RuleInputs, id, { account }, previous) {
    const taken = account.list(ruleType).filter(({ inputs }) => inputs.listenerArn === given.listenerArn);
    const highest = Math.max(0, ...taken.map(({ outputs }) => Number(outputs.priority)));
    return { arn: id, priority: given.priority ?? previous?.outputs.priority ?? highest + 1 };
  },
  beforeCreate: requireRule,
  beforeUpdate: (given: RuleInputs, _previous, context) => requireRule(given, context),
};

export const models: readonly Model[] = [listener, listenerRule];
