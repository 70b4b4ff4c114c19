import { connectionsAt } from "../../../../stacks/capacity";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import fc from "fast-check";
import { cacheNodeByConnections, databaseClassByTasks, scales } from "../../../../stacks/guide";
import { burstCredits, maxConnections } from "../../../../aws/instanceClasses";
import type { AlarmPlan } from "../../../../stacks/plan/monitoring";
import { makePlan } from "../../../../stacks/plan";
import type { Settings } from "../../../../stacks/settings";
import { alarmKeys, downWhen, watched } from "../../../../stacks/plan/monitoring/watched";
import { subjects } from "../../../../stacks/plan/monitoring/watched/watched";

const monitoring = (settings: Settings) => makePlan(settings).monitoring;
const day = 86_400;

const anySettings: fc.Arbitrary<Settings> = fc.record({
  scale: fc.constantFrom(...scales),
  rooms: fc.integer({ min: 1, max: 20_000 }),
  usersPerRoom: fc.integer({ min: 1, max: 50 }),
  databaseClass: fc.constantFrom(
    "db.t4g.micro",
    "db.r6g.16xlarge",
    ...databaseClassByTasks.map((row) => row.class),
  ),
  cacheNodeType: fc.constantFrom("cache.r7g.large", ...cacheNodeByConnections.map((row) => row.class)),
  cacheReplicas: fc.integer({ min: 0, max: 2 }),
  cacheShards: fc.integer({ min: 1, max: 3 }),
  readReplicas: fc.integer({ min: 0, max: 2 }),
  databaseProxy: fc.boolean(),
});

describe("alarms of any deployment", () => {
  const eachAlarm = (check: (alarm: AlarmPlan, name: string) => void) =>
    fc.assert(
      fc.property(anySettings, (settings) => {
        for (const [name, alarm] of Object.entries(monitoring(settings).alarms)) check(alarm, name);
      }),
    );

  it("have a threshold that is a number within what an operator may choose", () =>
    eachAlarm(({ key, threshold }) => {
      expect(threshold, key).to.satisfy(Number.isFinite);
      const { lowest, highest } = watched[key]!.alarm!.accepted ?? { lowest: 0, highest: Infinity };
      expect(threshold, key).to.be.within(lowest, highest);
    }));

  it("look back no further than CloudWatch does", () =>
    eachAlarm(({ key, period, periods }) => {
      expect(period % 60, key).to.equal(0);
      expect(period * periods, key).to.be.at.most(period < 3_600 ? day : 7 * day);
    }));

  it("say what to do and where to read on, in what fits a notice", () =>
    eachAlarm(({ key, description }) => {
      expect(description).to.match(
        /^ChatPop chatpop, (critical|warning): .+\. .+\. Steps: docs\/operations\/runbook\.md#[a-z-]+$/,
      );
      expect(description).to.contain(`docs/operations/runbook.md#${key}`);
      expect(description.length).to.be.at.most(1_024);
    }));

  it("are there once for every resource of their kind, and for nothing that is not there", () =>
    fc.assert(
      fc.property(anySettings, (settings) => {
        const plan = makePlan(settings);
        const { alarms } = plan.monitoring;
        const counts = new Map<string, number>();
        for (const { key } of Object.values(alarms)) counts.set(key, (counts.get(key) ?? 0) + 1);
        for (const [key, row] of Object.entries(watched)) {
          const expected = row.alarm && row.when?.(plan) !== false ? subjects[row.subject].count(plan) : 0;
          expect(counts.get(key) ?? 0, key).to.equal(expected);
        }
      }),
    ));

  it("are called by names that no other scale gives to something else", () => {
    const plans = scales.map((scale) => monitoring({ scale }).alarms);
    for (const alarms of plans) {
      for (const [name, { key, subject, index }] of Object.entries(alarms)) {
        for (const other of plans) if (other[name]) expect(other[name]).to.include({ key, subject, index });
      }
    }
  });
});

describe("thresholds that follow the class", () => {
  const alarm = (settings: Settings, key: string) => monitoring(settings).alarms[key];

  it("call before the last connection is taken, at every class (G-119, GAP-18)", () => {
    for (const { class: databaseClass } of databaseClassByTasks) {
      const { threshold } = alarm({ scale: "large", databaseClass }, "database-connections")!;
      expect(threshold / maxConnections(databaseClass)!).to.be.within(0.78, 0.8);
    }
  });

  it("assume fewer connections than the nominal memory would give, and never more than PostgreSQL's 5,000 on RDS", () => {
    // LEAST({DBInstanceClassMemory/9531392}, 5000) with all of the memory.
    for (const [instanceClass, upperBound] of [
      ["db.t3.micro", 112],
      ["db.t3.small", 225],
      ["db.t3.medium", 450],
      ["db.m5.large", 901],
      ["db.m5.xlarge", 1_802],
    ] as const) {
      expect(maxConnections(instanceClass), instanceClass).to.be.within(0.75 * upperBound, 0.95 * upperBound);
    }
    expect(maxConnections("db.r6g.16xlarge")).to.equal(5_000);
    expect(maxConnections("db.serverless")).to.equal(undefined);
  });

  it("take the guide's 200 connections for a class of unknown size", () => {
    expect(
      alarm({ scale: "small", databaseClass: "db.z1d.large" }, "database-connections")!.threshold,
    ).to.equal(160);
  });

  it("exist for burst credits with burstable classes only (GAP-42)", () => {
    expect(burstCredits("db.t4g.medium")).to.equal(24);
    expect(burstCredits("cache.t3.micro")).to.equal(12);
    expect(burstCredits("db.m5.large")).to.equal(undefined);
    expect(alarm({ scale: "medium" }, "database-burst-credits")!.threshold).to.equal(24);
    expect(alarm({ scale: "large" }, "database-burst-credits")).to.equal(undefined);
    expect(alarm({ scale: "large" }, "cache-burst-credits")).to.equal(undefined);
  });

  it("call an hour before a cache without credits is slowed, which nobody can pay off as with RDS (GAP-42)", () => {
    const { expression, threshold, description, period } = alarm({ scale: "small" }, "cache-burst-credits")!;
    const lasts = (balance: number, usage: number) =>
      Number(runInNewContext(expression!, { balance, usage })) < threshold;
    expect(period).to.equal(300);
    // 60 credits are an hour of the one core that Redis uses: five in five minutes.
    expect([lasts(288, 5), lasts(61, 5), lasts(59, 5), lasts(0, 1)]).to.deep.equal([
      false,
      false,
      true,
      true,
    ]);
    // A new node has hardly any, and takes hardly any.
    expect(lasts(2, 0.1)).to.equal(false);
    expect(description)
      .to.match(/critical: .*slowed/)
      .and.not.to.contain("charged");
  });

  it("add up what the machines under a proxy hold, minute by minute", () => {
    const { alarms, dashboard } = monitoring({ scale: "large" });
    expect(alarms["proxy-pinned-sessions"]).to.include({ statistic: "Sum", period: 60 });
    const clients = dashboard
      .flatMap(({ panels }) => panels)
      .find(({ title }) => title === "Clients of the proxy");
    expect(clients).to.include({ period: 60 });
    expect(clients!.lines[0]).to.include({ statistic: "Sum" });
  });

  it("leave the guide's 70 % to a cache with more than two vCPU (G-122)", () => {
    const cpu = (cacheNodeType: string) => alarm({ scale: "large", cacheNodeType }, "cache-cpu")!.threshold;
    expect([cpu("cache.m5.large"), cpu("cache.m5.4xlarge")]).to.deep.equal([45, 70]);
  });

  it("say a tenth of the storage, and as many tasks as autoscaling keeps (GAP-35)", () => {
    expect(alarm({ scale: "small" }, "database-free-storage")!.threshold).to.equal(5 * 1024 ** 3);
    expect(alarm({ scale: "large" }, "tasks-below-minimum")).to.include({
      threshold: 10,
      comparison: "LessThanThreshold",
    });
    const { autoscaling, capacity, demand } = makePlan({ scale: "medium" });
    const all = autoscaling.maximum * connectionsAt(100, demand, capacity);
    expect(alarm({ scale: "medium" }, "open-connections")!.threshold).to.equal(Math.round(0.8 * all));
  });

  for (const scale of scales) {
    it(`tell a deployment at the evening's peak from clients that connect again and again: ${scale} (GAP-24)`, () => {
      const plan = makePlan({ scale });
      const { demand, service, task, capacity } = plan;
      const batch = Math.floor((service.desiredTasks * service.maximumPercent) / 100) - service.desiredTasks;
      const sockets = demand.connections / service.desiredTasks;
      // Of each task that leaves; image/chatpop_aws/sockets.py closes at least 100 a second.
      const pace = Math.max(100, sockets / Number(task.environment.CHATPOP_DRAIN_SECONDS));
      const back = batch * Math.min(60 * pace, sockets);
      const connectionsOf = (clients: number) => 2 * clients; // the client's, and the task's
      const messages = 60 * demand.messagesPerSecond;
      const { threshold, period, periods } = plan.monitoring.alarms["new-connections"]!;
      expect(period).to.equal(60);
      expect(connectionsOf(2 * back + messages)).to.be.at.most(threshold);
      expect(period * periods).to.be.greaterThan(Number(task.environment.CHATPOP_DRAIN_SECONDS));
      // Every eighth user, whose client tries again every two seconds.
      expect(connectionsOf((demand.connections / 8) * 30)).to.be.greaterThan(threshold);
      // The tasks that stay have processor time for all who come.
      expect(batch * pace).to.be.lessThan(service.desiredTasks * capacity.connectsPerSecond);
    });
  }
});

describe("whoever is called", () => {
  it("reads first which of an account's stacks it is, in alarms and in notices of events", () => {
    const plan = makePlan({ scale: "large", backupCopyRegion: "us-west-2" }, "berlin").monitoring;
    const texts = [
      ...Object.values(plan.alarms).map(({ description }) => description),
      plan.chatIsDown!.description,
      ...Object.values(plan.notices),
    ];
    for (const text of texts) expect(text).to.match(/^ChatPop berlin, (critical|warning): /);
  });

  it("gets a link where it is known: from the repository that deploys, or from the operator", () => {
    const link = (settings: Partial<Settings>) =>
      / Steps: (.*)#/.exec(monitoring({ scale: "small", ...settings }).chatIsDown!.description)![1];
    const own = "https://github.com/octo-org/octo-repo/blob/main/docs/operations/runbook.md";
    expect(link({})).to.equal("docs/operations/runbook.md");
    expect(link({ deployRepository: "octo-org/octo-repo" })).to.equal(own);
    expect(link({ deployRepository: "octo-org@123/octo-repo@456" })).to.equal(own);
    const runbookUrl = "https://wiki.example.com/chatpop";
    expect(link({ deployRepository: "octo-org/octo-repo", runbookUrl })).to.equal(runbookUrl);
  });
});

describe("the outbox", () => {
  const down = (settings: Settings) => monitoring(settings).chatIsDown!.anyOf;

  it("takes the chat down with it: without its relay no message arrives (G-171)", () => {
    const always = ["no-healthy-task", "failing-requests"];
    expect(down({ scale: "small" })).to.deep.equal(always);
    expect(down({ scale: "large" })).to.deep.equal([
      ...always,
      "outbox-backlog",
      "worker-not-running-outbox-relay",
    ]);
    expect(down({ scale: "small", workers: { mailer: { command: "python manage.py mail" } } })).to.deep.equal(
      always,
    );
  });

  it("calls when one of several relays is missing, and louder when none is left", () => {
    const { alarms } = monitoring({ scale: "large" });
    const relays = makePlan({ scale: "large" }).workers[0]!.tasks;
    expect(relays).to.be.above(1);
    expect(alarms["worker-below-count-outbox-relay"]!.threshold).to.equal(relays);
    expect(alarms["worker-not-running-outbox-relay"]!.threshold).to.equal(1);
    const one = monitoring({ scale: "small", outbox: true }).alarms;
    expect(one).to.have.property("worker-not-running-outbox-relay");
    expect(one).not.to.have.property("worker-below-count-outbox-relay");
  });

  it("has a line in a panel for a limit only where all of its workers share it", () => {
    const workers = { mailer: { command: "python manage.py mail" } };
    const panel = monitoring({ scale: "large", workers })
      .dashboard.flatMap(({ panels }) => panels)
      .find(({ title }) => title === "Running tasks of the workers, of several")!;
    expect(panel.lines).to.have.length(2);
    expect(panel).not.to.have.property("threshold");
  });

  it("says of a message that its relay has set it aside, which the lag leaves out", () => {
    expect(monitoring({ scale: "large" }).alarms["outbox-stuck"]).to.include({
      threshold: 0,
      period: 300,
    });
    expect(monitoring({ scale: "small" }).alarms).not.to.have.property("outbox-stuck");
  });

  it("calls for a replica that has vanished, and when the primary answers in its place (G-166)", () => {
    const { alarms } = monitoring({ scale: "large" });
    expect(alarms["replica-lag"]).to.include({ missingData: "breaching" });
    expect(alarms["replica-fallbacks"]).to.include({ threshold: 0, missingData: "notBreaching" });
    expect(monitoring({ scale: "medium" }).alarms).not.to.have.any.keys("replica-lag", "replica-fallbacks");
  });
});

describe("healthy tasks", () => {
  it("may be as few as the schedule allows at any hour", () => {
    const scheduledScaling = {
      night: { schedule: "cron(0 23 * * ? *)", minTasks: 3 },
      morning: { schedule: "cron(0 7 * * ? *)", minTasks: 10 },
    };
    const { alarms } = monitoring({ scale: "large", scheduledScaling });
    expect(alarms["tasks-below-minimum"]!.threshold).to.equal(3);
  });
});

describe("what the operator chooses of an alarm", () => {
  const reason = "measured, and harmless";

  it("is the threshold, for each resource of the kind and in the dashboard", () => {
    const { alarms, dashboard } = monitoring({
      scale: "large",
      alarms: { "database-cpu": { threshold: 85 } },
    });
    expect([alarms["database-cpu"]!.threshold, alarms["database-cpu-2"]!.threshold]).to.deep.equal([85, 85]);
    const panel = dashboard
      .flatMap(({ panels }) => panels)
      .find(({ title }) => title === "CPU of the database");
    expect(panel!.threshold).to.equal(85);
  });

  it("is silence: no alarm, no line in the dashboard, but the panel stays", () => {
    const { alarms, dashboard } = monitoring({
      scale: "large",
      alarms: { "cache-swap": { enabled: false, reason } },
    });
    expect(alarms).not.to.have.any.keys("cache-swap", "cache-swap-2");
    const panel = dashboard
      .flatMap(({ panels }) => panels)
      .find(({ title }) => title === "Swap of the cache");
    expect(panel).to.have.property("lines").with.length(1);
    expect(panel).not.to.have.property("threshold");
  });

  it("is silence of what no metric raises", () => {
    const off = { enabled: false, reason } as const;
    const plan = monitoring({
      scale: "small",
      alarms: { "deployment-failed": off, "command-failed": off, "chat-is-down": off },
    });
    expect(plan).not.to.have.property("chatIsDown");
    expect(plan.notices).to.have.all.keys("database-failure");
  });

  it("takes an alarm out of the one over them, and that one away with its last", () => {
    const off = { enabled: false, reason } as const;
    const [first, ...others] = Object.keys(downWhen);
    expect(monitoring({ scale: "large", alarms: { [first!]: off } }).chatIsDown!.anyOf).to.deep.equal(others);
    const all = Object.fromEntries(Object.values(downWhen).map((key) => [key, off]));
    expect(monitoring({ scale: "large", alarms: all }).chatIsDown).to.equal(undefined);
  });

  it("can be said of every alarm that there is", () => {
    for (const key of alarmKeys) {
      const { alarms, notices, chatIsDown } = monitoring({
        scale: "large",
        backupCopyRegion: "us-west-2",
        alarms: { [key]: { enabled: false, reason } },
      });
      const left = [...Object.values(alarms).map((alarm) => alarm.key), ...Object.keys(notices)];
      if (chatIsDown !== undefined) left.push("chat-is-down");
      expect(left).not.to.include(key);
    }
  });
});
