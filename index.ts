import { makeChat } from "./components/chat";
import { configuredPlan, tellSummary } from "./stacks/plan/configuration";
import { summary } from "./stacks/plan/summary";

const plan = configuredPlan();
const {
  backupCopy,
  cache,
  cluster,
  dashboard,
  database,
  databaseProxy,
  deployRole,
  image,
  loadBalancer,
  media,
  release,
  secrets,
  service,
  taskDefinition,
  workers,
} = makeChat("chatpop", plan);

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
/** Names for the commands of the runbook; they differ between stacks of one account. */
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
/** Facts for the pipeline: the present image and revision, and the role of the repository that may deploy the stack. */
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
