// RDS Proxy: its default target group, and its target.
import { z } from "zod";
import type { Resource } from "../account";
import { AwsError, type Context, type Model } from "./model";
import { allows, roleByArn } from "./permission";
import { credentials, proxyType, type ProxyInputs } from "./rdsProxyModel";
import { reaches, type Place } from "./reachability";
import { refusal } from "./refusal";
import { regional } from "./schema";
import { phaseOf, requireState } from "../states/phases";

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
    refuse(
      "dbClusterIdentifier",
      "The embedded AWS models no DB clusters, which AWS has: give dbInstanceIdentifier",
    );
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

/** The reason for which the proxy cannot log in to the instance; undefined if it can. */
function loginFault(proxyGiven: ProxyInputs, instance: Resource, context: Context): string | undefined {
  const role = roleByArn(proxyGiven.roleArn, context);
  for (const { secretArn, credential } of credentials(proxyGiven, context)) {
    if (!credential) return `the secret ${secretArn} has no value yet`;
    if (role && !allows(role, "secretsmanager:GetSecretValue", secretArn, context)) {
      return `the role ${proxyGiven.roleArn} may not secretsmanager:GetSecretValue on ${secretArn}`;
    }
    const wrong =
      credential.username === instance.outputs.username && credential.password !== instance.inputs.password;
    if (wrong && instance.inputs.password !== undefined)
      return `the password in ${secretArn} is not the instance's`;
  }
  return undefined;
}

/** State of a target, in the words of DescribeDBProxyTargets. */
export interface TargetHealth {
  readonly state: string;
  readonly reason?: string;
  readonly description?: string;
}

/**
 * State of a target: REGISTERING first, then UNAVAILABLE until the proxy has connections, or for ever if it cannot log
 * in.
 */
export function healthOf(registered: Resource, context: Context): TargetHealth {
  const given = registered.inputs as TargetInputs;
  const [instance, owner] = [
    targetOf(given, context),
    context.account.find(proxyType, "name", given.dbProxyName),
  ];
  const { state, reason } = phaseOf(registered, context.clock.now()) ?? { state: "AVAILABLE" };
  if (state !== "AVAILABLE") {
    const description =
      reason === "PENDING_PROXY_CAPACITY"
        ? "DBProxy Target unavailable due to pending proxy capacity"
        : undefined;
    return { state, ...(reason && { reason }), ...(description && { description }) };
  }
  if (!instance || !owner) {
    return {
      state: "UNAVAILABLE",
      reason: "CONNECTION_FAILED",
      description: "The database instance is gone",
    };
  }
  const fault = loginFault(owner.inputs as ProxyInputs, instance, context);
  if (fault !== undefined) {
    return {
      state: "UNAVAILABLE",
      reason: "AUTH_FAILURE",
      description: `Proxy does not have any registered credentials that work: ${fault}`,
    };
  }
  const reached = reaches(
    placeOfProxy(owner),
    placeOfInstance(instance, context),
    Number(instance.outputs.port),
    context,
  );
  return reached
    ? { state: "AVAILABLE" }
    : {
        state: "UNAVAILABLE",
        reason: "UNREACHABLE",
        description: `Network unreachable: the proxy's security groups do not reach ${String(instance.outputs.identifier)}:${String(instance.outputs.port)}`,
      };
}

/** Place of a proxy in the network. */
export function placeOfProxy({ inputs, outputs }: Resource): Place {
  return {
    subnets: inputs.vpcSubnetIds as string[],
    securityGroups: outputs.vpcSecurityGroupIds as string[],
  };
}

/** Place of an instance in the network. */
export function placeOfInstance({ outputs }: Resource, { account }: Context): Place {
  const group = account.find("aws:rds/subnetGroup:SubnetGroup", "name", outputs.dbSubnetGroupName);
  return {
    subnets: (group?.inputs.subnetIds ?? []) as string[],
    securityGroups: (outputs.vpcSecurityGroupIds ?? []) as string[],
  };
}

/** The `aws:rds/proxyTarget:ProxyTarget` model. */
export const target: Model = {
  type: "aws:rds/proxyTarget:ProxyTarget",
  inputs: targetInputs,
  references: [
    toProxy,
    // AWS deletes the target together with its instance.
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
    if (!instance) return;
    if (instance.inputs.replicateSourceDb) {
      throw new AwsError(
        "InvalidDBInstanceStateFault",
        `RDS Proxy serves the writer only: ${given.dbInstanceIdentifier} is a read replica`,
      );
    }
    requireState(instance, "RegisterDBProxyTargets", context.clock.now());
  },
};
