import { Autoscaling } from "./components/autoscaling";
import { Cache } from "./components/cache";
import { Database, type DatabaseConnection } from "./components/database";
import { DatabaseProxy } from "./components/databaseProxy";
import { Image } from "./components/image";
import { listenerPorts, LoadBalancer } from "./components/loadBalancer";
import { Network } from "./components/network";
import { Secrets } from "./components/secrets";
import { SecurityGroups } from "./components/securityGroups";
import { Service } from "./components/service";
import { TaskDefinition } from "./components/taskDefinition";
import { configuredPlan } from "./stacks/configuration";
import { summary } from "./stacks/summary";

/** The logical name of everything; physical names get a random suffix, so stacks can share an account. */
const name = "chatpop";

const plan = configuredPlan();
const { deletionProtection, logRetentionDays } = plan;

// Network
const network = new Network(name, plan.network);
const securityGroups = new SecurityGroups(name, {
  vpcId: network.vpcId,
  allowedCidrs: plan.network.allowedCidrs,
  listenerPorts: listenerPorts(plan.loadBalancer),
  databaseProxy: plan.databaseProxy,
});

// Data
const secrets = new Secrets(name, { deletionProtection });
const database = new Database(name, {
  plan: plan.database,
  subnetIds: network.privateSubnetIds,
  securityGroupId: securityGroups.database,
  password: secrets.databasePassword,
  deletionProtection,
});
const databaseProxy =
  securityGroups.databaseProxy &&
  new DatabaseProxy(name, {
    databaseIdentifier: database.identifier,
    secretArn: secrets.databaseSecretArn,
    subnetIds: network.privateSubnetIds,
    securityGroupId: securityGroups.databaseProxy,
  });
const connection: DatabaseConnection = {
  host: databaseProxy?.host ?? database.host,
  replicaHost: database.replicaHosts[0],
  secretArn: secrets.databaseSecretArn,
};
const cache = new Cache(name, {
  plan: plan.cache,
  subnetIds: network.privateSubnetIds,
  securityGroupId: securityGroups.cache,
  deletionProtection,
});

// Compute
const loadBalancer = new LoadBalancer(name, {
  plan: plan.loadBalancer,
  vpcId: network.vpcId,
  subnetIds: network.publicSubnetIds,
  securityGroupId: securityGroups.loadBalancer,
  deletionProtection,
});
const image = new Image(name, { image: plan.task.image, deletionProtection });
const { domain } = plan.loadBalancer;
const taskDefinition = new TaskDefinition(name, {
  plan: plan.task,
  image: image.reference,
  database: connection,
  cacheHost: cache.host,
  djangoSecretKeyArn: secrets.djangoSecretKeyArn,
  allowedHosts: [loadBalancer.dnsName, ...(domain ? [domain] : [])],
  trustedOrigins: domain ? [`https://${domain}`] : [],
  logRetentionDays,
});
const service = new Service(name, {
  plan: plan.service,
  taskDefinitionArn: taskDefinition.arn,
  targetGroupArn: loadBalancer.targetGroupArn,
  listeners: loadBalancer.listeners,
  subnetIds: network.taskSubnetIds,
  securityGroupId: securityGroups.tasks,
  assignPublicIp: plan.network.tasksArePublic,
  containerInsights: plan.containerInsights,
});
new Autoscaling(name, {
  plan: plan.autoscaling,
  clusterName: service.clusterName,
  serviceName: service.serviceName,
  resourceLabel: loadBalancer.resourceLabel,
});

/** The Plan in force, at a glance. */
const planInForce = summary(plan);
export { planInForce as plan };
export const url = loadBalancer.url;
export const clusterName = service.clusterName;
export const serviceName = service.serviceName;
export const repositoryUrl = image.repositoryUrl;
export const logGroupName = taskDefinition.logGroupName;
/** Host names of the data tier. */
export const hosts = {
  database: database.host,
  ...(databaseProxy && { databaseProxy: databaseProxy.host }),
  databaseReplicas: database.replicaHosts,
  cache: cache.host,
};
export const databaseSecretArn = secrets.databaseSecretArn;
