import { AccessLogs } from "./components/accessLogs";
import { Alarms } from "./components/alarms";
import { keepAdopted } from "./components/adopted";
import { AlarmTopic } from "./components/alarmTopic";
import { AliasRecord } from "./components/aliasRecord";
import { Autoscaling } from "./components/autoscaling";
import { BackupCopy } from "./components/backupCopy";
import { Budget } from "./components/budget";
import { Cache } from "./components/cache";
import { Certificate } from "./components/certificate";
import { Cluster } from "./components/cluster";
import { Dashboard } from "./components/dashboard";
import { Database, type DatabaseConnection } from "./components/database";
import { DatabaseProxy } from "./components/databaseProxy";
import { DeployRole } from "./components/deployRole";
import { DeploymentAlarm } from "./components/deploymentAlarm";
import { DeploymentCheck } from "./components/deploymentCheck";
import { fingerprint } from "./components/fingerprint";
import { FlowLogs } from "./components/flowLogs";
import { hostedZoneId } from "./components/hostedZone";
import { Image } from "./components/image";
import { Listener } from "./components/listener";
import { LoadBalancer } from "./components/loadBalancer";
import { LogMetrics } from "./components/logMetrics";
import { Media } from "./components/media";
import { metricDimensions } from "./components/metricDimensions";
import { Network } from "./components/network";
import { boundEveryRole } from "./components/permissionsBoundary";
import { Release } from "./components/release";
import { ScheduledCommands } from "./components/scheduledCommands";
import { Secrets } from "./components/secrets";
import { SecurityGroups } from "./components/securityGroups";
import { deployedWith, Service } from "./components/service";
import { SmokeTest } from "./components/smokeTest";
import { TaskDefinition } from "./components/taskDefinition";
import { WebFirewall } from "./components/webFirewall";
import { Worker } from "./components/worker";
import { configuredPlan, tellSummary } from "./stacks/plan/configuration";
import { summary } from "./stacks/plan/summary";

/** The logical name of everything; physical names get a random suffix, so stacks can share an account. */
const name = "chatpop";

const plan = configuredPlan();
const { deletionProtection, disposable, domain, frontendOrigins, logRetentionDays } = plan;

/*
 * Users reach a load balancer, which forwards to Fargate tasks; these use Redis, and PostgreSQL through an RDS Proxy
 * (G-1, G-2). What is there, and how much of it, the Plan says.
 */

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
  domain?.certificateArn ?? (domain && zoneId && new Certificate(name, { domain: domain.name, zoneId }).arn);

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
const { budget } = plan.monitoring;
if (budget) new Budget(name, { plan: budget, stack: plan.stack, topicArn: alarmTopic.arn });
const dashboard = new Dashboard(name, {
  plan: plan.monitoring.dashboard,
  dimensions,
  alarmArns: [...alarms.arns, deploymentAlarm.arn],
});

/** The Plan in force, at a glance. */
const planInForce = summary(plan);
export { planInForce as plan };
export const url = loadBalancer.url;
// The dashboard comes after the check of the deployment, so that nothing is said of one that failed.
tellSummary(
  plan,
  dashboard.url.apply(() => url),
);
export const clusterName = cluster.clusterName;
export const serviceName = service.serviceName;
export const repositoryUrl = image.repositoryUrl;
/** Bucket of voice messages and photos, unless chatpop:media is false. */
export const mediaBucketName = media?.bucketName;
export const logGroupName = taskDefinition.logGroupName;
/** Host names of the load balancer and the data tier. */
export const hosts = {
  loadBalancer: loadBalancer.dnsName,
  database: database.host,
  ...(databaseProxy && { databaseProxy: databaseProxy.host }),
  databaseReplicas: database.replicaHosts,
  cache: cache.host,
  /** All that share the rooms, where they are several. */
  ...(plan.cache.shards > 1 && { channelLayer: cache.hosts }),
};
/** What the commands of the runbook name; stacks that share an account have them side by side. */
export const identifiers = {
  database: database.identifier,
  ...(databaseProxy && { databaseProxy: databaseProxy.proxyName }),
  cache: cache.identifiers[0],
  ...(plan.cache.shards > 1 && { channelLayer: cache.identifiers }),
  loadBalancer: loadBalancer.arnSuffix,
  targetGroup: loadBalancer.targetGroupArn,
  workers: Object.fromEntries(
    plan.workers.map((worker, index) => [worker.name, workers[index]?.serviceName]),
  ),
};
/** The required indexes by name: `valid`, or why not. */
export const indexes = release.indexReport.apply(({ indexes }) =>
  Object.fromEntries(
    indexes.map(({ name, state, reason }) => [name, reason ? `${state}: ${reason}` : state]),
  ),
);
export const dashboardUrl = dashboard.url;
export const databaseSecretArn = secrets.databaseSecretArn;
/** What the pipeline needs: the image and revision in force, and the role of the repository that may deploy the stack. */
export const delivery = {
  image: image.reference,
  taskDefinition: taskDefinition.arn,
  ...(deployRole && { roleArn: deployRole.arn }),
};
/** The instance to restore, the snapshot that it leaves when it is deleted, and its copies in another region. */
export const backups = {
  database: database.identifier,
  ...(database.lastSnapshot && { lastSnapshot: database.lastSnapshot }),
  ...(backupCopy && { copies: { region: plan.backupCopy?.region, vault: backupCopy.vaultName } }),
};
