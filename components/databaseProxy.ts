import * as iam from "@pulumi/aws/iam";
import * as rds from "@pulumi/aws/rds";
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseProxyPlan } from "../stacks/plan/database";
import { assumedBy, policyDocument } from "./policyDocuments";
import { drawnName, rdsLogGroup } from "./rdsLog";
import type { SecurityGroups } from "./securityGroups";

/** The instance behind the proxy, and the proxy's place in the VPC. */
export interface DatabaseProxyArgs {
  /** Pool sizes (percent of the database's connections) and time limits (seconds). */
  readonly plan: DatabaseProxyPlan;
  /** Identifier of the instance behind the proxy; it must be the primary. */
  readonly databaseIdentifier: pulumi.Input<string>;
  /** Secret with the JSON object `{"username", "password"}`. */
  readonly secretArn: pulumi.Input<string>;
  /** Private subnets in at least two zones. Other subnets replace the proxy. */
  readonly subnetIds: pulumi.Input<string>[];
  /** Security groups of the stack's tiers; the proxy adds its own between tasks and database. */
  readonly securityGroups: SecurityGroups;
  /** Days that the proxy's log is kept. */
  readonly logRetentionDays: number;
}

/**
 * RDS Proxy (G-17, G-106, G-107, G-159): keeps a pool of database connections and lets clients wait for one instead of
 * refusing them.
 */
export class DatabaseProxy extends pulumi.ComponentResource {
  /** Host name that tasks use instead of the database's. */
  readonly host: pulumi.Output<string>;
  /** Registration of the instance behind the proxy; clients should connect only after it. */
  readonly target: rds.ProxyTarget;
  /** ARN, for permissions to describe the proxy. */
  readonly arn: pulumi.Output<string>;
  /** Name of the proxy in CloudWatch. */
  readonly proxyName: pulumi.Output<string>;
  /** Group that the proxy logs to. */
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: DatabaseProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:data:DatabaseProxy", name, {}, opts);
    const { plan } = args;

    const role = new iam.Role(
      `${name}-proxy`,
      { description: "RDS Proxy of ChatPop", assumeRolePolicy: assumedBy("rds.amazonaws.com") },
      { parent: this },
    );
    const readSecret = new iam.RolePolicy(
      `${name}-proxy-secret`,
      {
        role: role.id,
        policy: policyDocument({
          Effect: "Allow",
          Action: ["secretsmanager:GetSecretValue"],
          Resource: [args.secretArn],
        }),
      },
      { parent: this },
    );
    const subnets = pulumi.all(args.subnetIds).apply((ids) => ids.join(" "));
    const proxyName = drawnName(`${name}-proxy`, { parent: this }, { subnets });
    const log = rdsLogGroup(`${name}-proxy`, pulumi.interpolate`proxy/${proxyName}`, args.logRetentionDays, {
      parent: this,
    });
    const proxy = new rds.Proxy(
      `${name}-proxy`,
      {
        name: proxyName,
        engineFamily: "POSTGRESQL",
        auths: [{ authScheme: "SECRETS", iamAuth: "DISABLED", secretArn: args.secretArn }],
        roleArn: role.arn,
        requireTls: true,
        idleClientTimeout: plan.idleClientTimeout,
        vpcSubnetIds: args.subnetIds,
        vpcSecurityGroupIds: [args.securityGroups.beforeDatabase("proxy", "RDS Proxy")],
      },
      { parent: this, dependsOn: [readSecret, log] },
    );
    const pool = new rds.ProxyDefaultTargetGroup(
      `${name}-proxy`,
      {
        dbProxyName: proxy.name,
        connectionPoolConfig: {
          maxConnectionsPercent: plan.maxConnections,
          maxIdleConnectionsPercent: plan.maxIdleConnections,
          connectionBorrowTimeout: plan.borrowTimeout,
        },
      },
      { parent: this },
    );
    this.target = new rds.ProxyTarget(
      `${name}-proxy`,
      { dbProxyName: proxy.name, targetGroupName: pool.name, dbInstanceIdentifier: args.databaseIdentifier },
      // A proxy has one target at a time: the old one must go before a restored database can be registered.
      { parent: this, deleteBeforeReplace: true },
    );

    this.arn = proxy.arn;
    this.proxyName = proxy.name;
    this.logGroupName = log.name;
    this.host = proxy.endpoint;
    this.registerOutputs({ host: this.host });
  }
}
