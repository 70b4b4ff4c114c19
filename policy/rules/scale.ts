import type { PolicyResource } from "@pulumi/policy";
import { proxyFromRooms, replicaFromRooms } from "../../stacks/guide";
import { isSmaller } from "../../aws/instanceClasses";
import { containers, valuesOfVariable } from "../containers";
import { leave } from "../mends";
import { stackRule } from "../rule";
import { number, openCount, text } from "../settings";
import { isReplica, type Stack } from "../stack";
import { types } from "../../aws/types";
import { asText, known } from "../values";

/** Endpoints of a proxy: its own, and further ones. */
const proxyEndpoints = [types.proxy, types.proxyEndpoint];

const sourcesOf = (stack: Stack, task: PolicyResource, ...kinds: readonly string[]) =>
  kinds.flatMap((type) => stack.sources(task, "containerDefinitions", type));

/** Whether a task reaches the database past every proxy. */
function bypassesProxy(stack: Stack, task: PolicyResource): boolean {
  const hosts = () => valuesOfVariable(task.props, "POSTGRES_HOST");
  const madeOfProxy = sourcesOf(stack, task, ...proxyEndpoints).length > 0;
  const madeOfPrimary = sourcesOf(stack, task, types.database).some((source) => !isReplica(source));
  // In a first preview no host name is known yet, but what the definitions are made of is.
  if (!known(hosts) && !madeOfProxy && madeOfPrimary) return true;
  const endpoints = proxyEndpoints
    .flatMap((type) => stack.ofType(type))
    .map(({ props }) => (madeOfProxy ? props["endpoint"] : known(() => props["endpoint"])));
  return hosts().some((host) => !endpoints.includes(host));
}

export const databaseProxyFrom1000Rooms = stackRule(
  {
    name: "database-proxy-from-1000-rooms",
    description: "From 1,000 rooms an RDS Proxy stands between the tasks and the database",
    severity: "high",
    requirements: ["G-6", "G-107", "G-109", "G-159", "G-160"],
    remedy: "an aws.rds.Proxy with an aws.rds.ProxyTarget, whose endpoint tasks get as POSTGRES_HOST",
    mends: [leave("databaseProxy")],
  },
  function* (stack) {
    if (!stack.reaches(proxyFromRooms)) return;
    const rooms = stack.rooms();
    yield* stack.judge(undefined, () => {
      if (stack.ofType(types.proxy).length === 0)
        return `${rooms.toLocaleString("en")} rooms, but no RDS Proxy`;
      return (
        stack.ofType(types.proxyTarget).length === 0 &&
        "there is an RDS Proxy, but no database is registered as its target"
      );
    });
    // Other tasks than a service's may have to go past the proxy: a migration must (GAP-28).
    for (const task of stack.serviceTasks()) {
      yield* stack.judge(
        task,
        () => bypassesProxy(stack, task) && "POSTGRES_HOST is the database itself instead of the RDS Proxy",
      );
    }
  },
);

export const readReplicaFrom5000Rooms = stackRule(
  {
    name: "read-replica-from-5000-rooms",
    description: "From 5,000 rooms the database has a read replica that is no weaker than its source",
    severity: "high",
    requirements: ["G-7", "G-111", "G-165", "G-168"],
    remedy: "an aws.rds.Instance with replicateSourceDb and the instanceClass of its source",
    mends: [leave("readReplicas")],
  },
  function* (stack) {
    if (!stack.reaches(replicaFromRooms)) return;
    const rooms = stack.rooms();
    const replicas = stack.ofType(types.database).filter(isReplica);
    yield* stack.judge(
      undefined,
      () => replicas.length === 0 && `${rooms.toLocaleString("en")} rooms, but no read replica`,
    );
    for (const replica of replicas) {
      for (const source of stack.references(replica, "replicateSourceDb", types.database, "identifier")) {
        yield* stack.judge(replica, () => {
          const [own, needed] = [replica, source].map(({ props }) => props["instanceClass"] as string);
          // A replica with less memory than its source stops replaying: its limits must be at least the source's.
          const weaker = own && needed && own !== needed && (isSmaller(own, needed) ?? true);
          return weaker && `${own} is weaker than ${needed} of its source ${source.name}`;
        });
      }
    }
  },
);

/** Whether a text is, or leads to, a database's address. */
const leadsTo = (text: string, { props }: PolicyResource) => {
  const address = known(() => props["address"]);
  return typeof address === "string" && text.includes(address);
};

/** Whether a container gets the address of a replica, by whatever variable; replicas of another stack by the named one. */
function knowsReplica(stack: Stack, task: PolicyResource, variable: string): boolean {
  const values = () =>
    containers(task.props).flatMap(({ environment }) => (environment ?? []).map(({ value }) => value));
  // In a first preview no address is known yet, but what the definitions are made of is.
  if (!known(values) && !sourcesOf(stack, task, types.database).some(isReplica)) return false;
  const own = stack.ofType(types.database);
  const replicas = sourcesOf(stack, task, types.database).filter(isReplica);
  const found =
    values().some((value) => own.some((database) => isReplica(database) && leadsTo(value, database))) ||
    valuesOfVariable(task.props, variable).some(
      (host) => host !== "" && !own.some(({ props }) => host.includes(asText(props["address"]))),
    );
  // Made of a replica whose address a preview does not know, a task may know it all the same.
  return found || replicas.some(({ props }) => !props["address"]);
}

export const tasksReadFromReplica = stackRule(
  {
    name: "tasks-read-from-replica",
    description: "From 5,000 rooms tasks know the replica's address, which also turns on the database router",
    severity: "medium",
    requirements: ["G-113", "G-166", "G-167", "GAP-15"],
    remedy: "give the chat's containers POSTGRES_REPLICA_HOST, made of the replica's address",
    settings: {
      variable: text("POSTGRES_REPLICA_HOST", "Variable with the address of a replica of another stack."),
    },
  },
  function* (stack, { variable }) {
    if (!stack.reaches(replicaFromRooms)) return;
    const tasks = stack.chatTasks();
    // Where there is no replica at all, another rule says so.
    const isThere = stack.ofType(types.database).some(isReplica) || stack.primaries().length === 0;
    for (const task of isThere ? tasks : []) {
      yield* stack.judge(
        task,
        () =>
          !knowsReplica(stack, task, variable) &&
          `no container has the address of a replica (${variable}), so nothing reads from the replica`,
      );
    }
  },
);

export const messagePartitioning = stackRule(
  {
    name: "message-partitioning",
    description: "Above 10 million messages the message table is worth partitioning",
    severity: "low",
    level: "advisory",
    requirements: ["G-24", "G-172"],
    remedy: "partition chats_message by created_at before it grows further",
    settings: {
      messages: openCount("Messages that the chat holds or will hold; without it the rule says nothing."),
      mark: number(10_000_000, "Messages from which partitioning is advised."),
    },
  },
  function* (stack, { messages, mark }) {
    if (messages === undefined) return stack.lacks("number of messages in the pack's configuration");
    yield* stack.judge(
      undefined,
      () => messages > mark && `${messages.toLocaleString("en")} messages in one table`,
    );
  },
);
