// Application Load Balancers.
import { z } from "zod";
import { hasInternetGateway } from "./internet";
import { AwsError, type Context, type Model } from "./model";
import { foreignGroups, toSecurityGroups, toSubnets, vpcsOf, zonesOf } from "./placement";
import { refusal } from "./refusal";
import { letsWrite } from "./s3Policy";
import { securityGroupId, subnetId, taggable, text, modelled } from "./schema";

/** Names of load balancers and target groups. */
export const elbName = text(
  /^(?!-)[A-Za-z0-9-]{1,32}$/,
  "a name of 1 to 32 letters, digits and hyphens",
).refine((name) => !name.endsWith("-"), {
  error: "a name cannot end with a hyphen",
});

/** Prefix of such names; AWS draws the rest. */
export const elbNamePrefix = text(/^(?!-)[A-Za-z0-9-]{1,6}$/, "1 to 6 letters, digits and hyphens");

const encryptionType =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

/** Hosted zones of load balancers' host names by region. */
const zoneIds: Readonly<Record<string, string>> = {
  "us-east-1": "Z35SXDOTRQ7X7K",
  "us-east-2": "Z3AADJGX6KTTL2",
  "us-west-2": "Z1H1FL5HABSF5",
  "eu-west-1": "Z32O12XQLNTSW2",
  "eu-central-1": "Z215JYRZR1TBD5",
};

const logs = z.strictObject({
  bucket: z.string().min(3),
  enabled: z.boolean().optional(),
  prefix: z.string().optional(),
});

const inputs = taggable({
  name: elbName
    .refine((name) => !name.startsWith("internal-"), { error: 'a name cannot begin with "internal-"' })
    .optional(),
  namePrefix: elbNamePrefix.optional(),
  accessLogs: logs.optional(),
  connectionLogs: logs.optional(),
  healthCheckLogs: logs.optional(),
  clientKeepAlive: z.int().min(60).max(604800).optional(),
  desyncMitigationMode: z.enum(["monitor", "defensive", "strictest"]).optional(),
  dropInvalidHeaderFields: z.boolean().optional(),
  enableCrossZoneLoadBalancing: z.boolean().optional(),
  enableDeletionProtection: z.boolean().optional(),
  enableHttp2: z.boolean().optional(),
  enableTlsVersionAndCipherSuiteHeaders: z.boolean().optional(),
  enableWafFailOpen: z.boolean().optional(),
  enableXffClientPort: z.boolean().optional(),
  enableZonalShift: z.boolean().optional(),
  idleTimeout: z
    .int()
    .min(1, { error: "the idle timeout is 1 to 4000 seconds" })
    .max(4000, { error: "the idle timeout is 1 to 4000 seconds" })
    .optional(),
  internal: z.boolean().optional(),
  ipAddressType: z.enum(["ipv4", "dualstack", "dualstack-without-public-ipv4"]).optional(),
  loadBalancerType: modelled(["application"], ["network", "gateway"], "load balancer of the type").optional(),
  minimumLoadBalancerCapacity: z.strictObject({ capacityUnits: z.int().min(0) }).optional(),
  preserveHostHeader: z.boolean().optional(),
  securityGroups: z.array(securityGroupId).optional(),
  subnets: z.array(subnetId).optional(),
  subnetMappings: z
    .array(
      z.strictObject({
        subnetId,
        allocationId: z.string().optional(),
        privateIpv4Address: z.string().optional(),
      }),
    )
    .optional(),
  xffHeaderProcessingMode: z.enum(["append", "preserve", "remove"]).optional(),
}).superRefine((given, context) => {
  const refuse = refusal(context);
  if (!given.subnets && !given.subnetMappings)
    refuse("subnets", "a load balancer needs subnets in at least two availability zones");
  if (given.subnets && given.subnetMappings)
    refuse("subnetMappings", "give subnets or subnetMappings, not both");
});
type Inputs = z.infer<typeof inputs>;

function subnetsOf(given: Inputs): readonly string[] {
  return given.subnets ?? (given.subnetMappings ?? []).map((mapping) => mapping.subnetId);
}

function requirePlacement(given: Inputs, context: Context): void {
  const subnets = subnetsOf(given);
  const vpcs = vpcsOf(subnets, context);
  if (vpcs.length > 1)
    throw new AwsError(
      "InvalidConfigurationRequest",
      `All subnets must belong to the same VPC, not to ${vpcs.join(", ")}`,
    );
  const zones = zonesOf(subnets, context);
  if (zones.length < subnets.length) {
    throw new AwsError(
      "InvalidConfigurationRequest",
      `A load balancer cannot be attached to multiple subnets in the same Availability Zone (${zones.join(", ")})`,
    );
  }
  if (zones.length < 2) {
    throw new AwsError(
      "ValidationError",
      "At least two subnets in two different Availability Zones must be specified",
    );
  }
  const foreign = foreignGroups(given.securityGroups ?? [], vpcs[0], context);
  if (foreign.length > 0) {
    throw new AwsError(
      "InvalidConfigurationRequest",
      `One or more security groups are invalid: ${foreign.join(", ")} is not in ${vpcs[0]}`,
    );
  }
}

function requireAll(given: Inputs, context: Context): void {
  requirePlacement(given, context);
  const [vpc] = vpcsOf(subnetsOf(given), context);
  if (given.internal !== true && vpc !== undefined && !hasInternetGateway(vpc, context)) {
    throw new AwsError("InvalidSubnet", `VPC ${vpc} has no internet gateway`);
  }
  requireLogs(given, context);
}

/**
 * Refuses a bucket for access logs into which the load balancer may not write, or whose encryption is not S3's own
 * (SSE-S3).
 */
function requireLogs({ accessLogs }: Inputs, context: Context): void {
  if (!accessLogs || accessLogs.enabled === false) return;
  const { bucket, prefix } = accessLogs;
  const folder = `${prefix ? `${prefix}/` : ""}AWSLogs/${context.accountId}/`;
  const encryption = context.account.find(encryptionType, "bucket", bucket)?.inputs;
  const writable = letsWrite(bucket, "logdelivery.elasticloadbalancing.amazonaws.com", folder, context);
  if (!writable || JSON.stringify(encryption ?? {}).includes("aws:kms")) {
    throw new AwsError(
      "InvalidConfigurationRequest",
      `Access Denied for bucket: ${bucket}. Please check S3bucket permission`,
    );
  }
}

/** The `aws:lb/loadBalancer:LoadBalancer` model. */
export const loadBalancer: Model = {
  type: "aws:lb/loadBalancer:LoadBalancer",
  inputs,
  autoName: { property: "name", maxLength: 32, prefixProperty: "namePrefix" },
  defaults: {
    clientKeepAlive: 3600,
    desyncMitigationMode: "defensive",
    dropInvalidHeaderFields: false,
    enableDeletionProtection: false,
    enableHttp2: true,
    enableTlsVersionAndCipherSuiteHeaders: false,
    enableWafFailOpen: false,
    enableXffClientPort: false,
    enableZonalShift: false,
    idleTimeout: 60,
    loadBalancerType: "application",
    preserveHostHeader: false,
    xffHeaderProcessingMode: "append",
  },
  references: [
    toSubnets("subnets.*", "SubnetNotFound"),
    toSubnets("subnetMappings.*.subnetId", "SubnetNotFound"),
    toSecurityGroups("securityGroups.*", "InvalidSecurityGroup"),
    {
      path: "accessLogs.bucket",
      to: "aws:s3/bucket:Bucket",
      missing: "InvalidConfigurationRequest",
      holds: false,
    },
    {
      path: "connectionLogs.bucket",
      to: "aws:s3/bucket:Bucket",
      missing: "InvalidConfigurationRequest",
      holds: false,
    },
  ],
  unique: [{ property: "name", taken: "DuplicateLoadBalancerName" }],
  computed: [
    "arn",
    "arnSuffix",
    "dnsName",
    "internal",
    "ipAddressType",
    "securityGroups",
    "subnetMappings",
    "subnets",
    "vpcId",
    "zoneId",
  ],
  identify: (given: Inputs, { region, accountId, hex }) =>
    `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/app/${given.name}/${hex(16)}`,
  describe(given: Inputs, id, context, previous) {
    const digits = BigInt(`0x${context.hex(8)}`)
      .toString()
      .padStart(10, "0")
      .slice(0, 10);
    const internal = given.internal ?? false;
    return {
      arn: id,
      arnSuffix: id.split(":loadbalancer/").pop(),
      dnsName:
        previous?.outputs.dnsName ??
        `${internal ? "internal-" : ""}${given.name}-${digits}.${context.region}.elb.amazonaws.com`,
      internal,
      ipAddressType: given.ipAddressType ?? "ipv4",
      securityGroups: given.securityGroups ?? [],
      subnetMappings: given.subnetMappings ?? subnetsOf(given).map((subnet) => ({ subnetId: subnet })),
      subnets: subnetsOf(given),
      vpcId: vpcsOf(subnetsOf(given), context)[0],
      zoneId: zoneIds[context.region] ?? "Z35SXDOTRQ7X7K",
    };
  },
  beforeCreate: requireAll,
  beforeUpdate: (given: Inputs, _previous, context) => requireAll(given, context),
  beforeDelete({ inputs: given, id }) {
    if (given.enableDeletionProtection) {
      throw new AwsError(
        "OperationNotPermitted",
        `Load balancer '${id}' cannot be deleted because deletion protection is enabled: set enableDeletionProtection: false and update first`,
      );
    }
  },
  replaces: { securityGroups: () => false, subnetMappings: () => false, subnets: () => false },
};
