// RDS Proxy: its default target group and the instance behind it.
import { z } from "zod";
import type { Resource } from "../account";
import { AwsError, type Context, type Model } from "./model";
import { allows, roleByArn } from "./permission";
import { credentials, proxyType, type ProxyInputs } from "./rdsProxyModel";
import { refusal } from "./refusal";
import { regional } from "./schema";

const targetGroupInputs = regional({
  dbProxyName: z.string(),
  connectionPoolConfig: z
    .strictObject({
      connectionBorrowTimeout: z.int().min(0).max(300).optional(),
      initQuery: z.string().optional(),
      maxConnectionsPercent: z.int().min(1).max(100).optional(),
      maxIdleConnectionsPercent: z.int().min(0).max(100).optional(),
      sessionPinningFilters: z
        .array(z.string())
        .max(0, { error: "session pinning filters exist for MySQL only: leave them out for PostgreSQL" })
        .optional(),
    })
    .superRefine(({ maxConnectionsPercent = 100, maxIdleConnectionsPercent = 50 }, context) => {
      if (maxIdleConnectionsPercent > maxConnectionsPercent) {
        refusal(context)(
          "maxIdleConnectionsPercent",
          `${maxIdleConnectionsPercent} is above maxConnectionsPercent (${maxConnectionsPercent})`,
        );
      }
    })
    .optional(),
});
type TargetGroupInputs = z.infer<typeof targetGroupInputs>;

const toProxy = { path: "dbProxyName", to: proxyType, by: "name", missing: "DBProxyNotFoundFault" } as const;

/** The `aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup` model. */
export const defaultTargetGroup: Model = {
  type: "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
  inputs: targetGroupInputs,
  references: [toProxy],
  computed: ["arn", "name", "connectionPoolConfig"],
  identify: (given: TargetGroupInputs) => given.dbProxyName,
  describe: (given: TargetGroupInputs, _id, context, previous) => ({
    arn:
      previous?.outputs.arn ??
      `arn:aws:rds:${context.region}:${context.accountId}:target-group:prx-tg-${context.hex(17)}`,
    name: "default",
    connectionPoolConfig: {
      connectionBorrowTimeout: 120,
      maxConnectionsPercent: 100,
      maxIdleConnectionsPercent: 50,
      ...given.connectionPoolConfig,
    },
  }),
};

const targetInputs = regional({
  dbProxyName: z.string(),
  targetGroupName: z.string(),
  dbInstanceIdentifier: z.string().optional(),
  dbClusterIdentifier: z.string().optional(),
}).superRefine((given, context) => {
  const refuse = refusal(context);
  if (given.dbClusterIdentifier)
    refuse("dbClusterIdentifier", "DB clusters are not known here: give dbInstanceIdentifier");
  else if (!given.dbInstanceIdentifier)
    refuse("dbInstanceIdentifier", "a target is an instance: give dbInstanceIdentifier");
  if (given.targetGroupName !== "default")
    refuse(
      "targetGroupName",
      `${given.targetGroupName} does not exist: a proxy has the target group "default"`,
    );
});
type TargetInputs = z.infer<typeof targetInputs>;

function targetOf(given: TargetInputs, { account }: Context): Resource | undefined {
  return account.find("aws:rds/instance:Instance", "identifier", given.dbInstanceIdentifier);
}

/** AWS registers a target that it cannot log in to and reports it as unavailable (AUTH_FAILURE); no client gets through. */
function requireLogin(proxyGiven: ProxyInputs, instance: Resource, context: Context): void {
  const role = roleByArn(proxyGiven.roleArn, context);
  for (const { secretArn, credential } of credentials(proxyGiven, context)) {
    const fail = (reason: string) => {
      throw new AwsError(
        "AUTH_FAILURE",
        `The proxy ${proxyGiven.name} cannot log in to ${String(instance.outputs.identifier)}: ${reason}`,
      );
    };
    if (!credential)
      fail(`the secret ${secretArn} has no value yet; make the target depend on the secret's version`);
    if (role && !allows(role, "secretsmanager:GetSecretValue", secretArn, context)) {
      fail(
        `the role ${proxyGiven.roleArn} may not secretsmanager:GetSecretValue on ${secretArn}; make the target depend on the role's policy`,
      );
    }
    const wrong =
      credential?.username === instance.outputs.username && credential?.password !== instance.inputs.password;
    if (wrong && instance.inputs.password !== undefined)
      fail(`the password in ${secretArn} is not the instance's`);
  }
}

/** The `aws:rds/proxyTarget:ProxyTarget` model. */
export const target: Model = {
  type: "aws:rds/proxyTarget:ProxyTarget",
  inputs: targetInputs,
  references: [
    toProxy,
    // AWS drops the target when its instance goes.
    {
      path: "dbInstanceIdentifier",
      to: "aws:rds/instance:Instance",
      by: "identifier",
      missing: "DBInstanceNotFound",
      holds: false,
    },
  ],
  // A proxy has one target at a time.
  unique: [{ property: "dbProxyName", taken: "DBProxyTargetAlreadyRegisteredFault" }],
  computed: ["endpoint", "port", "rdsResourceId", "targetArn", "trackedClusterId", "type"],
  identify: (given: TargetInputs) =>
    `${given.dbProxyName}/${given.targetGroupName}/RDS_INSTANCE/${given.dbInstanceIdentifier}`,
  describe(given: TargetInputs, _id, context) {
    const instance = targetOf(given, context)?.outputs ?? {};
    return {
      endpoint: instance.address,
      port: instance.port,
      rdsResourceId: given.dbInstanceIdentifier,
      targetArn: instance.arn,
      trackedClusterId: "",
      type: "RDS_INSTANCE",
    };
  },
  beforeCreate(given: TargetInputs, context) {
    const instance = targetOf(given, context);
    const owner = context.account.find(proxyType, "name", given.dbProxyName);
    if (!instance || !owner) return;
    if (instance.inputs.replicateSourceDb) {
      throw new AwsError(
        "InvalidDBInstanceStateFault",
        `RDS Proxy serves the writer only: ${given.dbInstanceIdentifier} is a read replica`,
      );
    }
    requireLogin(owner.inputs as ProxyInputs, instance, context);
  },
};
