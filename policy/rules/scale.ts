import type { PolicyResource } from "@pulumi/policy";
import { proxyFromRooms, replicaFromRooms } from "../../stacks/guide";
import { sizeOf } from "../../stacks/instanceClasses";
import { stackRule } from "../rule";
import { has, known, type Stack } from "../stack";

const instance = "aws:rds/instance:Instance";
const proxy = "aws:rds/proxy:Proxy";
const proxyTarget = "aws:rds/proxyTarget:ProxyTarget";
const taskDefinition = "aws:ecs/taskDefinition:TaskDefinition";

const configSchema = {
  properties: {
    rooms: {
      type: "integer" as const,
      minimum: 1,
      description: "Rooms that the stack is meant for; without it the Plan in the stack's outputs says so.",
    },
  },
};

const isReplica = (resource: PolicyResource) => has(resource, "replicateSourceDb");

interface Container {
  readonly name: string;
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
}

/** `POSTGRES_HOST` of each container, or undefined while the definitions are unknown. */
function databaseHosts(task: PolicyResource): readonly string[] | undefined {
  return known(() => {
    const containers = JSON.parse(task.props["containerDefinitions"] as string) as readonly Container[];
    return containers.flatMap(({ environment = [] }) =>
      environment.filter(({ name }) => name === "POSTGRES_HOST").map(({ value }) => value),
    );
  });
}

/** Whether a task reaches the database past every proxy. */
function bypassesProxy(stack: Stack, task: PolicyResource): boolean {
  const proxies = stack.ofType(proxy);
  const hosts = databaseHosts(task);
  const endpoints = proxies.map((each) => known(() => each.props["endpoint"] as string));
  if (hosts && endpoints.every((endpoint) => endpoint !== undefined)) {
    return hosts.some((host) => !endpoints.includes(host));
  }
  // In a first preview no host name is known yet, but what the definitions are made of is.
  const primaries = stack
    .sources(task, "containerDefinitions", instance)
    .filter((source) => !isReplica(source));
  return primaries.length > 0 && stack.sources(task, "containerDefinitions", proxy).length === 0;
}

export const databaseProxyFrom1000Rooms = stackRule(
  {
    name: "database-proxy-from-1000-rooms",
    description: "From 1,000 rooms an RDS Proxy stands between the tasks and the database",
    severity: "high",
    requirements: ["G-6", "G-109", "G-159", "G-160"],
    remedy: "leave chatpop:databaseProxy to the plan, or give tasks the proxy's endpoint as POSTGRES_HOST",
    configSchema,
  },
  function* (stack) {
    const rooms = stack.rooms();
    if (rooms < proxyFromRooms) return;
    const targets = stack.ofType(proxyTarget);
    if (stack.ofType(proxy).length === 0) {
      yield { message: `${rooms.toLocaleString("en")} rooms, but no RDS Proxy` };
    } else if (targets.length === 0) {
      yield { message: "there is an RDS Proxy, but no database is registered as its target" };
    }
    for (const task of stack.ofType(taskDefinition)) {
      if (bypassesProxy(stack, task)) {
        yield { resource: task, message: "POSTGRES_HOST is the database itself instead of the RDS Proxy" };
      }
    }
  },
);

export const readReplicaFrom5000Rooms = stackRule(
  {
    name: "read-replica-from-5000-rooms",
    description: "From 5,000 rooms the database has a read replica that is no weaker than its source",
    severity: "high",
    requirements: ["G-7", "G-111", "G-165", "G-168"],
    remedy: "leave chatpop:readReplicas to the plan, and give replicas the class of the primary",
    configSchema,
  },
  function* (stack) {
    const rooms = stack.rooms();
    if (rooms < replicaFromRooms) return;
    const replicas = stack.ofType(instance).filter(isReplica);
    if (replicas.length === 0) yield { message: `${rooms.toLocaleString("en")} rooms, but no read replica` };

    for (const replica of replicas) {
      for (const source of stack.sources(replica, "replicateSourceDb", instance)) {
        const [own, needed] = [replica, source].map((each) =>
          known(() => each.props["instanceClass"] as string),
        );
        if (own && needed && isWeaker(own, needed)) {
          yield {
            resource: replica,
            message: `${own} is weaker than ${needed} of its source ${source.name}`,
          };
        }
      }
    }
  },
);

/** A replica with less memory than its source stops replaying: its limits must be at least the source's. */
function isWeaker(own: string, needed: string): boolean {
  const [ownSize, neededSize] = [sizeOf(own), sizeOf(needed)];
  if (!ownSize || !neededSize) return own !== needed;
  return ownSize.vcpu < neededSize.vcpu || ownSize.memory < neededSize.memory;
}
