import { expect } from "chai";
import { readRule } from "../../models/alarmRule";
import { putTopic } from "./topics";
import { refuses, World } from "./world";

const balancer = "app/chatpop/1a";

function sensible(world: World) {
  world.put("aws:rds/instance:Instance", "db", { identifier: "primary", instanceClass: "db.m5.large" });
  world.put("aws:lb/loadBalancer:LoadBalancer", "alb", { arnSuffix: balancer });
  return {
    name: "database-cpu",
    namespace: "AWS/RDS",
    metricName: "CPUUtilization",
    dimensions: { DBInstanceIdentifier: "primary" },
    statistic: "Average",
    period: 300,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    threshold: 80,
    comparisonOperator: "GreaterThanThreshold",
    alarmActions: [putTopic(world)],
  };
}

const single = {
  namespace: undefined,
  metricName: undefined,
  dimensions: undefined,
  statistic: undefined,
  period: undefined,
};
const member = (id: string, metricName: string) => ({
  id,
  metric: {
    namespace: "AWS/ApplicationELB",
    metricName,
    dimensions: { LoadBalancer: balancer },
    period: 60,
    stat: "Sum",
  },
});
const math = (...metricQueries: object[]) => ({ ...single, metricQueries });
const half = { id: "open", expression: "active / 2", returnData: true };

describe("cloudwatch/metricAlarm", () => {
  refuses("cloudwatch/metricAlarm", sensible, [
    [
      "on a resource that is not there",
      { dimensions: { DBInstanceIdentifier: "elsewhere" } },
      /would never have data: DBInstanceIdentifier elsewhere is no identifier of any Instance/,
    ],
    ["without dimensions", { dimensions: undefined }, /is not written with the dimensions \{\}/],
    [
      "on a metric that is not there",
      { metricName: "CpuUtilisation" },
      /AWS\/RDS has no metric CpuUtilisation/,
    ],
    ["on another unit than the metric's", { unit: "Count" }, /is written in Percent, not in Count/],
    ["on credits of a class that has none", { metricName: "CPUCreditBalance" }, /only burstable classes/],
    [
      "metric math over a metric that is not there",
      math(half, member("active", "OpenSockets")),
      /has no metric OpenSockets/,
    ],
    [
      "metric math over what has no id",
      math(half, member("other", "ActiveConnectionCount")),
      /names active, but no metric has that id/,
    ],
    [
      "metric math with two results",
      math(half, { ...member("active", "ActiveConnectionCount"), returnData: true }),
      /Exactly one metric must return data, not 2/,
    ],
    [
      "a metric and metric math at once",
      { metricQueries: [half, member("active", "ActiveConnectionCount")] },
      /give metricName with namespace, period and statistic, or metricQueries/,
    ],
    ["no statistic", { statistic: undefined }, /give either statistic or extendedStatistic/],
    ["more data points than periods", { datapointsToAlarm: 3 }, /3 is more than evaluationPeriods \(2\)/],
    [
      "a look further back than a day",
      { evaluationPeriods: 300, datapointsToAlarm: 1 },
      /Metrics cannot be checked across more than 86400 seconds/,
    ],
    ["an odd period", { period: 45 }, /45 seconds is neither 10, 20, 30 nor a multiple of 60/],
    [
      "a topic that is not there",
      { alarmActions: ["arn:aws:sns:us-east-1:123456789012:gone"] },
      /Nobody would hear of database-cpu: the topic .*:gone does not exist/,
    ],
    ["a description that no notice holds", { alarmDescription: "x".repeat(1_025) }, /alarmDescription/],
  ]);

  it("takes metric math, percentiles, and a look back over hours", () => {
    const world = new World();
    const inputs = sensible(world);
    world.create("cloudwatch/metricAlarm", {
      ...inputs,
      ...math(half, member("active", "ActiveConnectionCount")),
    });
    world.create("cloudwatch/metricAlarm", {
      ...inputs,
      name: "p95",
      statistic: undefined,
      extendedStatistic: "p95",
    });
    world.create("cloudwatch/metricAlarm", {
      ...inputs,
      name: "hours",
      period: 3_600,
      evaluationPeriods: 48,
    });
  });

  it("refuses a change to a resource that is gone", () => {
    const world = new World();
    const alarm = world.create("cloudwatch/metricAlarm", sensible(world));
    expect(() => world.update(alarm, { dimensions: { DBInstanceIdentifier: "gone" } })).to.throw(
      /would never have data/,
    );
  });

  it("refuses to share a name: the second one would take the first over", () => {
    const world = new World();
    const inputs = sensible(world);
    world.create("cloudwatch/metricAlarm", inputs);
    expect(() => world.create("cloudwatch/metricAlarm", inputs)).to.throw(/already exists/);
  });
});

describe("cloudwatch/compositeAlarm", () => {
  const prepare = (world: World) => {
    const inputs = sensible(world);
    world.create("cloudwatch/metricAlarm", inputs);
    return { alarmName: "down", alarmRule: 'ALARM("database-cpu")', alarmActions: inputs.alarmActions };
  };
  refuses("cloudwatch/compositeAlarm", prepare, [
    [
      "over an alarm that is not there",
      { alarmRule: 'ALARM("database-cpu") OR ALARM("gone")' },
      /names gone, and there is no such alarm/,
    ],
    ["a rule that breaks off", { alarmRule: 'ALARM("database-cpu") OR' }, /lacks an operand/],
    [
      "a rule of another language",
      { alarmRule: "database-cpu > 80" },
      /cannot be read from "database-cpu > 80"/,
    ],
    [
      "nobody who hears it",
      { alarmActions: ["arn:aws:sns:us-east-1:123456789012:gone"] },
      /Nobody would hear of down/,
    ],
  ]);

  it("keeps the alarms that it looks at from being deleted", () => {
    const world = new World();
    const composite = world.create("cloudwatch/compositeAlarm", prepare(world));
    const alarm = world.resources.find(({ id }) => id === "database-cpu")!;
    expect(() => world.remove(alarm)).to.throw(
      /Cannot delete database-cpu as there are composite alarm\(s\) depending on it: down/,
    );
    world.remove(composite);
    world.remove(alarm);
  });
});

describe("the rule of a composite alarm", () => {
  const names = (rule: string) => (readRule(rule) as { names?: readonly string[] }).names;
  for (const [rule, expected] of [
    ['ALARM("a b")', ["a b"]],
    ["ALARM(a) OR OK(b)", ["a", "b"]],
    ['NOT (ALARM("a") AND INSUFFICIENT_DATA("b")) OR TRUE', ["a", "b"]],
    [' ( ALARM("a") ) ', ["a"]],
  ] as const) {
    it(`${rule} looks at ${expected.join(", ")}`, () => expect(names(rule)).to.deep.equal([...expected]));
  }
  for (const rule of [
    "",
    "AND",
    'ALARM("a") ALARM("b")',
    '(ALARM("a")',
    'ALARM("a"))',
    "NOT",
    'ALERT("a")',
    "ALARM()",
  ]) {
    it(`${JSON.stringify(rule)} is none`, () => expect(readRule(rule)).to.have.property("fault"));
  }
});
