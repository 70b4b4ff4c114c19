import * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { catalogue } from "../stacks/guideIndexes";
import type { Report } from "../release/indexes";
import { application } from "../stacks/guide";
import type { ReleasePlan } from "../stacks/plan/decisions";
import { fingerprint } from "./fingerprint";
import type { DatabaseProxy } from "./databaseProxy";
import { LambdaFunction } from "./lambdaFunction";
import { inCluster, type PolicyStatement, startsTasks } from "./policyDocuments";
import type { TaskNetwork } from "./service";
import type { TaskDefinition } from "./taskDefinition";

/** The new revision, and the database that it needs. */
export interface ReleaseArgs {
  /** Migration command, handling of equivalent indexes, and time limits. */
  readonly plan: ReleasePlan;
  /** Where the migration task runs. */
  readonly clusterArn: pulumi.Input<string>;
  /** The new revision, which the migration task runs with another command. */
  readonly taskDefinition: TaskDefinition;
  /** Complete reference of the new image. Another image runs the migration and the index build again. */
  readonly image: pulumi.Input<string>;
  /** Network of the migration task, the same as of all tasks. */
  readonly tasks: TaskNetwork;
  /** Subnets and group of the function that builds the indexes. */
  readonly functionSubnetIds: pulumi.Input<string>[];
  /** Security group that may reach the database and admits nobody. */
  readonly functionSecurityGroupId: pulumi.Input<string>;
  /** Proxy that tasks connect through. @default none: they connect to the instance */
  readonly databaseProxy?: DatabaseProxy;
  /** The instance itself, never the proxy: a concurrent index build needs a session of its own. */
  readonly databaseHost: pulumi.Input<string>;
  /** Identifier of the instance. */
  readonly databaseIdentifier: pulumi.Input<string>;
  /** Password of the master user, the owner of the tables. */
  readonly databasePassword: pulumi.Input<string>;
  /** Changes with the settings of the service and the workers, which also invoke the functions. */
  readonly occasion: string;
  /** Resources that every task needs, including the migration task. */
  readonly dependsOn: readonly pulumi.Resource[];
  /** Days that the logs of both functions are kept. */
  readonly logRetentionDays: number;
}

/**
 * The steps between a new image and new tasks: the database migration (G-46, G-151), then the required indexes
 * (G-22, G-77 … G-87, G-152). Both are steps of the update itself; if one fails, the service stays unchanged and the
 * old
 * tasks go on serving.
 */
export class Release extends pulumi.ComponentResource {
  /** The function that calls ECS; the check after the deployment uses it too. */
  readonly tasksFunctionName: pulumi.Output<string>;
  /** Last steps of the release: a resource that depends on them waits for the migrated and indexed database. */
  readonly steps: readonly pulumi.Resource[];
  /** State of every required index after the build. */
  readonly indexReport: pulumi.Output<Report>;

  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:release:Release", name, {}, opts);
    const { plan } = args;

    const tasks = new LambdaFunction(
      `${name}-release`,
      {
        description: "Migrates the database of ChatPop and checks deployments",
        entryPoint: "release/functions/tasks.ts",
        permissions: tasksPermissions(args),
        occasion: pulumi.interpolate`${args.taskDefinition.arn} ${args.occasion}`,
        logRetentionDays: args.logRetentionDays,
      },
      { parent: this },
    );
    const builder = new LambdaFunction(
      `${name}-indexes`,
      {
        description: "Builds the indexes that ChatPop requires",
        entryPoint: "release/functions/indexes.ts",
        permissions: [],
        occasion: pulumi.interpolate`${args.taskDefinition.arn} ${args.databaseHost} ${args.occasion}`,
        environment: { NODE_EXTRA_CA_CERTS: amazonCertificates },
        vpc: { subnetIds: args.functionSubnetIds, securityGroupId: args.functionSecurityGroupId },
        logRetentionDays: args.logRetentionDays,
      },
      { parent: this },
    );

    const migration = this.invoke(`${name}-migrate`, tasks, plan.rounds, {
      event: {
        action: "migrate",
        cluster: args.clusterArn,
        taskDefinition: args.taskDefinition.arn,
        container: application.containerName,
        command: plan.migrationCommand,
        session: plan.migrationSession,
        subnets: args.tasks.subnetIds,
        securityGroups: [args.tasks.securityGroupId],
        assignPublicIp: args.tasks.assignPublicIp,
        databaseHost: args.databaseHost,
        logGroup: args.taskDefinition.logGroupName,
      },
      triggers: { image: args.image },
      dependsOn: [...args.dependsOn],
    });
    const indexes = this.invoke(`${name}-build-indexes`, builder, plan.rounds, {
      event: {
        host: args.databaseHost,
        port: application.databasePort,
        database: application.databaseName,
        username: application.databaseUser,
        password: args.databasePassword,
        sslMode: "verify-full",
        options: { skipEquivalent: plan.skipEquivalentIndexes },
      },
      triggers: {
        image: args.image,
        migrationCommand: plan.migrationCommand.join(" "),
        catalogue: fingerprint(catalogue),
      },
      dependsOn: [migration],
    });

    this.tasksFunctionName = tasks.functionName;
    const ready = [migration, indexes, ...this.awaitProxy(name, tasks, args)];
    this.steps = [...ready, ...this.makeRoom(name, tasks, args, ready)];
    this.indexReport = indexes.result.apply(
      // The result is undefined, despite its type, in an update of other resources only (`--target`).
      (report: string | undefined) => (report ? JSON.parse(report) : { indexes: [] }) as Report,
    );
    this.registerOutputs({ tasksFunctionName: this.tasksFunctionName });
  }

  /** Makes tasks wait until the proxy serves the database, and fails the update if the proxy cannot log in. */
  private awaitProxy(name: string, tasks: LambdaFunction, args: ReleaseArgs): lambda.Invocation[] {
    const { databaseProxy: proxy, databaseIdentifier } = args;
    if (!proxy) return [];
    const event = { action: "await proxy", proxy: proxy.proxyName, database: databaseIdentifier };
    return [
      new lambda.Invocation(
        `${name}-await-proxy`,
        {
          functionName: tasks.functionName,
          input: pulumi.jsonStringify(event),
          // The check runs again after another password, or another registration of the same instance.
          triggers: { secretVersions: args.plan.secretVersions, target: proxy.target.id },
        },
        { parent: this, dependsOn: [...args.dependsOn, proxy.target] },
      ),
    ];
  }

  /** Raises the task limits, last of all, if the service could not start a task beside its old ones. */
  private makeRoom(
    name: string,
    tasks: LambdaFunction,
    { plan, clusterArn }: ReleaseArgs,
    dependsOn: pulumi.Resource[],
  ): lambda.Invocation[] {
    if (!plan.room) return [];
    const event = { action: "make room", cluster: clusterArn, ...plan.room };
    return [
      new lambda.Invocation(
        `${name}-make-room`,
        { functionName: tasks.functionName, input: pulumi.jsonStringify(event) },
        { parent: this, dependsOn },
      ),
    ];
  }

  /** Invokes a function in rounds, each with the result of the one before; returns the last result. */
  private invoke(
    name: string,
    lambdaFunction: LambdaFunction,
    rounds: number,
    args: {
      readonly event: Readonly<Record<string, unknown>>;
      readonly triggers: Readonly<Record<string, pulumi.Input<string>>>;
      readonly dependsOn: pulumi.Resource[];
    },
  ): lambda.Invocation {
    let last: lambda.Invocation | undefined;
    for (let round = 1; round <= rounds; round++) {
      const event = { ...args.event, round, rounds, previous: last?.result };
      last = new lambda.Invocation(
        // Later rounds wait for the first, or go on with what its time did not suffice for.
        round === 1 ? name : `${name}-await-${round}`,
        {
          functionName: lambdaFunction.functionName,
          input: pulumi.jsonStringify(event),
          triggers: args.triggers,
        },
        {
          parent: this,
          dependsOn: args.dependsOn,
          // Until 2027-05-31: under the name of before, the release would run again.
          aliases: round > 1 ? [{ name: `${name}-${round}` }] : [],
        },
      );
    }
    return last!;
  }
}

/**
 * Certificates of RDS's and other authorities in Lambda's runtime. Since Node 20, Lambda trusts them only with
 * NODE_EXTRA_CA_CERTS.
 */
const amazonCertificates = "/var/runtime/ca-cert.pem";

/**
 * Permissions to run one-off tasks of this definition, pass their roles, describe tasks and services, read their log.
 */
function tasksPermissions({
  clusterArn,
  taskDefinition,
  databaseProxy,
  plan,
}: ReleaseArgs): readonly PolicyStatement[] {
  const cluster = { "ecs:cluster": clusterArn };
  return [
    ...startsTasks(clusterArn, taskDefinition),
    {
      Effect: "Allow",
      // AWS limits this action to container instances only, which Fargate does not have.
      Action: ["ecs:ListTasks"],
      Resource: ["*"],
      Condition: { ArnEquals: cluster },
    },
    {
      Effect: "Allow",
      Action: ["ecs:DescribeTasks"],
      Resource: [inCluster("task", clusterArn)],
      Condition: { ArnEquals: cluster },
    },
    {
      Effect: "Allow",
      Action: ["ecs:DescribeServices"],
      Resource: [inCluster("service", clusterArn)],
      Condition: { ArnEquals: cluster },
    },
    {
      Effect: "Allow",
      Action: ["logs:GetLogEvents"],
      Resource: [pulumi.interpolate`${taskDefinition.logGroupArn}:*`],
    },
    ...(plan.room ? raisesLimits(clusterArn) : []),
    ...(databaseProxy
      ? [
          {
            Effect: "Allow",
            Action: ["rds:DescribeDBProxyTargets"],
            // The proxy and its target groups; AWS chooses the groups' ids.
            Resource: [
              databaseProxy.arn,
              pulumi.output(databaseProxy.arn).apply((arn) => arn.replace(/:db-proxy:.*/, ":target-group:*")),
            ],
          } as const,
        ]
      : []),
  ];
}

/** Permission to raise the limits of a service's task count. */
const raisesLimits = (clusterArn: pulumi.Input<string>): readonly PolicyStatement[] => [
  {
    Effect: "Allow",
    // AWS limits the one to no resource; the other's ARNs are random, so the call's own words limit it.
    Action: ["application-autoscaling:DescribeScalableTargets"],
    Resource: ["*"],
  },
  {
    Effect: "Allow",
    Action: ["application-autoscaling:RegisterScalableTarget"],
    Resource: [
      pulumi
        .output(clusterArn)
        .apply((arn) =>
          arn.replace(/:ecs:(.*):cluster\/.*/, ":application-autoscaling:$1:scalable-target/*"),
        ),
    ],
    Condition: {
      StringEquals: {
        "application-autoscaling:service-namespace": "ecs",
        "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
      },
    },
  },
  {
    Effect: "Allow",
    // Application Auto Scaling asks whether its caller may change the service itself: only those of this cluster.
    Action: ["ecs:UpdateService"],
    Resource: [inCluster("service", clusterArn)],
    Condition: { ArnEquals: { "ecs:cluster": clusterArn } },
  },
];
