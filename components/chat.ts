import { AccessLogs } from "./accessLogs";
import { Alarms } from "./alarms";
import { keepAdopted } from "./adopted";
import { AlarmTopic } from "./alarmTopic";
import { AliasRecord } from "./aliasRecord";
import { Autoscaling } from "./autoscaling";
import { BackupCopy } from "./backupCopy";
import { Budget } from "./budget";
import { Cache } from "./cache";
import { Certificate } from "./certificate";
import { Cluster } from "./cluster";
import { Dashboard } from "./dashboard";
import { Database, type DatabaseConnection } from "./database";
import { DatabaseProxy } from "./databaseProxy";
import { DeployRole } from "./deployRole";
import { DeploymentAlarm } from "./deploymentAlarm";
import { DeploymentCheck } from "./deploymentCheck";
import { fingerprint } from "./fingerprint";
import { FlowLogs } from "./flowLogs";
import { hostedZoneId } from "./hostedZone";
import { Image } from "./image";
import { Listener } from "./listener";
import { LoadBalancer } from "./loadBalancer";
import { LogMetrics } from "./logMetrics";
import { Media } from "./media";
import { metricDimensions } from "./metricDimensions";
import { Network } from "./network";
import { boundEveryRole } from "./permissionsBoundary";
import { Release } from "./release";
import { SavedQueries } from "./savedQueries";
import { ScheduledCommands } from "./scheduledCommands";
import { Secrets } from "./secrets";
import { SecurityGroups } from "./securityGroups";
import { deployedWith, Service } from "./service";
import { SmokeTest } from "./smokeTest";
import { TaskDefinition } from "./taskDefinition";
import { WebFirewall } from "./webFirewall";
import { Worker } from "./worker";
import type { Plan } from "../stacks/plan";

/**
 * Makes the whole chat, in a program of its own or beside other services: users reach a load balancer, which forwards to
 * Fargate tasks; these use Redis, and PostgreSQL through an RDS Proxy (G-1, G-2). What is there, and how much of it, the
 * Plan says. A function, because a component would give all resources of the stacks that stand another parent.
 *
 * @param name Logical name of everything; physical names get a random suffix, so stacks can share an account. Another
 * name replaces everything, the database too.
 * @param plan Every decision, by `makePlan` or `configuredPlan`.
 * @returns The components, for outputs and for what is put beside the chat.
 */
export function makeChat(name: string, plan: Plan) {
  const { deletionProtection, disposable, domain, frontendOrigins, logRetentionDays } = plan;

  keepAdopted(name, plan.adopted);

  // Delivery
  const zoneId = domain?.hostedZone && hostedZoneId(domain.name, domain.hostedZone);
  const deployRole = plan.delivery && new DeployRole(name, { plan: plan.delivery, hostedZoneId: zoneId });
  if (deployRole) boundEveryRole(deployRole.boundaryArn, deployRole);

  // Network
  const network = new Network(name, plan.network);
  const { flowLogs } = plan.network;
  if (flowLogs) new FlowLogs(name, { vpcId: network.vpcId, trafficType: flowLogs, logRetentionDays });
  const securityGroups = new SecurityGroups(name, {
    vpcId: network.vpcId,
    allowedCidrs: plan.network.allowedCidrs,
  });

  // Data
  const secrets = new Secrets(name, { plan: plan.secrets, deletionProtection, disposable });
  const database = new Database(name, {
    plan: plan.database,
    subnetIds: network.privateSubnetIds,
    securityGroupId: securityGroups.database,
    password: secrets.databasePassword,
    deletionProtection,
    disposable,
    logRetentionDays,
  });
  const backupCopy =
    plan.backupCopy && new BackupCopy(name, { plan: plan.backupCopy, databaseArn: database.arn, disposable });
  const databaseProxy =
    plan.databaseProxy &&
    new DatabaseProxy(name, {
      plan: plan.databaseProxy,
      databaseIdentifier: database.identifier,
      secretArn: secrets.databaseSecretArn,
      subnetIds: network.privateSubnetIds,
      securityGroups,
      logRetentionDays,
    });
  const connection: DatabaseConnection = {
    host: databaseProxy?.host ?? database.host,
    replicaHosts: database.replicaHosts,
    secretArn: secrets.databaseSecretArn,
  };
  const cache = new Cache(name, {
    plan: plan.cache,
    subnetIds: network.privateSubnetIds,
    securityGroupId: securityGroups.cache,
    deletionProtection,
  });

  // Domain
  const certificateArn =
    domain?.certificateArn ??
    (domain && zoneId && new Certificate(name, { domain: domain.name, zoneId }).arn);

  // Compute
  const accessLogs = plan.accessLogs ? new AccessLogs(name, { retentionDays: logRetentionDays }) : undefined;
  const loadBalancer = new LoadBalancer(name, {
    plan: plan.loadBalancer,
    vpcId: network.vpcId,
    subnetIds: network.publicSubnetIds,
    securityGroupId: securityGroups.loadBalancer,
    deletionProtection,
    accessLogsBucket: accessLogs?.bucketName,
    domain: domain?.name,
  });
  // Beside the other data, were it not for the pages that read media by script: they come from the load balancer.
  const media =
    plan.media &&
    new Media(name, {
      plan: plan.media,
      trustedOrigins: [loadBalancer.url, ...frontendOrigins],
      deletionProtection,
      disposable,
    });
  if (plan.webFirewall) {
    new WebFirewall(name, { plan: plan.webFirewall, loadBalancerArn: loadBalancer.arn });
  }
  const cluster = new Cluster(name, { containerInsights: plan.containerInsights });
  const image = new Image(name, { plan: plan.image, deletionProtection, disposable });
  const taskDefinition = new TaskDefinition(name, {
    plan: plan.task,
    image: image.reference,
    database: connection,
    cacheHost: cache.host,
    channelLayerHosts: cache.hosts,
    djangoSecretKeyArn: secrets.djangoSecretKeyArn,
    allowedHosts: [loadBalancer.dnsName, ...(domain ? [domain.name] : [])],
    trustedOrigins: domain ? [`https://${domain.name}`] : [],
    frontendOrigins,
    media: media?.access,
    logRetentionDays,
  });
  const logMetrics = new LogMetrics(name, {
    plan: plan.monitoring.logMetrics,
    logGroupName: taskDefinition.logGroupName,
  });
  // Release: migrate, then build the indexes, then start the new tasks (the outbox's relay first), then make sure that they run
  const tasks = {
    subnetIds: network.taskSubnetIds,
    securityGroupId: securityGroups.tasks,
    assignPublicIp: plan.network.tasksArePublic,
  };
  const release = new Release(name, {
    plan: plan.release,
    clusterArn: cluster.arn,
    taskDefinition,
    image: image.reference,
    tasks,
    functionSubnetIds: network.privateSubnetIds,
    functionSecurityGroupId: securityGroups.indexBuild,
    databaseProxy,
    databaseHost: database.host,
    databaseIdentifier: database.identifier,
    databasePassword: secrets.databasePassword,
    occasion: fingerprint(plan.release, plan.service, plan.workers, plan.network),
    // A filter counts only what is logged once it is there.
    dependsOn: [securityGroups, logMetrics, ...(databaseProxy ? [databaseProxy.target] : [])],
    logRetentionDays,
  });
  const workers = plan.workers.map(
    (worker) =>
      new Worker(`${name}-worker-${worker.name}`, {
        plan: worker,
        application: taskDefinition.application,
        clusterArn: cluster.arn,
        tasks,
        tasksFunctionName: release.tasksFunctionName,
        dependsOn: release.steps,
      }),
  );
  // A release that fails leaves users with the certificate of their domain.
  const listener = new Listener(`${name}-${certificateArn ? "https" : "http"}`, {
    loadBalancer,
    certificateArn,
    dependsOn: release.steps,
  });
  const alarmTopic = new AlarmTopic(name, plan.monitoring);
  const deploymentAlarm = new DeploymentAlarm(name, {
    plan: plan.monitoring,
    loadBalancer,
    topicArn: alarmTopic.arn,
  });
  const service = new Service(name, {
    plan: plan.service,
    clusterArn: cluster.arn,
    taskDefinitionArn: taskDefinition.arn,
    targetGroupArn: loadBalancer.targetGroupArn,
    tasks,
    deploymentAlarm: deploymentAlarm.alarmName,
    dependsOn: [listener, ...release.steps, ...workers.filter(({ precedesChat }) => precedesChat)],
  });
  const deploymentCheck = new DeploymentCheck(name, {
    functionName: release.tasksFunctionName,
    clusterArn: cluster.arn,
    serviceName: service.serviceName,
    taskDefinitionArn: taskDefinition.arn,
    deployed: deployedWith(plan.service, tasks),
  });
  const smokeTest =
    plan.release.smokeTest &&
    new SmokeTest(name, {
      plan: plan.release.smokeTest,
      functionName: release.tasksFunctionName,
      loadBalancer,
      domain: domain?.name,
      taskDefinitionArn: taskDefinition.arn,
      deployed: deployedWith(plan.service, tasks),
      dependsOn: [deploymentCheck],
    });
  const released = [deploymentCheck, ...(smokeTest ? [smokeTest] : [])];
  if (domain) {
    // Last of all: tasks that do not know the domain yet refuse whoever is sent to it.
    const dependsOn = released;
    new Listener(`${name}-http`, { loadBalancer, redirectTo: domain.name, dependsOn });
    if (zoneId) {
      new AliasRecord(name, { domain: domain.name, hostedZoneId: zoneId, target: loadBalancer, dependsOn });
    }
  }
  const scheduledCommands =
    plan.scheduledCommands.commands.length > 0
      ? new ScheduledCommands(name, {
          plan: plan.scheduledCommands,
          clusterArn: cluster.arn,
          taskDefinition,
          tasks,
          dependsOn: released,
        })
      : undefined;
  new Autoscaling(name, {
    plan: plan.autoscaling,
    clusterName: cluster.clusterName,
    serviceName: service.serviceName,
    loadBalancer,
  });

  // Operations
  const dimensions = metricDimensions({
    network,
    database,
    databaseProxy,
    cache,
    loadBalancer,
    cluster,
    service,
    workers,
    taskDefinition,
    certificateArn,
    scheduledCommands,
  });
  const alarms = new Alarms(name, {
    plan: plan.monitoring,
    topicArn: alarmTopic.arn,
    dimensions,
    serviceArns: [service, ...workers].map(({ arn }) => arn),
    clusterArn: cluster.arn,
    scheduledTasks: scheduledCommands?.taskGroup,
    databaseIdentifiers: database.identifiers,
    databaseArn: database.arn,
    dependsOn: released,
  });
  new SavedQueries(name, {
    plan: plan.monitoring,
    logGroupNames: {
      tasks: [taskDefinition.logGroupName],
      database: database.logGroupNames,
      proxy: databaseProxy ? [databaseProxy.logGroupName] : [],
    },
  });
  const { budget } = plan.monitoring;
  if (budget) new Budget(name, { plan: budget, stack: plan.stack, topicArn: alarmTopic.arn });
  const dashboard = new Dashboard(name, {
    plan: plan.monitoring.dashboard,
    dimensions,
    alarmArns: [...alarms.arns, deploymentAlarm.arn],
  });

  return {
    network,
    securityGroups,
    secrets,
    database,
    databaseProxy,
    backupCopy,
    cache,
    loadBalancer,
    listener,
    media,
    cluster,
    image,
    taskDefinition,
    tasks,
    release,
    workers,
    service,
    deploymentAlarm,
    dashboard,
    deployRole,
  };
}
