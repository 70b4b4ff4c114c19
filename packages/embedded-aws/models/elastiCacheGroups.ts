// The groups that a replication group refers to: subnets, and parameters of Redis or Valkey.
import { z } from "zod";
import { AwsError, type Context, type Model } from "./model";
import { toSubnets, vpcsOf } from "./placement";
import { subnetId, taggable, text } from "./schema";

export const subnetGroupType = "aws:elasticache/subnetGroup:SubnetGroup";
export const parameterGroupType = "aws:elasticache/parameterGroup:ParameterGroup";

const groupName = text(
  /^[a-z][a-z0-9-]*$/,
  "lower-case letters, digits and hyphens, beginning with a letter",
).max(255);

const subnetGroupInputs = taggable({
  name: groupName
    .refine((name) => name !== "default", { error: '"default" is a name that AWS reserves' })
    .optional(),
  description: z.string().min(1).optional(),
  subnetIds: z.array(subnetId).min(1),
});
type SubnetGroupInputs = z.infer<typeof subnetGroupInputs>;

function requireOneVpc(given: SubnetGroupInputs, context: Context): void {
  const vpcs = vpcsOf(given.subnetIds, context);
  if (vpcs.length > 1)
    throw new AwsError(
      "InvalidSubnet",
      `The subnets of ${given.name} lie in several VPCs: ${vpcs.join(", ")}`,
    );
}

/** The `aws:elasticache/subnetGroup:SubnetGroup` model. */
export const subnetGroup: Model = {
  type: subnetGroupType,
  inputs: subnetGroupInputs,
  autoName: { property: "name", maxLength: 255, lowerCase: true },
  defaults: { description: "Managed by Pulumi" },
  references: [toSubnets("subnetIds.*", "InvalidSubnet")],
  unique: [{ property: "name", taken: "CacheSubnetGroupAlreadyExists" }],
  inUse: "CacheSubnetGroupInUse",
  computed: ["arn", "vpcId"],
  identify: (given: SubnetGroupInputs) => String(given.name),
  describe: (given: SubnetGroupInputs, id, context) => ({
    arn: `arn:aws:elasticache:${context.region}:${context.accountId}:subnetgroup:${id}`,
    vpcId: vpcsOf(given.subnetIds, context)[0],
  }),
  beforeCreate: requireOneVpc,
  beforeUpdate: (given: SubnetGroupInputs, _previous, context) => requireOneVpc(given, context),
};

const evictions = [
  "volatile-lru",
  "allkeys-lru",
  "volatile-lfu",
  "allkeys-lfu",
  "volatile-random",
  "allkeys-random",
  "volatile-ttl",
  "noeviction",
];

/** Parameters with a list of allowed values; all other parameters accept any value. */
const listed: Readonly<Record<string, readonly string[]>> = {
  "maxmemory-policy": evictions,
  "cluster-enabled": ["yes", "no"],
  activedefrag: ["yes", "no"],
  appendonly: ["yes", "no"],
};

const parameterGroupInputs = taggable({
  name: groupName.optional(),
  description: z.string().optional(),
  family: z.enum(["redis4.0", "redis5.0", "redis6.x", "redis7", "valkey7", "valkey8"], {
    error: ({ input }) =>
      String(input).startsWith("memcached")
        ? `The embedded AWS models no parameter group of the family ${String(input)}`
        : `CacheParameterGroupFamily ${String(input)} is not a valid parameter group family: redis7, valkey7, valkey8 …`,
  }),
  parameters: z
    .array(
      z
        .strictObject({ name: text(/^[a-z][a-z0-9-]*$/, "a parameter's name"), value: z.string() })
        .refine(({ name, value }) => listed[name]?.includes(value) ?? true, {
          path: ["value"],
          error: ({ input }) => {
            const { name, value } = input as { name: string; value: string };
            return `The parameter ${name} has an invalid value ${value}: ${listed[name]?.join(", ")}`;
          },
        }),
    )
    .optional(),
});
type ParameterGroupInputs = z.infer<typeof parameterGroupInputs>;

/** The `aws:elasticache/parameterGroup:ParameterGroup` model. */
export const parameterGroup: Model = {
  type: parameterGroupType,
  inputs: parameterGroupInputs,
  autoName: { property: "name", maxLength: 255, lowerCase: true },
  defaults: { description: "Managed by Pulumi" },
  unique: [{ property: "name", taken: "CacheParameterGroupAlreadyExists" }],
  inUse: "InvalidCacheParameterGroupState",
  computed: ["arn"],
  identify: (given: ParameterGroupInputs) => String(given.name),
  describe: (_given, id, context) => ({
    arn: `arn:aws:elasticache:${context.region}:${context.accountId}:parametergroup:${id}`,
  }),
};
