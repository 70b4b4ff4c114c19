import { expect } from "chai";
import { subjects } from "../../stacks/plan/monitoring/watched/watched";
import { makePlan } from "../../stacks/plan";
import type { Registration } from "../recording/monitor";
import { everywhere, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";
import { secretWire } from "../recording/wire";

const json = (value: unknown) => JSON.parse(String(value)) as Record<string, unknown>;
const alarmKey = ({ name }: Registration) => name.replace(/^chatpop-test-/, "");

/** Types of the resources that an alarm's dimensions were made of. */
const dimensionSources = (recording: Recording, alarm: Registration) => {
  const property = "metricQueries" in alarm.inputs ? "metricQueries" : "dimensions";
  return new Set(recording.sourcesOf(alarm, property).map(({ type }) => type));
};

const sourceTypes = {
  loadBalancer: [types.loadBalancer],
  targetGroup: [types.loadBalancer, types.targetGroup],
  service: [types.cluster, types.service],
  database: [types.database],
  replica: [types.database],
  proxy: [types.proxy],
  worker: [types.cluster, types.service],
  cacheNode: [types.cache],
  scheduleGroup: [types.scheduleGroup],
  log: [],
} as const;
const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1";

/** Those that people are called by; ECS looks at one more. */
const peoplesAlarms = (recording: Recording) =>
  recording.ofType(types.alarm).filter(({ name }) => name !== "chatpop-test-deployment");

describe("alarms", () => {
  it("are the plan's, one for one (G-115 … G-129, G-195)", () =>
    everywhere((recording, scale) => {
      const { alarms } = makePlan({ scale }, "test").monitoring;
      expect(peoplesAlarms(recording).map(alarmKey)).to.have.members(Object.keys(alarms));
      for (const alarm of peoplesAlarms(recording)) {
        const plan = alarms[alarmKey(alarm)]!;
        expect(alarm.inputs, alarm.name).to.deep.include({
          threshold: plan.threshold,
          comparisonOperator: plan.comparison,
          evaluationPeriods: plan.periods,
          datapointsToAlarm: plan.periods,
          treatMissingData: plan.missingData,
          alarmDescription: plan.description,
        });
        if (typeof plan.metric !== "string") continue;
        // The log's own metrics have none.
        expect(Object.keys(alarm.inputs["dimensions"] ?? {}), alarm.name).to.have.members([
          ...subjects[plan.subject].dimensions,
        ]);
        expect(alarm.inputs, alarm.name).to.include({
          namespace: plan.namespace,
          metricName: plan.metric,
          period: plan.period,
        });
        expect(alarm.inputs["statistic"] ?? alarm.inputs["extendedStatistic"]).to.equal(plan.statistic);
        // A percentile of a handful of requests is one of them.
        expect(alarm.inputs["evaluateLowSampleCountPercentiles"], alarm.name).to.equal(
          plan.statistic.startsWith("p") ? "ignore" : undefined,
        );
      }
    }));

  it("look at resources of this stack, also where these are not known yet", () =>
    everywhere((recording, scale) => {
      const { alarms } = makePlan({ scale }, "test").monitoring;
      for (const alarm of peoplesAlarms(recording)) {
        const { subject } = alarms[alarmKey(alarm)]!;
        const expected: readonly string[] = sourceTypes[subject as keyof typeof sourceTypes];
        expect([...dimensionSources(recording, alarm)], alarm.name).to.have.members([...expected]);
      }
    }));

  it("name the instance that they are about: the primary first, then each replica", async () => {
    const recording = await record("large", "update");
    const instance = (name: string) => recording.one(types.alarm, name).inputs["dimensions"];
    expect(instance("chatpop-test-database-cpu")).to.deep.equal({
      DBInstanceIdentifier: "chatpop-db-1a2b3c4",
    });
    expect(instance("chatpop-test-database-cpu-2")).to.deep.equal({
      DBInstanceIdentifier: "chatpop-db-replica-1a2b3c4",
    });
    expect(instance("chatpop-test-replica-lag")).to.deep.equal(instance("chatpop-test-database-cpu-2"));
    expect(instance("chatpop-test-unhealthy-tasks")).to.deep.equal({
      LoadBalancer: "app/chatpop-alb/50dc6c495c0c9188",
      TargetGroup: "targetgroup/chatpop-tg/73e2d6bc24d8a067",
    });
    expect(instance("chatpop-test-cache-memory")).to.deep.equal({ CacheClusterId: "chatpop-redis-id-001" });
  });

  it("count a worker's tasks by their samples, by the worker's name: without the relay no message arrives", async () => {
    const { inputs } = (await record("large", "update")).one(
      types.alarm,
      "chatpop-test-worker-not-running-outbox-relay",
    );
    expect(inputs).to.deep.include({
      namespace: "AWS/ECS",
      metricName: "CPUUtilization",
      statistic: "SampleCount",
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
      dimensions: {
        ClusterName: "chatpop-cluster-1a2b3c4",
        ServiceName: "chatpop-worker-outbox-relay-1a2b3c4",
      },
    });
  });

  it("name every cache node, as any of them can become the primary", async () => {
    const recording = await record("medium", "update", { cacheReplicas: "1" });
    const node = (name: string) => recording.one(types.alarm, name).inputs["dimensions"];
    expect(node("chatpop-test-cache-memory-2")).to.deep.equal({ CacheClusterId: "chatpop-redis-id-002" });
  });

  it("name every node of every cache, cache by cache (GAP-39)", async () => {
    const recording = await record("medium", "update", { cacheReplicas: "1", cacheShards: "2" });
    const nodes = ["", "-2", "-3", "-4"].map(
      (suffix) =>
        recording.one(types.alarm, `chatpop-test-cache-engine-cpu${suffix}`).inputs["dimensions"] as object,
    );
    expect(nodes).to.deep.equal(
      [
        "chatpop-redis-id-001",
        "chatpop-redis-id-002",
        "chatpop-redis-2-id-001",
        "chatpop-redis-2-id-002",
      ].map((CacheClusterId) => ({ CacheClusterId })),
    );
    const { alarms } = makePlan({ scale: "medium", cacheReplicas: 1, cacheShards: 2 }).monitoring;
    const titles = ["-2", "-3", "-4"].map((suffix) => alarms[`cache-swap${suffix}`]!.title);
    expect(titles).to.deep.equal(
      ["node 2", "cache 2", "cache 2, node 2"].map((place) => `Swap of the cache, ${place}`),
    );
  });

  it("name the certificate that the load balancer shows: the stack's, once it is issued, or the operator's", async () => {
    const expiry = async (config: Readonly<Record<string, string>>) => {
      const recording = await record("small", "update", { domain: "chat.example.com", ...config });
      const alarm = recording.one(types.alarm, "chatpop-test-certificate-expiry");
      return { recording, alarm, sources: dimensionSources(recording, alarm) };
    };
    const own = await expiry({});
    expect([...own.sources]).to.deep.equal([types.certificateValidation]);
    expect(own.alarm.inputs["dimensions"]).to.deep.equal({
      CertificateArn: own.recording.one(types.certificate).wireOutputs["arn"],
    });
    const given = await expiry({ certificateArn });
    expect([...given.sources]).to.deep.equal([]);
    expect(given.alarm.inputs["dimensions"]).to.deep.equal({ CertificateArn: certificateArn });
  });

  it("count sockets and failing requests by metric math, with exactly one result (GAP-34)", async () => {
    const recording = await record("small", "update");
    for (const [name, expression, metrics] of [
      ["chatpop-test-open-connections", /^active \/ 2$/, ["ActiveConnectionCount"]],
      [
        "chatpop-test-failing-requests",
        /^IF\(/,
        ["RequestCount", "HTTPCode_ELB_503_Count", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"],
      ],
    ] as const) {
      const [result, ...members] = recording.one(types.alarm, name).inputs["metricQueries"] as {
        expression?: string;
        returnData: boolean;
        metric?: { metricName: string; stat: string };
      }[];
      expect(result!.expression).to.match(expression);
      expect(result!.returnData).to.equal(true);
      expect(members.map(({ returnData }) => returnData)).to.deep.equal(metrics.map(() => false));
      expect(members.map(({ metric }) => metric!.metricName)).to.deep.equal([...metrics]);
    }
  });

  it("tell the topic when they go off, and when all is well again (G-129, G-195)", () =>
    everywhere((recording, _scale, mode) => {
      for (const alarm of [...recording.ofType(types.alarm), ...recording.ofType(types.compositeAlarm)]) {
        for (const actions of ["alarmActions", "okActions"]) {
          // The topic's policy comes along: before it, nothing would be delivered.
          expect(recording.namesOf(alarm, actions, types.topic)).to.deep.equal(["chatpop-alerts"]);
          expect(recording.namesOf(alarm, actions, types.topicPolicy)).to.deep.equal(["chatpop-alerts"]);
          if (mode === "update")
            expect(alarm.inputs[actions]).to.deep.equal([
              "arn:aws:sns:us-east-1:123456789012:chatpop-alerts-1a2b3c4",
            ]);
        }
      }
    }));

  it("are overlooked by one that says the chat is down (G-158)", async () => {
    const recording = await record("large", "update");
    const down = recording.one(types.compositeAlarm);
    expect(down.inputs).to.include({
      alarmName: "chatpop-test-chat-is-down",
      alarmRule: ["no-healthy-task", "failing-requests", "outbox-backlog", "worker-not-running-outbox-relay"]
        .map((alarm) => `ALARM("chatpop-test-${alarm}-1a2b3c4")`)
        .join(" OR "),
    });
  });

  it("tell of a failed deployment of this service, which no metric shows (GAP-35)", async () => {
    const recording = await record("small", "update");
    const rule = recording.one(types.eventRule, "chatpop-deployment-failed");
    expect(json(rule.inputs["eventPattern"])).to.deep.equal({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      resources: ["arn:aws:ecs:us-east-1:123456789012:chatpop-backend-service-1a2b3c4"],
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
    });
    const large = (await record("large", "update")).one(types.eventRule, rule.name);
    expect(json(large.inputs["eventPattern"])["resources"]).to.deep.equal([
      "arn:aws:ecs:us-east-1:123456789012:chatpop-backend-service-1a2b3c4",
      "arn:aws:ecs:us-east-1:123456789012:chatpop-worker-outbox-relay-1a2b3c4",
    ]);
    const target = recording.one(types.eventTarget, rule.name);
    expect(target.inputs).to.include({ rule: "chatpop-deployment-failed-1a2b3c4" });
    expect(recording.namesOf(target, "arn", types.topicPolicy)).to.deep.equal(["chatpop-alerts"]);
    const { inputTemplate } = target.inputs["inputTransformer"] as { inputTemplate: string };
    expect(JSON.parse(inputTemplate)).to.match(
      /docs\/operations\/runbook\.md#deployment-failed ECS says of <service>: <reason>$/,
    );
  });

  it("tell of a scheduled command that failed or never began, and of no other task (GAP-35)", async () => {
    const recording = await record("small", "update");
    const rule = recording.one(types.eventRule, "chatpop-command-failed");
    expect(json(rule.inputs["eventPattern"])).to.deep.equal({
      source: ["aws.ecs"],
      "detail-type": ["ECS Task State Change"],
      detail: {
        clusterArn: [recording.one(types.cluster).wireOutputs["arn"]],
        group: ["chatpop-scheduled-test"],
        lastStatus: ["STOPPED"],
        $or: [
          { containers: { name: ["chatpop-backend"], exitCode: [{ "anything-but": 0 }] } },
          { stopCode: ["TaskFailedToStart"] },
        ],
      },
    });
    for (const schedule of recording.ofType(types.schedule)) {
      expect(schedule.inputs).to.have.nested.property("target.ecsParameters.group", "chatpop-scheduled-test");
    }
    const target = recording.one(types.eventTarget, "chatpop-command-failed");
    expect(recording.namesOf(target, "arn", types.topicPolicy)).to.deep.equal(["chatpop-alerts"]);
    const { inputTemplate } = target.inputs["inputTransformer"] as { inputTemplate: string };
    expect(JSON.parse(inputTemplate)).to.match(/#command-failed ECS says of <task>: <reason>$/);
  });

  it("tell of no scheduled command where there is none", async () => {
    const recording = await record("small", "update", { scheduledCommands: "{}" });
    expect(recording.ofType(types.eventRule).map(({ name }) => name)).to.have.members([
      "chatpop-deployment-failed",
      "chatpop-database-failure",
    ]);
    expect(recording.ofType(types.alarm).map(alarmKey)).not.to.include("command-not-started");
  });

  it("tell of a database that failed or has no storage left, by whichever instance (GAP-35)", async () => {
    const rule = (await record("large", "update")).one(types.eventRule, "chatpop-database-failure");
    expect(json(rule.inputs["eventPattern"])).to.deep.equal({
      source: ["aws.rds"],
      "detail-type": ["RDS DB Instance Event"],
      detail: {
        SourceIdentifier: ["chatpop-db-1a2b3c4", "chatpop-db-replica-1a2b3c4"],
        EventCategories: ["failure", "failover", "low storage"],
      },
    });
  });

  it("tell of a backup that failed or was not copied, where there is one (GAP-35)", async () => {
    const copying = await record("small", "update", { backupCopyRegion: "us-west-2" });
    const rule = copying.one(types.eventRule, "chatpop-backup-failed");
    expect(json(rule.inputs["eventPattern"])).to.deep.equal({
      source: ["aws.backup"],
      "detail-type": ["Backup Job State Change", "Copy Job State Change"],
      detail: {
        resourceArn: [copying.one(types.database).wireOutputs["arn"]],
        state: ["FAILED", "ABORTED", "EXPIRED"],
      },
    });
    const names = (await record("small", "update")).ofType(types.eventRule).map(({ name }) => name);
    expect(names).not.to.include("chatpop-backup-failed");
  });

  it("have rules whose description EventBridge takes, whatever the stack is called", async () => {
    const runbookUrl = `https://wiki.example.com/${"page/".repeat(100)}`;
    const recording = await record("small", "update", { runbookUrl, backupCopyRegion: "us-west-2" });
    for (const { inputs } of recording.ofType(types.eventRule))
      expect(inputs["description"]).to.have.length.at.most(512);
  });

  it("come when the chat runs and go before it does: a chat that is not there yet has no healthy task", () =>
    everywhere((recording) => {
      const check = recording.one(types.invocation, "chatpop-check-deployment").urn;
      for (const alarm of peoplesAlarms(recording)) {
        expect(alarm.dependencies).to.include(check);
      }
    }));

  it("are fewer when the operator says so, with a reason", async () => {
    const off = { enabled: false, reason: "told by the pipeline" };
    const recording = await record("small", "update", {
      alarms: JSON.stringify({
        "deployment-failed": off,
        "command-failed": off,
        "chat-is-down": off,
        "database-failure": off,
        "cache-swap": off,
      }),
    });
    expect(recording.ofType(types.eventRule)).to.be.empty;
    expect(recording.ofType(types.compositeAlarm)).to.be.empty;
    expect(recording.ofType(types.alarm).map(alarmKey)).not.to.include("cache-swap");
    expect(recording.run.warnings.filter((each) => each.includes("told by the pipeline"))).to.have.length(5);
  });
});

describe("the topic of the alarms", () => {
  it("is encrypted with a key of its own, which CloudWatch and EventBridge may use", async () => {
    const recording = await record("small", "update");
    const key = recording.one(types.key);
    // The role that deploys may not change key policies, and KMS makes no key for such a caller by itself.
    expect(key.inputs).to.include({ enableKeyRotation: true, bypassPolicyLockoutSafetyCheck: true });
    expect(recording.namesOf(recording.one(types.topic), "kmsMasterKeyId")).to.deep.equal([key.name]);
    const { Statement } = json(key.inputs["policy"]) as { Statement: Record<string, unknown>[] };
    const use = { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" };
    expect(Statement.map(({ Sid: _, ...statement }) => statement)).to.deep.equal([
      {
        ...{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" } },
        ...{ Action: "kms:*", Resource: "*" },
      },
      {
        ...use,
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
      // EventBridge sends no condition keys with its request.
      { ...use, Principal: { Service: "events.amazonaws.com" } },
    ]);
  });

  it("takes notices from alarms of this account and from events, and from nobody else", async () => {
    const recording = await record("small", "update");
    const { Statement } = json(recording.one(types.topicPolicy).inputs["policy"]) as {
      Statement: Record<string, unknown>[];
    };
    const topicArn = "arn:aws:sns:us-east-1:123456789012:chatpop-alerts-1a2b3c4";
    expect(
      Statement.map(({ Principal, Action, Resource, Condition }) => ({
        Principal,
        Action,
        Resource,
        Condition,
      })),
    ).to.deep.equal([
      {
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
      {
        Principal: { Service: "events.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: undefined,
      },
    ]);
  });

  it("sends in the name of the stack", () =>
    everywhere((recording) => {
      expect(recording.one(types.topic).inputs["displayName"]).to.equal("ChatPop test");
    }));

  it("has no listener that nobody asked for", () =>
    everywhere((recording) => {
      expect(recording.ofType(types.topicSubscription)).to.be.empty;
    }));

  it("writes and posts to whom the operator names; what is posted to stays secret", async () => {
    const webhook = "https://events.example.com/sns/token";
    const recording = await record("small", "update", {
      alarmEmail: "on-call@example.com",
      alarmWebhook: webhook,
    });
    const email = recording.one(types.topicSubscription, "chatpop-email");
    expect(email.inputs).to.include({ protocol: "email", endpoint: "on-call@example.com" });
    const post = recording.one(types.topicSubscription, "chatpop-https");
    expect(post.inputs["protocol"]).to.equal("https");
    expect(post.wireInputs["endpoint"]).to.deep.equal(secretWire(webhook));
  });
});

describe("the dashboard", () => {
  it("shows every alarm's state and metrics of this stack's resources (G-184)", async () => {
    for (const scale of ["small", "large"] as const) {
      const recording = await record(scale, "update");
      const dashboard = recording.one(types.dashboard);
      expect(dashboard.inputs["dashboardName"]).to.equal("chatpop-test");
      const { widgets } = json(dashboard.inputs["dashboardBody"]) as {
        widgets: { type: string; properties: { alarms?: string[] } }[];
      };
      const alarms = [types.alarm, types.compositeAlarm].flatMap((type) => recording.ofType(type));
      expect(widgets[0]!.properties.alarms).to.have.length(alarms.length);
      expect(JSON.stringify(widgets)).to.contain("chatpop-db-1a2b3c4").and.not.to.contain("undefined");
    }
  });

  it("is where the output says", async () => {
    const { outputs } = (await record("small", "update")).run;
    expect(outputs["dashboardUrl"]).to.equal(
      "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/chatpop-test",
    );
  });
});
