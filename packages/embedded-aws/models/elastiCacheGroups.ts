// The groups that a replication group refers to: subnets, and parameters of Redis or Valkey.
import { z } from "zod";
import parameters from "../data/cache-parameters.json";
import { AwsError, type Context, type Model } from "./model";
import { toSubnets, vpcsOf } from "./placement";
import { refusal } from "./refusal";
import { subnetId, taggable, text } from "./schema";

export const subnetGroupType = "aws:elasticache/subnetGroup:SubnetGroup";
export const parameterGroupType = "aws:elasticache/parameterGroup:ParameterGroup";

const groupName = text(
  /^[a-z](-?[a-z0-9])*$/,
  "lower-case letters, digits and single hyphens, beginning with a letter",
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

interface Parameter {
  readonly min?: number;
  readonly max?: number;
  readonly allowed?: readonly string[];
  readonly pattern?: string;
  readonly fixed?: boolean;
}
const catalogue = parameters as unknown as Readonly<Record<string, Parameter | undefined>>;

/** Why ElastiCache refuses this setting; undefined if it accepts it. */
function objection(name: string, value: string): string | undefined {
  const parameter = catalogue[name];
  if (!parameter)
    return `The embedded AWS does not know the parameter ${name}, or it doesn't exist (packages/embedded-aws/data/cache-parameters.json)`;
  if (parameter.fixed) return `The parameter ${name} cannot be modified`;
  const { min = -Infinity, max = Infinity, allowed, pattern } = parameter;
  const fits =
    allowed?.includes(value) ?? (pattern === undefined ? undefined : new RegExp(pattern).test(value));
  const number = /^-?\d+$/.test(value) ? Number(value) : NaN;
  if (fits ?? (number >= min && number <= max)) return undefined;
  const wanted = allowed?.join(", ") ?? pattern ?? `${min} to ${max === Infinity ? "any number" : max}`;
  return `The parameter ${name} has an invalid value ${value}: ${wanted}`;
}

const parameterGroupInputs = taggable({
  name: groupName.optional(),
  description: z.string().optional(),
  family: z.enum(["redis4.0", "redis5.0", "redis6.x", "redis7", "valkey7", "valkey8"], {
    error: ({ input }) =>
      /^(memcached1\.[4-6]|redis(2\.6|2\.8|3\.2))$/.test(String(input))
        ? `The embedded AWS models no parameter group of the family ${String(input)}`
        : `CacheParameterGroupFamily ${String(input)} is not a valid parameter group family: redis7, valkey7, valkey8 …`,
  }),
  parameters: z
    .array(
      z
        .strictObject({ name: text(/^[a-z][a-z0-9-]*$/, "a parameter's name"), value: z.string() })
        .superRefine(({ name, value }, context) => {
          const fault = objection(name, value);
          if (fault !== undefined) refusal(context)("value", fault);
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
