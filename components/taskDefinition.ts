import * as cloudwatch from "@pulumi/aws/cloudwatch";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../stacks/guide";
import { secretOf } from "../stacks/plan/delivery";
import type { TaskPlan } from "../stacks/plan/tasks";
import type { DatabaseConnection } from "./database";
import { type Application, fargateTask } from "./fargateTask";
import type { MediaAccess } from "./media";
import { assumedBy, policyDocument } from "./policyDocuments";

/** Settings of the chat's task, and the services that it reaches. A change of any of them registers a new revision. */
export interface TaskDefinitionArgs {
  /** Size, command, further variables and secrets. */
  readonly plan: TaskPlan;
  /** Complete image reference. */
  readonly image: pulumi.Input<string>;
  /** Hosts and secret that a task connects with. */
  readonly database: DatabaseConnection;
  /** Host name of the primary node of the cache. */
  readonly cacheHost: pulumi.Input<string>;
  /** Host names of the caches that share the rooms; another number of them loses messages while tasks are replaced. */
  readonly channelLayerHosts: readonly pulumi.Input<string>[];
  /** Secret with Django's `SECRET_KEY`, as plain text. */
  readonly djangoSecretKeyArn: pulumi.Input<string>;
  /** Host names under which the application is reached; the container adds its own address. */
  readonly allowedHosts: pulumi.Input<string>[];
  /** Origins from which browsers may call: `https://chat.example.com`. */
  readonly trustedOrigins: readonly string[];
  /** Origins of frontends elsewhere: trusted as well, their hosts allowed for sockets, and the affinity cookie sent from them. @default none */
  readonly frontendOrigins?: readonly string[];
  /** The bucket for media. @default none: media stay on the task's disk */
  readonly media?: MediaAccess;
  /** Days that the tasks' log is kept. */
  readonly logRetentionDays: number;
}

/** The chat's task (G-57, G-155): its container, its roles and its log group. */
export class TaskDefinition extends pulumi.ComponentResource {
  /** ARN with revision. */
  readonly arn: pulumi.Output<string>;
  /** Name that all revisions share. */
  readonly family: pulumi.Output<string>;
  /** Group that all tasks log to: chat, workers, migration and scheduled commands. */
  readonly logGroupName: pulumi.Output<string>;
  /** ARN of the log group, for permissions to read it. */
  readonly logGroupArn: pulumi.Output<string>;
  /** Part that workers share with the chat. */
  readonly application: Application;

  constructor(name: string, args: TaskDefinitionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:compute:TaskDefinition", name, {}, opts);
    const { plan, database } = args;

    // G-70, G-196
    const logGroup = new cloudwatch.LogGroup(
      `${name}-backend`,
      { namePrefix: "/ecs/chatpop-backend-", retentionInDays: args.logRetentionDays },
      { parent: this },
    );
    const secrets: Record<string, pulumi.Input<string>> = {
      // G-68, G-69
      POSTGRES_PASSWORD: pulumi.interpolate`${database.secretArn}:password::`,
      DJANGO_SECRET_KEY: args.djangoSecretKeyArn,
      ...plan.secrets,
    };
    const execution = this.executionRole(name, [
      database.secretArn,
      args.djangoSecretKeyArn,
      ...Object.values(plan.secrets).map(secretOf),
    ]);
    const task = this.taskRole(name, args);

    this.application = {
      image: args.image,
      architecture: plan.architecture,
      environment: { ...this.environment(args), ...plan.environment },
      secrets,
      logGroupName: logGroup.name,
      region: getRegionOutput({}, { parent: this }).region,
      executionRoleArn: execution.role.arn,
      taskRoleArn: task.role.arn,
      permissions: [...execution.permissions, ...task.permissions],
    };
    const { definition, containerDefinitions } = fargateTask(
      `${name}-backend`,
      {
        application: this.application,
        container: application.containerName,
        command: plan.command,
        port: application.port,
        cpu: plan.cpu,
        memory: plan.memory,
        stopTimeout: plan.stopTimeout,
      },
      { parent: this },
    );

    this.arn = definition.arn;
    this.family = definition.family;
    this.logGroupName = logGroup.name;
    this.logGroupArn = logGroup.arn;
    this.registerOutputs({ arn: this.arn, logGroupName: this.logGroupName, containerDefinitions });
  }

  /** The guide's variables (G-60 … G-67, G-188), and others that the application reads. */
  private environment(args: TaskDefinitionArgs): Record<string, pulumi.Input<string>> {
    const elsewhere = args.frontendOrigins ?? [];
    const origins = [...args.trustedOrigins, ...elsewhere].join(",");
    // The application lets a socket in by the host of its Origin.
    const frontends = elsewhere.map((origin) => new URL(origin).hostname);
    return {
      ALLOWED_HOSTS: pulumi.all(args.allowedHosts).apply((hosts) => [...hosts, ...frontends].join(",")),
      DEBUG: "False",
      // A task reads secrets only when it starts, so another version must register another revision.
      SECRET_VERSIONS: args.plan.secretVersions,
      POSTGRES_DB: application.databaseName,
      POSTGRES_HOST: args.database.host, // the proxy's where there is one (G-109, G-160, G-189)
      POSTGRES_PORT: String(application.databasePort),
      POSTGRES_SSLMODE: "require",
      POSTGRES_USER: application.databaseUser,
      REDIS_HOST: args.cacheHost,
      REDIS_PORT: String(application.cachePort),
      // One alone is the cache itself: tasks are not replaced for a variable that says so.
      ...(args.channelLayerHosts.length > 1 && {
        CHANNEL_LAYER_HOSTS: pulumi
          .all([...args.channelLayerHosts])
          .apply((hosts) => hosts.map((host) => `${host}:${application.cachePort}`).join(",")),
      }),
      ...(args.database.replicaHosts.length > 0 && {
        POSTGRES_REPLICA_HOST: pulumi.all([...args.database.replicaHosts]).apply((hosts) => hosts.join(",")),
      }),
      ...(origins && { CORS_ALLOWED_ORIGINS: origins, CSRF_TRUSTED_ORIGINS: origins }),
      // Browsers send a cookie to another site only if it says so.
      ...(elsewhere.length > 0 && { CHATPOP_SAME_SITE: "None" }),
      ...args.media?.environment,
    };
  }

  /** The role of the application itself: it may use its media, and nothing else (GAP-17). */
  private taskRole(name: string, { plan, media }: TaskDefinitionArgs) {
    const role = new iam.Role(
      `${name}-task`,
      { description: "The ChatPop application", assumeRolePolicy: assumedBy("ecs-tasks.amazonaws.com") },
      { parent: this },
    );
    const grant = (suffix: string, policy: pulumi.Input<string>) =>
      new iam.RolePolicy(`${name}-task-${suffix}`, { role: role.id, policy }, { parent: this });
    const permissions = [
      ...(media ? [grant("media", media.policy)] : []),
      ...(plan.executeCommand ? [grant("exec", executeCommandPolicy())] : []),
    ];
    return { role, permissions };
  }

  /** The role with which ECS starts a task: it may pull images, write logs, and read exactly the listed secrets (G-58). */
  private executionRole(name: string, secretArns: pulumi.Input<string>[]) {
    const role = new iam.Role(
      `${name}-execution`,
      { description: "Starts ChatPop tasks", assumeRolePolicy: assumedBy("ecs-tasks.amazonaws.com") },
      { parent: this },
    );
    const standard = new iam.RolePolicyAttachment(
      `${name}-execution`,
      { role: role.name, policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy" },
      { parent: this },
    );
    const readSecrets = new iam.RolePolicy(
      `${name}-execution-secrets`,
      {
        role: role.id,
        policy: policyDocument({
          Effect: "Allow",
          Action: ["secretsmanager:GetSecretValue"],
          Resource: secretArns,
        }),
      },
      { parent: this },
    );
    return { role, permissions: [standard, readSecrets] };
  }
}

/** Permissions for ECS Exec: the agent in the task calls Systems Manager, whose actions have no resource limit. */
const executeCommandPolicy = () =>
  policyDocument({
    Effect: "Allow",
    Action: ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
      (action) => `ssmmessages:${action}`,
    ),
    Resource: "*",
  });
