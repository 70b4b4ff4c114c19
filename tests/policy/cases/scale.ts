import { types } from "../../recording/types";
import { add, all, container, detach, redirect, remove, set } from "../mutations";
import type { Cases } from "./case";

const database = `${types.database} chatpop-db`;
const replica = `${types.database} chatpop-db-replica`;
const cache = `${types.cache} chatpop-redis`;
const taskDefinition = `${types.taskDefinition} chatpop-backend`;
const primary = { type: types.database, name: "chatpop-db" };

const tasksPastTheProxy = redirect(
  { type: types.taskDefinition },
  { from: "chatpop-proxy.proxy.rds.amazonaws.com", to: "chatpop-db.instance.rds.amazonaws.com" },
  { from: [types.proxy, types.proxyTarget], to: database },
);

const proxyEndpoint = "aws:rds/proxyEndpoint:ProxyEndpoint";
const proxy = "database-proxy-from-1000-rooms";
const readReplica = "read-replica-from-5000-rooms";

export const scale: Cases = {
  violations: [
    {
      what: "no proxy at 1,000 rooms (G-6, G-159)",
      scale: "medium",
      config: { databaseProxy: "false" },
      policy: proxy,
      says: /1,000 rooms, but no RDS Proxy/,
    },
    {
      what: "a proxy without a database behind it (G-107)",
      scale: "medium",
      mutation: remove({ type: types.proxyTarget }),
      policy: proxy,
      says: /no database is registered as its target/,
    },
    {
      what: "tasks that go past the proxy (G-109, G-160)",
      scale: "medium",
      mutation: tasksPastTheProxy,
      policy: proxy,
      blames: taskDefinition,
      says: /POSTGRES_HOST is the database itself/,
    },
    {
      what: "tasks that go past the proxy while they read from a replica",
      scale: "large",
      mutation: tasksPastTheProxy,
      policy: proxy,
      blames: taskDefinition,
      says: /POSTGRES_HOST is the database itself/,
    },
    {
      what: "no replica at 5,000 rooms (G-7, G-165)",
      scale: "large",
      config: { readReplicas: "0" },
      policy: readReplica,
      says: /5,000 rooms, but no read replica/,
    },
    {
      what: "a replica that is weaker than its source (G-168)",
      scale: "large",
      mutation: set({ name: "chatpop-db-replica" }, "instanceClass", "db.t3.medium"),
      policy: readReplica,
      blames: replica,
      says: /db\.t3\.medium is weaker than db\.m5\.large of its source chatpop-db/,
    },
    {
      what: "a replica of a class that says nothing of its size",
      scale: "large",
      mutation: set({ name: "chatpop-db-replica" }, "instanceClass", "db.serverless"),
      policy: readReplica,
      blames: replica,
      says: /db\.serverless is weaker/,
    },
    {
      what: "tasks that do not know the replica (G-113, GAP-15)",
      scale: "large",
      mutation: all(
        detach({ type: types.taskDefinition }, "containerDefinitions", types.database),
        container({ environment: [{ name: "OUTBOX_ENABLED", value: "True" }] }),
      ),
      policy: "tasks-read-from-replica",
      blames: taskDefinition,
      says: /nothing reads from the replica/,
    },
    {
      what: "tasks that read from the primary (G-113)",
      scale: "large",
      mutation: container({
        environment: [
          { name: "OUTBOX_ENABLED", value: "True" },
          { name: "POSTGRES_REPLICA_HOST", value: "chatpop-db.instance.rds.amazonaws.com" },
        ],
      }),
      policy: "tasks-read-from-replica",
      blames: taskDefinition,
      says: /no container has the address of a replica \(POSTGRES_REPLICA_HOST\)/,
      deferred: true,
    },
    {
      what: "a replica that is weaker than the source which it names by hand (G-168)",
      scale: "large",
      mutation: all(
        detach({ name: "chatpop-db-replica" }, "replicateSourceDb", types.database),
        set({ name: "chatpop-db-replica" }, "replicateSourceDb", "the-primary"),
        set(primary, "identifier", "the-primary"),
        set({ name: "chatpop-db-replica" }, "instanceClass", "db.t3.micro"),
      ),
      policy: readReplica,
      blames: replica,
      says: /db\.t3\.micro is weaker than db\.m5\.large of its source chatpop-db/,
    },
    {
      what: "a database that is smaller than the scale's (G-168)",
      scale: "large",
      mutation: all(
        set(primary, "instanceClass", "db.t3.medium"),
        set({ name: "chatpop-db-replica" }, "instanceClass", "db.t3.medium"),
      ),
      policy: "database-size-for-scale",
      blames: database,
      says: /db\.t3\.medium is smaller than db\.m5\.large, which 5,000 rooms need/,
      also: ["alarm-database-connections"],
    },
    {
      what: "a database that cannot grow to the scale's storage (G-16)",
      scale: "medium",
      mutation: all(set(primary, "allocatedStorage", 50), set(primary, "maxAllocatedStorage", 60)),
      policy: "database-size-for-scale",
      blames: database,
      says: /60 GiB of storage at most; 1,000 rooms need 100 GiB/,
    },
    {
      what: "a database of a class that says nothing of its size",
      scale: "small",
      mutation: set(primary, "instanceClass", "db.serverless"),
      policy: "database-size-for-scale",
      blames: database,
      says: /cannot be told from its name; 100 rooms need db\.t3\.small/,
      also: ["database-connections-for-tasks"],
    },
    {
      what: "more tasks than the database has connections for (G-140, G-142)",
      scale: "medium",
      mutation: set({ type: types.autoscalingTarget }, "maxCapacity", 60),
      policy: "database-connections-for-tasks",
      blames: database,
      says: /db\.t3\.medium is smaller than db\.m5\.large, which up to 60 tasks need/,
    },
    {
      what: "ten tasks without a proxy, below 1,000 rooms (G-139)",
      scale: "small",
      config: { maxTasks: "10", databaseProxy: "false" },
      policy: "database-connections-for-tasks",
      blames: database,
      says: /no RDS Proxy stands before it, which up to 10 tasks need/,
    },
    {
      what: "a cache that is smaller than the scale's (G-162)",
      scale: "medium",
      mutation: set({ type: types.cache }, "nodeType", "cache.t3.micro"),
      policy: "cache-size-for-scale",
      blames: cache,
      says: /cache\.t3\.micro is smaller than cache\.t3\.small, which 1,000 rooms need/,
      also: ["cache-size-for-connections"],
    },
    {
      what: "a cache of the middle scale's size at the large one (G-169)",
      scale: "large",
      mutation: set({ type: types.cache }, "nodeType", "cache.t3.small"),
      policy: "cache-size-for-scale",
      blames: cache,
      says: /cache\.t3\.small is smaller than cache\.m5\.large, which 5,000 rooms need/,
      also: ["cache-size-for-connections"],
    },
    {
      what: "a cache that is too small for the connections (G-145)",
      scale: "small",
      config: { usersPerRoom: "500", cacheNodeType: "cache.t3.small" },
      policy: "cache-size-for-connections",
      blames: cache,
      says: /cache\.t3\.small is smaller than cache\.m5\.large, which 50,000 connections need/,
    },
    {
      what: "tasks of a quarter vCPU (G-12)",
      scale: "small",
      mutation: set({ type: types.taskDefinition }, "cpu", "256"),
      policy: "task-size",
      blames: taskDefinition,
      says: /cpu 256 is less than 512/,
    },
  ],
  allowances: [
    { what: "a proxy below 1,000 rooms", scale: "small", config: { databaseProxy: "true" } },
    { what: "nine tasks without a proxy (G-138)", scale: "small", config: { maxTasks: "9" } },
    { what: "a proxy that ten tasks get by themselves", scale: "small", config: { maxTasks: "10" } },
    { what: "no proxy at 999 rooms", scale: "small", config: { rooms: "999" } },
    { what: "a replica below 5,000 rooms", scale: "medium", config: { readReplicas: "1" } },
    {
      what: "a task definition for the migration alone, which goes to the instance (GAP-28)",
      scale: "medium",
      mutation: add(
        types.taskDefinition,
        "migrate",
        {
          containerDefinitions: JSON.stringify([
            {
              name: "migrate",
              image: "chat:1.0.0",
              environment: [{ name: "POSTGRES_HOST", value: "chatpop-db.instance.rds.amazonaws.com" }],
              logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "chat" } },
            },
          ]),
        },
        { containerDefinitions: [database, `${types.logGroup} chatpop-backend`] },
      ),
    },
    {
      what: "tasks that use another endpoint of the proxy",
      scale: "medium",
      mutation: all(
        add(proxyEndpoint, "inner", { endpoint: "inner.endpoint.proxy.amazonaws.com" }),
        redirect(
          { type: types.taskDefinition },
          { from: "chatpop-proxy.proxy.rds.amazonaws.com", to: "inner.endpoint.proxy.amazonaws.com" },
          { from: [types.proxy, types.proxyTarget], to: `${proxyEndpoint} inner` },
        ),
      ),
    },
    {
      what: "the replica's address in a variable of another name",
      scale: "large",
      mutation: container({
        environment: [
          { name: "OUTBOX_ENABLED", value: "True" },
          { name: "DB_READ_URL", value: "postgres://chatpop-db-replica.instance.rds.amazonaws.com/chat" },
        ],
      }),
    },
    {
      what: "the address of a replica that another stack has",
      scale: "large",
      mutation: container({
        environment: [
          { name: "OUTBOX_ENABLED", value: "True" },
          { name: "POSTGRES_REPLICA_HOST", value: "replica.elsewhere.example.com" },
        ],
      }),
    },
    {
      what: "a task that has grown to one vCPU and 2 GB (G-137)",
      scale: "large",
      config: { taskCpu: "1024", taskMemory: "2048" },
    },
    { what: "several replicas", scale: "large", config: { readReplicas: "3" } },
    {
      what: "a replica that is stronger than its source",
      scale: "large",
      mutation: set({ name: "chatpop-db-replica" }, "instanceClass", "db.r5.large"),
    },
    {
      what: "a class of the same size from another generation (G-15)",
      scale: "large",
      mutation: all(
        set(primary, "instanceClass", "db.m7g.large"),
        set({ name: "chatpop-db-replica" }, "instanceClass", "db.m7g.large"),
        set({ type: types.cache }, "nodeType", "cache.r7g.large"),
      ),
    },
    {
      what: "a small worker beside the chat (G-175)",
      scale: "small",
      mutation: add(
        types.taskDefinition,
        "worker",
        { cpu: "256", memory: "512", containerDefinitions: "[]" },
        { containerDefinitions: [`${types.logGroup} chatpop-backend`] },
      ),
    },
    { what: "more storage than the guide's", scale: "small", config: { databaseStorage: "400" } },
  ],
};
