import { expect } from "chai";
import { scales } from "../../../../stacks/guide";
import { guideMetrics } from "../../../../stacks/guideMetrics";
import { makePlan } from "../../../../stacks/plan";
import { watched } from "../../../../stacks/plan/monitoring/watched";
import { subjects } from "../../../../stacks/plan/monitoring/watched/watched";

const MiB = 1024 ** 2;

/** A row of the guide's monitoring chapter, at every scale. */
interface Row {
  readonly requirement: string;
  readonly alarm: string;
  readonly metric: readonly [namespace: string, name: string, ...dimensions: string[]];
  readonly statistic: string;
  readonly below?: true;
  /** Small, medium, large, in the metric's own unit; one number where the class does not matter. */
  readonly threshold: number | readonly [number, number, number];
}

const elb = (name: string) => ["AWS/ApplicationELB", name, "LoadBalancer", "TargetGroup"] as const;
const rds = (name: string) => ["AWS/RDS", name, "DBInstanceIdentifier"] as const;
const ecs = (name: string) => ["AWS/ECS", name, "ClusterName", "ServiceName"] as const;
const redis = (name: string) => ["AWS/ElastiCache", name, "CacheClusterId"] as const;

const table: readonly Row[] = [
  {
    requirement: "G-115, G-158",
    alarm: "service-cpu",
    metric: ecs("CPUUtilization"),
    statistic: "Average",
    threshold: 70,
  },
  {
    requirement: "G-116",
    alarm: "service-memory",
    metric: ecs("MemoryUtilization"),
    statistic: "Maximum",
    threshold: 80,
  },
  {
    requirement: "G-117, GAP-34 (a metric of the load balancer)",
    alarm: "target-connection-errors",
    metric: elb("TargetConnectionErrorCount"),
    statistic: "Sum",
    threshold: 0,
  },
  {
    requirement: "G-118, G-158",
    alarm: "database-cpu",
    metric: rds("CPUUtilization"),
    statistic: "Average",
    threshold: 80,
  },
  {
    requirement: "G-119, GAP-34 (80 % of what the class accepts)",
    alarm: "database-connections",
    metric: rds("DatabaseConnections"),
    statistic: "Maximum",
    threshold: [151, 316, 648],
  },
  {
    requirement: "G-120, GAP-34 (in seconds)",
    alarm: "database-read-latency",
    metric: rds("ReadLatency"),
    statistic: "Average",
    threshold: 0.02,
  },
  {
    requirement: "G-120, GAP-34 (in seconds)",
    alarm: "database-write-latency",
    metric: rds("WriteLatency"),
    statistic: "Average",
    threshold: 0.02,
  },
  {
    requirement: "G-121, GAP-34 (in bytes, a tenth of a small class)",
    alarm: "database-free-memory",
    metric: rds("FreeableMemory"),
    statistic: "Average",
    below: true,
    threshold: [Math.round(204.8 * MiB), Math.round(409.6 * MiB), 500 * MiB],
  },
  {
    requirement: "G-122, GAP-34 (half of it with two vCPU)",
    alarm: "cache-cpu",
    metric: redis("CPUUtilization"),
    statistic: "Average",
    threshold: 45,
  },
  {
    requirement: "G-123",
    alarm: "cache-engine-cpu",
    metric: redis("EngineCPUUtilization"),
    statistic: "Average",
    threshold: 80,
  },
  {
    requirement: "G-124",
    alarm: "cache-memory",
    metric: redis("DatabaseMemoryUsagePercentage"),
    statistic: "Average",
    threshold: 80,
  },
  {
    requirement: "G-126 (in seconds)",
    alarm: "response-time",
    metric: elb("TargetResponseTime"),
    statistic: "p95",
    threshold: 0.5,
  },
  {
    requirement: "G-127",
    alarm: "unhealthy-tasks",
    metric: elb("UnHealthyHostCount"),
    statistic: "Minimum",
    threshold: 0,
  },
  {
    requirement: "G-128, G-158",
    alarm: "application-errors",
    metric: elb("HTTPCode_Target_5XX_Count"),
    statistic: "Sum",
    threshold: 0,
  },
];

describe("the guide's monitoring chapter", () => {
  scales.forEach((scale, column) => {
    const plan = makePlan({ scale });
    for (const { requirement, alarm: key, metric, statistic, below, threshold } of table) {
      const [namespace, name, ...dimensions] = metric;
      const expected = typeof threshold === "number" ? threshold : threshold[column];
      it(`${scale}: ${name} of ${namespace} ${below ? "<" : ">"} ${expected} (${requirement})`, () => {
        const alarm = plan.monitoring.alarms[key]!;
        expect(alarm).to.include({
          namespace,
          metric: name,
          statistic,
          threshold: expected,
          comparison: below ? "LessThanThreshold" : "GreaterThanThreshold",
        });
        expect(subjects[alarm.subject].dimensions).to.deep.equal(dimensions);
      });
    }

    it(`${scale}: the example alarm looks at averages of 300 s, twice (G-129)`, () => {
      expect(plan.monitoring.alarms["database-cpu"]).to.include({
        ...{ namespace: "AWS/RDS", metric: "CPUUtilization", statistic: "Average", period: 300, periods: 2 },
        ...{ threshold: 80, comparison: "GreaterThanThreshold", subject: "database", index: 0 },
      });
    });

    it(`${scale}: what is only to be watched has a panel (G-125, G-195)`, () => {
      const panels = plan.monitoring.dashboard.flatMap(({ panels }) => panels);
      const metrics = panels.flatMap(({ lines }) => lines.map(({ metric }) => metric));
      expect(metrics).to.include("CurrConnections");
      expect(plan.monitoring.alarms).not.to.have.property("cache-connections");
    });
  });

  it("is covered row by row, each by the alarm of its key (G-195)", () => {
    const withThreshold = Object.entries(guideMetrics).filter(([, row]) => "threshold" in row);
    expect(withThreshold.map(([key]) => key)).to.have.members(table.map(({ alarm }) => alarm));
    for (const [key, { requirement, namespace, metric }] of Object.entries(guideMetrics)) {
      expect(watched[key]!.requirements).to.include(requirement);
      expect(watched[key]!.metric).to.equal(metric);
      const row = table.find(({ alarm }) => alarm === key);
      if (row) expect(row.metric.slice(0, 2)).to.deep.equal([namespace, metric]);
    }
  });
});
