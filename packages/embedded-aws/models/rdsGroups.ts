// The groups that a database instance refers to: subnets, and parameters of PostgreSQL.
import { z } from "zod";
import { AwsError, type Context, type Model } from "./model";
import { toSubnets, vpcsOf, zonesOf } from "./placement";
import { defaultOf, exceeds, families, memoryOf, objection } from "./rdsParameters";
import { refusal } from "./refusal";
import { subnetId, taggable, text } from "./schema";

/** Refuses subnets in fewer than two zones or in more than one VPC, as RDS does. */
export function requireCoverage(subnets: readonly string[], context: Context): void {
  if (vpcsOf(subnets, context).length > 1) {
    throw new AwsError("InvalidSubnet", `The subnets ${subnets.join(", ")} are not all in the same VPC`);
  }
  const zones = zonesOf(subnets, context);
  if (zones.length < 2) {
    throw new AwsError(
      "DBSubnetGroupDoesNotCoverEnoughAZs",
      `The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: ${zones.join(", ")}. Add subnets to cover at least 2 AZs.`,
    );
  }
}

const subnetGroupName = text(
  /^[a-z0-9 ._-]{1,255}$/,
  "lower-case letters, digits, spaces, '.', '_' and '-', 1 to 255",
).refine((name) => name !== "default", { error: '"default" is a name that AWS reserves' });

const subnetGroupInputs = taggable({
  name: subnetGroupName.optional(),
  namePrefix: text(
    /^[a-z0-9 ._-]{1,229}$/,
    "lower-case letters, digits, spaces, '.', '_' and '-', 1 to 229",
  ).optional(),
  description: z.string().min(1).optional(),
  subnetIds: z.array(subnetId).min(1),
});
type SubnetGroupInputs = z.infer<typeof subnetGroupInputs>;

const subnetGroup: Model = {
  type: "aws:rds/subnetGroup:SubnetGroup",
  inputs: subnetGroupInputs,
  autoName: { property: "name", maxLength: 255, prefixProperty: "namePrefix", lowerCase: true },
  defaults: { description: "Managed by Pulumi" },
  references: [toSubnets("subnetIds.*", "InvalidSubnet")],
  unique: [{ property: "name", taken: "DBSubnetGroupAlreadyExists" }],
  inUse: "InvalidDBSubnetGroupStateFault",
  computed: ["arn", "supportedNetworkTypes", "vpcId"],
  identify: (inputs: SubnetGroupInputs) => String(inputs.name),
  describe: (inputs: SubnetGroupInputs, id, context) => ({
    arn: `arn:aws:rds:${context.region}:${context.accountId}:subgrp:${id}`,
    supportedNetworkTypes: ["IPV4"],
    vpcId: vpcsOf(inputs.subnetIds, context)[0],
  }),
  beforeCreate: (inputs: SubnetGroupInputs, context) => requireCoverage(inputs.subnetIds, context),
  beforeUpdate(inputs: SubnetGroupInputs, previous, context) {
    requireCoverage(inputs.subnetIds, context);
    if (vpcsOf(inputs.subnetIds, context)[0] !== previous.outputs.vpcId) {
      throw new AwsError(
        "InvalidSubnet",
        "The new subnets are not in the same VPC as the existing subnet group",
      );
    }
  },
};

const parameterGroupName = /^[a-z](?!.*--)[a-z0-9-]*$/;

const parameterGroupInputs = taggable({
  name: text(parameterGroupName, "lower-case letters, digits and single hyphens, beginning with a letter")
    .max(255)
    .refine((name) => !name.endsWith("-"), { error: "a name cannot end with a hyphen" })
    .optional(),
  namePrefix: text(
    parameterGroupName,
    "lower-case letters, digits and single hyphens, beginning with a letter",
  )
    .max(229)
    .optional(),
  description: z.string().optional(),
  family: z.enum(families as [string, ...string[]], {
    error: ({ input }) =>
      /^(mysql|mariadb|aurora|oracle|sqlserver|db2)-?|^postgres1[0-2]$|^postgres9\.[3-6]$/.test(String(input))
        ? `The embedded AWS models no parameter group of the family ${String(input)}: it models ${families.join(", ")}`
        : `ParameterGroupFamily ${JSON.stringify(input)} is not a valid parameter group family: ${families.join(", ")}`,
  }),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        value: z.string(),
        applyMethod: z.enum(["immediate", "pending-reboot"]).optional(),
      }),
    )
    .optional(),
  skipDestroy: z.boolean().optional(),
}).superRefine(({ parameters = [] }, context) => {
  const refuse = refusal(context);
  parameters.forEach(({ name, value, applyMethod = "immediate" }, index) => {
    const reason = objection(name, value, applyMethod);
    if (reason) refuse(`parameters.${index}`, reason);
    if (parameters.findIndex((each) => each.name === name) < index) {
      refuse(`parameters.${index}.name`, `${name} is set twice: name each parameter once`);
    }
  });
});
type ParameterGroupInputs = z.infer<typeof parameterGroupInputs>;
type Parameter = NonNullable<ParameterGroupInputs["parameters"]>[number];

/**
 * A parameter in RDS's report. RDS changes the apply method only together with the value, and a parameter with RDS's
 * own value has `pending-reboot`.
 */
function reported(parameter: Parameter, before: readonly Parameter[]): Parameter {
  const { name, value, applyMethod = "immediate" } = parameter;
  const known: Parameter = before.find((each) => each.name === name) ?? {
    name,
    value: defaultOf(name) ?? "",
    applyMethod: "pending-reboot",
  };
  const registered = known.value === value ? (known.applyMethod ?? "immediate") : applyMethod;
  return registered === applyMethod ? parameter : { ...parameter, applyMethod: registered };
}

const parameterGroup: Model = {
  type: "aws:rds/parameterGroup:ParameterGroup",
  inputs: parameterGroupInputs,
  autoName: { property: "name", maxLength: 255, prefixProperty: "namePrefix", lowerCase: true },
  defaults: { description: "Managed by Pulumi", skipDestroy: false },
  unique: [{ property: "name", taken: "DBParameterGroupAlreadyExists" }],
  inUse: "InvalidDBParameterGroupState",
  computed: ["arn"],
  observed: ["parameters"],
  identify: (inputs: ParameterGroupInputs) => String(inputs.name),
  describe({ parameters }: ParameterGroupInputs, id, context, previous) {
    const before = (previous?.outputs.parameters ?? []) as readonly Parameter[];
    return {
      arn: `arn:aws:rds:${context.region}:${context.accountId}:pg:${id}`,
      parameters: parameters?.map((parameter) => reported(parameter, before)),
    };
  },
  beforeUpdate(inputs: ParameterGroupInputs, previous, { account }) {
    for (const instance of account.list("aws:rds/instance:Instance")) {
      if (instance.outputs.parameterGroupName !== previous.outputs.name) continue;
      requireMemory(
        String(instance.outputs.identifier),
        String(instance.inputs.instanceClass),
        inputs.parameters,
      );
    }
  },
};

/** Refuses parameters with which PostgreSQL would not start on that class. */
export function requireMemory(
  identifier: string,
  instanceClass: string,
  parameters: readonly { name: string; value: string }[] = [],
): void {
  const reason = exceeds(parameters, memoryOf(instanceClass) ?? Infinity);
  if (reason) {
    throw new AwsError(
      "incompatible-parameters",
      `DB instance ${identifier} (${instanceClass}) cannot start with its parameter group: ${reason}. Lower the value, or leave it out to get RDS's formula`,
    );
  }
}

export const models: readonly Model[] = [subnetGroup, parameterGroup];
