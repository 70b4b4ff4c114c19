// RDS Proxy: the proxy itself.
import { z } from "zod";
import { AwsError, type Context, type Model } from "./model";
import { roleByArn, trusts } from "./permission";
import { foreignGroups, toSecurityGroups, toSubnets, vpcsOf, zonesOf } from "./placement";
import { endpointSuffix } from "./rdsInstance";
import { refusal } from "./refusal";
import { arn, securityGroupId, subnetId, taggable, text, modelled } from "./schema";
import { currentValue } from "./secretsManager";

export const proxyType = "aws:rds/proxy:Proxy";

const auth = z.strictObject({
  authScheme: z.literal("SECRETS").optional(),
  clientPasswordAuthType: z.enum(["POSTGRES_SCRAM_SHA_256", "POSTGRES_MD5"]).optional(),
  description: z.string().optional(),
  iamAuth: z.enum(["DISABLED", "REQUIRED", "ENABLED"]).optional(),
  secretArn: arn("secretsmanager", "secret:").optional(),
  username: z.string().optional(),
});

const proxyInputs = taggable({
  name: text(
    /^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,62}$/,
    "letters, digits and single hyphens, beginning with a letter, at most 63",
  )
    .refine((name) => !name.endsWith("-"), { error: "a name cannot end with a hyphen" })
    .optional(),
  auths: z.array(auth).min(1).max(200).optional(),
  debugLogging: z.boolean().optional(),
  defaultAuthScheme: z.enum(["NONE", "IAM_AUTH"]).optional(),
  endpointNetworkType: z.enum(["IPV4", "IPV6", "DUAL"]).optional(),
  engineFamily: modelled(["POSTGRESQL"], ["MYSQL", "SQLSERVER"], "proxy of the engine family"),
  idleClientTimeout: z.int().min(1).max(28800).optional(),
  requireTls: z.boolean().optional(),
  roleArn: arn("iam", "role/"),
  targetConnectionNetworkType: z.enum(["IPV4", "IPV6"]).optional(),
  vpcSecurityGroupIds: z.array(securityGroupId).optional(),
  vpcSubnetIds: z
    .array(subnetId)
    .min(2, { error: "a proxy needs subnets in at least two availability zones" }),
}).superRefine((given, context) => {
  const refuse = refusal(context);
  if (!given.auths && given.defaultAuthScheme !== "IAM_AUTH")
    refuse("auths", "a proxy needs a secret with the user's password: give auths");
  given.auths?.forEach((each, index) => {
    if (!each.secretArn) refuse(`auths.${index}.secretArn`, "auth scheme SECRETS needs secretArn");
    if (each.iamAuth === "REQUIRED" && given.requireTls === false)
      refuse("requireTls", "IAM authentication needs requireTls: true");
  });
});
/** Inputs of a proxy. */
export type ProxyInputs = z.infer<typeof proxyInputs>;

/** The secrets that the proxy logs in with; a secret's value must have AWS's form. */
export function credentials(given: ProxyInputs, context: Context) {
  return (given.auths ?? []).map(({ secretArn = "" }) => {
    const value = currentValue(secretArn, context);
    const credential = value === undefined ? undefined : parse(value);
    if (
      value !== undefined &&
      (typeof credential?.username !== "string" || typeof credential.password !== "string")
    ) {
      throw new AwsError(
        "InvalidParameterValue",
        `The secret ${secretArn} must be JSON of the form {"username": "…", "password": "…"}`,
      );
    }
    return { secretArn, credential };
  });
}

function parse(value: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(value) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function requireProxy(given: ProxyInputs, context: Context): void {
  const vpcs = vpcsOf(given.vpcSubnetIds, context);
  if (vpcs.length > 1)
    throw new AwsError(
      "InvalidSubnet",
      `The subnets of a proxy must be in one VPC, not in ${vpcs.join(", ")}`,
    );
  const zones = zonesOf(given.vpcSubnetIds, context);
  if (zones.length < 2) {
    throw new AwsError(
      "InvalidSubnet",
      `A proxy needs subnets in at least 2 availability zones; these lie in ${zones.join(", ")}`,
    );
  }
  const foreign = foreignGroups(given.vpcSecurityGroupIds ?? [], vpcs[0], context);
  if (foreign.length > 0)
    throw new AwsError(
      "InvalidParameterValue",
      `The security group ${foreign.join(", ")} is not in the proxy's VPC ${vpcs[0]}`,
    );
  const role = roleByArn(given.roleArn, context);
  if (role && !trusts(role, "rds.amazonaws.com")) {
    throw new AwsError(
      "InvalidParameterValue",
      `RDS is not authorized to assume service-linked role ${given.roleArn}: its trust policy must allow rds.amazonaws.com`,
    );
  }
  credentials(given, context);
}

/** The `aws:rds/proxy:Proxy` model. */
export const proxy: Model = {
  type: proxyType,
  inputs: proxyInputs,
  autoName: { property: "name", maxLength: 63 },
  references: [
    toSubnets("vpcSubnetIds.*", "InvalidSubnet"),
    toSecurityGroups("vpcSecurityGroupIds.*", "InvalidParameterValue"),
    { path: "roleArn", to: "aws:iam/role:Role", by: "arn", missing: "InvalidParameterValue", holds: false },
    {
      path: "auths.*.secretArn",
      to: "aws:secretsmanager/secret:Secret",
      by: "arn",
      missing: "InvalidParameterValue",
      holds: false,
    },
  ],
  unique: [{ property: "name", taken: "DBProxyAlreadyExistsFault" }],
  computed: ["arn", "endpoint", "idleClientTimeout", "vpcSecurityGroupIds"],
  // The name: AWS deletes target group and targets together with the proxy.
  identify: (given: ProxyInputs) => String(given.name),
  describe: (given: ProxyInputs, _id, context, previous) => ({
    arn:
      previous?.outputs.arn ??
      `arn:aws:rds:${context.region}:${context.accountId}:db-proxy:prx-${context.hex(17)}`,
    endpoint: `${given.name?.toLowerCase()}.proxy-${endpointSuffix(context)}`,
    idleClientTimeout: given.idleClientTimeout ?? 1800,
    vpcSecurityGroupIds: given.vpcSecurityGroupIds ?? [],
  }),
  beforeCreate: requireProxy,
  beforeUpdate: (given: ProxyInputs, _previous, context) => requireProxy(given, context),
};
