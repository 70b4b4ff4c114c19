import type { AlarmKey } from "../../stacks/plan/monitoring/watched";
import { ago, ask, course, set, slowStatements, sql, type Step } from "./remedy";

const rds = (metric: string, statistic: string) =>
  course("AWS/RDS", metric, `"Name=DBInstanceIdentifier,Value=$database"`, statistic);
const redis = (metric: string, statistic: string) =>
  course("AWS/ElastiCache", metric, `"Name=CacheClusterId,Value=$cache-001"`, statistic);

const busiest =
  "select pid, state, now() - query_start as since, left(query, 80) as query from pg_stat_activity where state <> 'idle' order by since desc";

const activity: Step = {
  text: "What does it work on? Ask it in a task ([open a shell](shell.md#open-a-shell)).",
  sh: sql([`${busiest} limit 20`]),
};

const biggerDatabase: Step = {
  text: "A bigger class restarts the database for some minutes, so choose the hour ([scale up](change.md#scale-up-and-down)).",
  sh: set("databaseClass", "db.m5.xlarge"),
};

const biggerCache: Step = {
  text: "A bigger node takes the place of the old one; sockets reconnect.",
  sh: set("cacheNodeType", "cache.m5.xlarge"),
};

/** Steps for alarms on the database, its proxy and the cache. */
export const data = {
  "database-cpu": [
    slowStatements("database-cpu"),
    activity,
    {
      text: "One statement that runs for minutes can be ended, in the same task.",
      sh: sql(["select pg_cancel_backend(<pid>)"]),
    },
    {
      text: "Are all indexes there? Each must say `valid`; `pulumi up` builds what is missing.",
      sh: `pulumi stack output indexes --stack "$stack"`,
    },
    biggerDatabase,
  ],
  "database-connections": [
    {
      text: "What is the real limit, and who holds the connections? Ask it in a task ([open a shell](shell.md#open-a-shell)). The alarm assumes a little less memory than the class has.",
      sh: sql([
        "show max_connections",
        "select client_addr, state, count(*) from pg_stat_activity group by 1, 2 order by 3 desc",
      ]),
    },
    { text: "Whom has it refused, and why?", sh: ask("database-connections") },
    {
      text: "Without RDS Proxy every request opens one of its own: the proxy lets them wait instead of failing.",
      sh: set("databaseProxy", "true"),
    },
    biggerDatabase,
    {
      text: "When the real limit leaves room, say so.",
      sh: set("alarms", `'{"database-connections":{"threshold":700}}'`),
    },
  ],
  "database-read-latency": [
    {
      text: "Does it read more, or more slowly? Many reads are a missing index or too little memory.",
      sh: rds("ReadIOPS", "Average"),
    },
    slowStatements("database-read-latency"),
    activity,
    {
      text: "gp3 gives 3,000 operations a second below 400 GiB of storage and four times as many from there on; storage never shrinks again.",
      sh: set("databaseStorage", "400"),
    },
  ],
  "database-write-latency": [
    {
      text: "What writes? An index build, a clean-up or a backup ends by itself.",
      sh: rds("WriteIOPS", "Average"),
    },
    {
      text: "Did checkpoints, automatic vacuums or an index build write at that time?",
      sh: ask("database-write-latency"),
    },
    activity,
    {
      text: "gp3 gives 3,000 operations a second below 400 GiB of storage and four times as many from there on; storage never shrinks again.",
      sh: set("databaseStorage", "400"),
    },
  ],
  "database-free-memory": [
    { text: "Since when?", sh: rds("FreeableMemory", "Minimum") },
    {
      text: "Every connection takes memory: look at them first ([database-connections](#database-connections)).",
    },
    biggerDatabase,
  ],
  "database-swap": [
    { text: "Does it grow? A constant value is old and harmless.", sh: rds("SwapUsage", "Maximum") },
    biggerDatabase,
    {
      text: "Old and harmless: say so, with the reason.",
      sh: set("alarms", `'{"database-swap":{"enabled":false,"reason":"constant since the last restart"}}'`),
    },
  ],
  "database-free-storage": [
    {
      text: "Has RDS reached its limit, or does it wait for six hours since the last change?",
      sh: `aws rds describe-db-instances --db-instance-identifier "$database" \\
  --query 'DBInstances[0].[AllocatedStorage,MaxAllocatedStorage,DBInstanceStatus]'
aws rds describe-events --source-type db-instance --source-identifier "$database" --duration 1440 \\
  --query 'Events[].[Date,Message]' --output table`,
    },
    { text: "Raise the limit.", sh: set("databaseMaxStorage", "2000") },
    {
      text: "What fills it? Ask it in a task ([open a shell](shell.md#open-a-shell)). A replication slot that nobody reads keeps write-ahead log for ever.",
      sh: sql([
        "select slot_name, active, pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)) from pg_replication_slots",
        "select relname, pg_size_pretty(pg_total_relation_size(oid)) from pg_class where relkind = 'r' order by pg_total_relation_size(oid) desc limit 10",
      ]),
    },
  ],
  "database-failure": [
    {
      text: "What happened, in RDS's own words, in the last day?",
      sh: `aws rds describe-events --source-type db-instance --source-identifier "$database" --duration 1440 \\
  --query 'Events[].[Date,EventCategories[0],Message]' --output table
aws rds describe-db-instances --db-instance-identifier "$database" --query 'DBInstances[0].[DBInstanceStatus,AvailabilityZone]'`,
    },
    { text: "And in PostgreSQL's words?", sh: ask("database-failure") },
    {
      text: "A failover (only with `databaseMultiAz`) is over within two minutes. Tasks connect again by themselves; look at [failing-requests](#failing-requests).",
    },
    { text: "`storage-full` or low storage: [database-free-storage](#database-free-storage)." },
    {
      text: "A database that does not come back within a quarter of an hour, or that RDS calls `failed`: [restore it](restore.md#restore-the-database).",
    },
  ],
  "backup-failed": [
    {
      text: "Which job, and why?",
      sh: `aws backup list-backup-jobs --by-created-after ${ago(2 * 86_400)} \\
  --query 'BackupJobs[].[CreationDate,State,StatusMessage,ResourceArn]' --output table
aws backup list-copy-jobs --by-created-after ${ago(2 * 86_400)} \\
  --query 'CopyJobs[].[CreationDate,State,StatusMessage,ResourceArn]' --output table`,
    },
    {
      text: "`EXPIRED` did not begin in its hour, mostly because of RDS's own backup or maintenance: the windows must not meet. The next night makes up for it.",
      sh: `aws rds describe-db-instances --db-instance-identifier "$database" \\
  --query 'DBInstances[0].[PreferredBackupWindow,PreferredMaintenanceWindow]'`,
    },
    {
      text: "Twice in a row: take a snapshot by hand and copy it, until the cause is mended.",
      sh: `aws rds create-db-snapshot --db-instance-identifier "$database" --db-snapshot-identifier "$database-by-hand"`,
    },
  ],
  "database-burst-credits": [
    {
      text: "It is not slow, but charged by the vCPU-hour (unlimited mode). Since when?",
      sh: rds("CPUSurplusCreditBalance", "Maximum"),
    },
    {
      text: "A class that is always this busy is cheaper when it is not burstable; it restarts the database for some minutes.",
      sh: set("databaseClass", "db.m5.large"),
    },
  ],
  "replica-lag": [
    {
      text: "What holds it up on the replica? A query of minutes there stops the replay. Ask the first one in a task ([open a shell](shell.md#open-a-shell)).",
      sh: sql([`${busiest} limit 10`], "read_replica"),
    },
    {
      text: "Did the replay cancel queries? Each line comes with its replica's name.",
      sh: ask("replica-lag"),
    },
    {
      text: "Is the replica's class the primary's? While a change of class is under way it lags behind for some minutes.",
      sh: `aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceClass,DBInstanceStatus]' --output table`,
    },
    {
      text: "When old messages do harm, take the replica away until it is mended: the primary then serves all reads. From 5,000 rooms the policy pack has to be told the reason.",
      sh: set("readReplicas", "0"),
    },
  ],
  "replica-fallbacks": [
    {
      text: "Users notice nothing, since the primary answers. What do the tasks say? `rests` names the replica and the error.",
      sh: ask("replica-fallbacks"),
    },
    {
      text: "Are all replicas available? One that is missing, `pulumi up` makes again.",
      sh: `aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus]' --output table
pulumi up --stack "$stack" --policy-pack policy`,
    },
    {
      text: "`conflict with recovery` is a query that was in the way of the replay: look for one of minutes, as for [replica-lag](#replica-lag).",
    },
  ],
  "cache-cpu": [
    {
      text: "Engine or network? Compare with the engine's own thread.",
      sh: redis("EngineCPUUtilization", "Average"),
    },
    {
      text: "Every task that holds members of a room adds to each of its messages: half as many tasks of twice the size lower the load ([capacity](../capacity.md)).",
      sh: set("taskCpu", "1024").replace(
        "\n",
        `\npulumi config set chatpop:taskMemory 2048 --stack "$stack"\n`,
      ),
    },
    biggerCache,
  ],
  "cache-engine-cpu": [
    {
      text: "How many messages? The program says at every update what full load would need of this one thread.",
      sh: `pulumi preview --stack "$stack" 2>&1 | grep "Redis's one command thread"`,
    },
    {
      text: "Half as many tasks of twice the size lower the load.",
      sh: set("taskCpu", "1024").replace(
        "\n",
        `\npulumi config set chatpop:taskMemory 2048 --stack "$stack"\n`,
      ),
    },
    {
      text: "A bigger node has no faster thread: let more caches share the rooms, at a quiet hour, because messages are lost while the tasks are replaced. The Plan takes as many as full load needs when it is told of all messages (chatpop:messagesPerSecond).",
      sh: set("cacheShards", "2"),
    },
  ],
  "cache-memory": [
    {
      text: "What fills it? Mostly the message cache: fewer messages a room.",
      sh: set("environment", `'{"MESSAGE_CACHE_MAX_COUNT":"200"}'`),
    },
    biggerCache,
  ],
  "cache-evictions": [
    {
      text: "It is full now, and the channel layer loses what is dropped. How full?",
      sh: redis("DatabaseMemoryUsagePercentage", "Maximum"),
    },
    biggerCache,
    {
      text: "Sooner: fewer cached messages a room.",
      sh: set("environment", `'{"MESSAGE_CACHE_MAX_COUNT":"200"}'`),
    },
  ],
  "cache-swap": [
    { text: "Does it grow? A constant value is old and harmless.", sh: redis("SwapUsage", "Maximum") },
    biggerCache,
  ],
  "cache-burst-credits": [
    {
      text: "How fast? With none left the node works at its baseline: a tenth of its CPU (micro) or a fifth (small, medium).",
      sh: redis("CPUCreditBalance", "Minimum"),
    },
    {
      text: "A node that is not burstable takes its place; sockets reconnect.",
      sh: set("cacheNodeType", "cache.m5.large"),
    },
  ],
  "proxy-borrow-latency": [
    {
      text: "Is the pool used up? Compare what is borrowed with what is allowed.",
      sh: `for metric in DatabaseConnectionsCurrentlyBorrowed MaxDatabaseConnectionsAllowed; do
  ${course("AWS/RDS", '"$metric"', `"Name=ProxyName,Value=$proxy"`, "Sum", 60).replaceAll("\n", "\n  ")}
done`,
    },
    slowStatements("proxy-borrow-latency"),
    activity,
    biggerDatabase,
  ],
  "proxy-pinned-sessions": [
    {
      text: "What pins them? The proxy says so in its log.",
      sh: ask("proxy-pinned-sessions"),
    },
    {
      text: "Django's own `SET TIME ZONE` is avoided by the parameter group's `timezone` UTC. What is left is the application: `SET`, server-side cursors, temporary tables, advisory locks.",
    },
  ],
} as const satisfies Partial<Record<AlarmKey, readonly Step[]>>;
