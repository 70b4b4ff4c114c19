import { type AlarmKey, downWhen } from "../../stacks/plan/monitoring/watched";
import { relayCarries } from "../../stacks/plan/workers";
import { ago, ask, common, errors, now, set, slowStatements, type Step } from "./remedy";

const workerEvents = `aws ecs describe-services --cluster "$cluster" --services "$relay" \\
  --query 'services[0].{running:runningCount,events:events[:10].[createdAt,message]}'`;

const certificate = `certificate=$(aws cloudwatch describe-alarms --alarm-name-prefix "chatpop-$stack-certificate-expiry" \\
  --query 'MetricAlarms[0].Dimensions[0].Value' --output text)`;

/** Steps for alarms on the load balancer and the tasks. */
export const chat = {
  "chat-is-down": [
    {
      text: `Which of its alarms is on? Go on there: ${Object.values(downWhen)
        .map((key) => `[${key}](#${key})`)
        .join(", ")}.`,
      sh: `aws cloudwatch describe-alarms --alarm-name-prefix "chatpop-$stack-" --state-value ALARM \\
  --query 'MetricAlarms[].[AlarmName,StateUpdatedTimestamp,StateReason]' --output table`,
    },
    { text: "Is it AWS? Open https://health.aws.amazon.com for the stack's region." },
    common.serviceEvents,
    common.rollBack,
    {
      text: "When the database is gone, not only busy, [restore it](restore.md#restore-the-database).",
    },
  ],
  "deployment-failed": [
    common.serviceEvents,
    common.stoppedTasks,
    errors("deployment-failed"),
    {
      text: "Name the image that runs in the stack's settings as well, so that no update tries the other one again.",
      sh: `aws ecs describe-task-definition --query 'taskDefinition.containerDefinitions[0].image' --task-definition \\
  "$(aws ecs describe-services --cluster "$cluster" --services "$service" --query 'services[0].taskDefinition' --output text)"
${set("image", ":1.4.1")}`,
    },
  ],
  "command-failed": [
    {
      text: "What did it say? Its errors stand among those of the chat's own container, at the time of the notice.",
      sh: ask("command-failed", 2 * 3_600),
    },
    {
      text: "`TaskFailedToStart` is the image, a secret or the network: then releases fail as well. Exit code 137 is memory, 143 the end of a Spot instance: the next run makes up for it.",
      sh: `aws ecs describe-tasks --cluster "$cluster" --tasks '<task of the notice>' \\
  --query 'tasks[].[stopCode,stoppedReason,containers[0].exitCode,overrides.containerOverrides[0].command]'`,
    },
    {
      text: "Run it again in a task of your own ([open a shell](shell.md#open-a-shell)), or mend it and let it wait for its next hour.",
    },
  ],
  "command-not-started": [
    {
      text: "Which one, and why? AWS's trail has every attempt to start a task, with the error.",
      sh: `aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=RunTask --max-results 20 \\
  --query 'Events[].[EventTime,CloudTrailEvent]' --output text | grep -o '"error[A-Za-z]*":"[^"]*"' | sort | uniq -c`,
    },
    {
      text: "`Capacity is unavailable` is Spot, and passes. A limit on vCPUs asks for a higher quota; a task definition that is inactive, or a role that may not be passed, for an update.",
      sh: `pulumi up --stack "$stack" --policy-pack policy`,
    },
    { text: "What has to run today, run in a task of your own ([open a shell](shell.md#open-a-shell))." },
  ],
  "open-connections": [
    {
      text: "Is it people? Compare sockets with requests on the dashboard: many sockets with few requests are clients that connect again and again.",
    },
    {
      text: "For one evening, let autoscaling start more tasks. Look at the preview: the database's class follows the most tasks, and a change of it restarts the database.",
      sh: set("maxTasks", "60"),
    },
    {
      text: "For good, say how large the chat has become; database and cache then grow with it ([scale up](change.md#scale-up-and-down)).",
      sh: set("rooms", "8000"),
    },
  ],
  "new-connections": [
    {
      text: "Is a deployment under way? When its tasks do not hold their sockets, go back to the image before it ([release, and roll back](change.md#release-and-roll-back)).",
      sh: common.serviceEvents.sh,
    },
    {
      text: "Why do sockets end? `try again later` is the cache or the database, `connect to another task` a task that stops; Redis itself tells of a failover in its events.",
      sh: ask("new-connections", 15 * 60),
    },
    {
      text: "Nothing in the log? One address that stands out is an attack: turn on the firewall with its limit by address.",
      sh: set("webFirewall", "true"),
    },
  ],
  "rejected-connections": [
    {
      text: "Who connects? One address that stands out is an attack: turn on the firewall with its limit by address.",
      sh: set("webFirewall", "true"),
    },
    {
      text: 'A surge of people that came too fast for the load balancer ends by itself within minutes. Before an event that is announced, ask AWS Support to prepare it ("load balancer capacity").',
    },
  ],
  "certificate-expiry": [
    {
      text: "Why was it not renewed? With the type `AMAZON_ISSUED` ACM renews it while the record that proves the domain stands; `PENDING_VALIDATION` means that it does not. `IMPORTED` is never renewed.",
      sh: `${certificate}
aws acm describe-certificate --certificate-arn "$certificate" --query 'Certificate.{type:Type,ends:NotAfter,
  renewal:RenewalSummary.RenewalStatus,record:DomainValidationOptions[].ResourceRecord}'`,
    },
    {
      text: "Does the record stand, with that value? Without an answer it is gone, or the domain's registrar names servers of another zone.",
      sh: `dig +short '<name of the record>' CNAME`,
    },
    {
      text: "A record that the program made comes back with an update that looks at the zone first; one of your own you make again. ACM then renews the certificate within hours, under the same ARN: nothing else changes.",
      sh: `pulumi up --refresh --stack "$stack" --policy-pack policy`,
    },
    {
      text: "An imported one: import the certificate that follows under the same ARN, and the load balancer shows it without an update.",
      sh: `${certificate}
aws acm import-certificate --certificate-arn "$certificate" --certificate fileb://certificate.pem \\
  --private-key fileb://key.pem --certificate-chain fileb://chain.pem`,
    },
    {
      text: "Where the domain's zone is in this account, let the program request a certificate that ACM renews.",
      sh: `pulumi config rm chatpop:certificateArn --stack "$stack"
pulumi up --stack "$stack" --policy-pack policy`,
    },
  ],
  "service-cpu": [
    {
      text: "How many tasks run, and may there be more? When running is the maximum, raise it.",
      sh: `aws application-autoscaling describe-scalable-targets --service-namespace ecs \\
  --resource-ids "service/$cluster/$service" --query 'ScalableTargets[0].[MinCapacity,MaxCapacity]'
aws ecs describe-services --cluster "$cluster" --services "$service" --query 'services[0].[runningCount,desiredCount]'`,
    },
    {
      text: "More tasks. Look at the preview: the database's class follows the most tasks, and a change of it restarts the database.",
      sh: set("maxTasks", "60"),
    },
    {
      text: "What did autoscaling do? `Failed` with a quota means: ask for more Fargate vCPUs.",
      sh: `aws application-autoscaling describe-scaling-activities --service-namespace ecs \\
  --resource-id "service/$cluster/$service" --query 'ScalingActivities[:5].[StartTime,StatusCode,StatusMessage]'`,
    },
    {
      text: "Task counts of the guide carry less than its load ([capacity](../capacity.md)); measured ones carry it.",
      sh: set("sizing", "measured"),
    },
  ],
  "service-memory": [
    common.stoppedTasks,
    {
      text: "Every socket takes memory: more tasks spread them.",
      sh: set("minTasks", "12"),
    },
    {
      text: "When memory grows although sockets do not, it is a leak of the last release: more memory buys time.",
      sh: set("taskMemory", "2048"),
    },
    common.rollBack,
  ],
  "tasks-below-minimum": [
    common.serviceEvents,
    common.stoppedTasks,
    common.targetHealth,
    errors("tasks-below-minimum"),
  ],
  "no-healthy-task": [
    common.serviceEvents,
    common.stoppedTasks,
    errors("no-healthy-task"),
    common.targetHealth,
    common.rollBack,
    {
      text: "When tasks cannot reach the database or the cache, look at their alarms first: new tasks would fail as well.",
    },
  ],
  "unhealthy-tasks": [
    common.targetHealth,
    {
      text: "During a deployment a task may take as long to start. Otherwise stop the one that is ill; ECS starts another.",
      sh: `aws ecs stop-task --cluster "$cluster" --task '<id of the task>' --reason "unhealthy"`,
    },
    errors("unhealthy-tasks"),
  ],
  "worker-not-running": [
    {
      text: "Why? `outbox-relay` delivers the messages of the outbox; they are kept and arrive late once it runs again. The services of other workers are in the output `identifiers`.",
      sh: workerEvents,
    },
    {
      text: "What did the workers say? Their lines stand in the same log, in streams under their names.",
      sh: ask("worker-not-running"),
    },
    {
      text: "When its events say that Spot has no capacity, run all of its tasks On-Demand (`onDemandTasks` as many as `tasks`), and go back another day.",
      sh: set("workers", `'{"outbox-relay":{"tasks":4,"onDemandTasks":4}}'`),
    },
  ],
  "worker-below-count": [
    {
      text: "Why? `capacity is unavailable` is Spot's, and passes; tasks that stop again and again have a reason in the log.",
      sh: workerEvents,
    },
    { text: "What did they say before they stopped?", sh: ask("worker-below-count") },
    {
      text: "Is it enough meanwhile? Of the relays see [outbox-backlog](#outbox-backlog). Otherwise run all of its tasks On-Demand for a while.",
      sh: set("workers", `'{"outbox-relay":{"tasks":4,"onDemandTasks":4}}'`),
    },
  ],
  "lost-messages": [
    {
      text: "Which rooms, and since when? Every line is a message that at least one task did not get. Clients see it when they load the room again.",
      sh: ask("lost-messages"),
    },
    {
      text: "Was a task killed in the last 24 hours (`OutOfMemoryError`, a host that failed)? Then there were fewer healthy ones for a while. Its channels stay in the rooms for a day and are full, but nobody misses anything: wait, or turn the alarm off until then. Tasks that are stopped leave their rooms themselves.",
      sh: `aws cloudwatch get-metric-statistics --namespace AWS/ApplicationELB --metric-name HealthyHostCount \\
  --dimensions "Name=LoadBalancer,Value=$balancer" "Name=TargetGroup,Value=\${targets##*:}" \\
  --start-time ${ago(86_400)} --end-time ${now} --period 300 --statistics Minimum \\
  --query 'sort_by(Datapoints,&Timestamp)[].[Timestamp,Minimum]' --output table`,
    },
    {
      text: "Otherwise tasks are too busy to read: more of them ([service-cpu](#service-cpu)). One that is hot among idle ones holds a room that is too big for it: bigger tasks then.",
      sh: set("maxTasks", "60"),
    },
  ],
  "outbox-backlog": [
    {
      text: "What do the relays say? `The relay waits` names the database or Redis; `outboxLag` is how long the oldest message has waited, in seconds.",
      sh: ask("outbox-backlog", 15 * 60),
    },
    {
      text: "No lines at all: [worker-not-running](#worker-not-running). With tasks that run and say nothing, a relay hangs: start them anew.",
      sh: `aws ecs update-service --cluster "$cluster" --service "$relay" --force-new-deployment`,
    },
    {
      text: `It grows while CPU of the workers is at its limit: more relays. Each sends ${relayCarries({ cpu: 512 })} messages a second on half a vCPU; from the second one on, messages of a room may overtake each other.`,
      sh: set("workers", `'{"outbox-relay":{"tasks":6,"cpu":1024,"memory":2048}}'`),
    },
    {
      text: "It grows while CPU is idle: the database is slow ([database-cpu](#database-cpu)) or its index is missing. Each must say `valid`.",
      sh: `pulumi stack output indexes --stack "$stack"`,
    },
    {
      text: "Nothing is lost: messages stay in the outbox, in their order, until they are sent.",
    },
  ],
  "outbox-stuck": [
    {
      text: "Which messages, and why? In a task ([open a shell](shell.md#open-a-shell)); each line ends with its reason.",
      sh: "python manage.py outbox --stuck",
    },
    {
      text: "The end of the traceback stands in the relay's log.",
      sh: ask("outbox-stuck"),
    },
    {
      text: "When it began with a release, go back to the image before it ([release, and roll back](change.md#release-and-roll-back)). Then have the relay try again.",
      sh: "python manage.py outbox --retry all",
    },
    {
      text: "One that nothing can mend (a number of thirty digits, lists in lists), drop by the id in front of its line. The message stays in the room's history.",
      sh: "python manage.py outbox --drop ID",
    },
  ],
  "response-time": [
    {
      text: "Which part is slow? Look at the dashboard, at the same minute: CPU of the tasks ([service-cpu](#service-cpu)), the wait for a connection ([proxy-borrow-latency](#proxy-borrow-latency)), the database ([database-cpu](#database-cpu)), the cache ([cache-engine-cpu](#cache-engine-cpu)).",
    },
    slowStatements("response-time"),
    {
      text: "Are all indexes there? Each must say `valid`; `pulumi up` builds what is missing.",
      sh: `pulumi stack output indexes --stack "$stack"`,
    },
  ],
  "application-errors": [
    errors("application-errors"),
    {
      text: "A few an hour are for the morning. Calls every night mean: fix it, or say how many may pass.",
      sh: set("alarms", `'{"application-errors":{"threshold":5}}'`),
    },
    common.rollBack,
  ],
  "target-connection-errors": [
    common.serviceEvents,
    common.targetHealth,
    {
      text: "When tasks are at their CPU's limit they do not accept in time: [service-cpu](#service-cpu).",
    },
  ],
  "load-balancer-errors": [
    {
      text: "Which ones? 502: tasks hang up; 503: no task is registered; 504: tasks do not answer within the idle time-out; 500: the load balancer itself.",
      sh: `for code in 500 502 503 504; do
  aws cloudwatch get-metric-statistics --namespace AWS/ApplicationELB --metric-name "HTTPCode_ELB_\${code}_Count" \\
    --dimensions "Name=LoadBalancer,Value=$balancer" --start-time ${ago(3_600)} \\
    --end-time ${now} --period 3600 --statistics Sum --query "Datapoints[].['$code',Sum]" --output text
done`,
    },
    common.targetHealth,
    common.stoppedTasks,
    errors("load-balancer-errors"),
  ],
  "failing-requests": [
    errors("failing-requests"),
    {
      text: "Errors that name the database: [database-connections](#database-connections). That name Redis: [cache-engine-cpu](#cache-engine-cpu).",
    },
    common.targetHealth,
    common.rollBack,
  ],
} as const satisfies Partial<Record<AlarmKey, readonly Step[]>>;
