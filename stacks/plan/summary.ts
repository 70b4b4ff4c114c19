import type { Plan } from ".";

/** The decisions that an operator wants to see at a glance; also what policies read the number of rooms from. */
export function summary(plan: Plan) {
  const { demand, autoscaling, service, database, cache } = plan;
  return {
    scale: plan.scale,
    demand: { ...demand },
    tasks: {
      minimum: autoscaling.minimum,
      desired: service.desiredTasks,
      maximum: autoscaling.maximum,
      size: `${plan.task.cpu} CPU units, ${plan.task.memory} MiB, ${plan.task.architecture}`,
    },
    server: plan.task.server,
    database: `${database.instanceClass}, PostgreSQL ${database.version}, ${database.storage} GiB`,
    databaseProxy: plan.databaseProxy !== undefined,
    readReplicas: database.readReplicas,
    cache: `${cache.nodes} × ${cache.nodeType}, ${cache.engine} ${cache.version}`,
    outbox: plan.outbox,
    workers: Object.fromEntries(
      plan.workers.map(({ name, tasks, cpu, memory }) => [
        name,
        `${tasks} × ${cpu} CPU units, ${memory} MiB`,
      ]),
    ),
    natGateways: plan.network.natGateways,
    deletionProtection: plan.deletionProtection,
  };
}
