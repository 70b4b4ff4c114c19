import { expect } from "chai";
import { refuses, World } from "./world";

const place = { x: 0, y: 0, width: 8, height: 6 };
const graph = (metrics: unknown[][], change: object = {}) => ({
  ...{ type: "metric", ...place, ...change },
  properties: { region: "us-east-1", metrics },
});
const body = (...widgets: object[]) => ({ dashboardBody: JSON.stringify({ widgets }) });
const cpu = ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", "primary", { stat: "Average" }];

function sensible(world: World) {
  world.put("aws:rds/instance:Instance", "db", { identifier: "primary" });
  world.put("aws:cloudwatch/metricAlarm:MetricAlarm", "one", {
    arn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:one",
  });
  return {
    dashboardName: "chatpop",
    ...body(
      {
        type: "alarm",
        ...place,
        properties: { title: "Alarms", alarms: ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:one"] },
      },
      { type: "text", ...place, properties: { markdown: "## Database" } },
      graph([[{ expression: "cpu / 2", id: "half" }], cpu]),
    ),
  };
}

describe("cloudwatch/dashboard", () => {
  refuses("cloudwatch/dashboard", sensible, [
    ["a name with a dot", { dashboardName: "chat.pop" }, /is not a dashboard's name/],
    ["text that is no JSON", { dashboardBody: "{" }, /invalid JSON/],
    [
      "a widget of a kind that there is not",
      body({ type: "chart", ...place, properties: {} }),
      /\/widgets\/0/,
    ],
    [
      "a widget beyond the edge",
      body(graph([cpu], { x: 20 })),
      /\/widgets\/0: reaches beyond the 24 columns/,
    ],
    [
      "a graph without a region",
      body({ type: "metric", ...place, properties: { metrics: [cpu] } }),
      /\/widgets\/0\/properties\/region/,
    ],
    ["a graph of nothing", body(graph([])), /\/widgets\/0\/properties\/metrics/],
    [
      "a graph of a resource that is not there",
      body(graph([cpu.with(3, "gone")])),
      /\/widgets\/0 of chatpop would stay empty: DBInstanceIdentifier gone/,
    ],
    [
      "a graph of a metric that is not there",
      body(graph([cpu.with(1, "Cpu")])),
      /AWS\/RDS has no metric Cpu/,
    ],
    [
      "the state of an alarm that is not there",
      body({
        type: "alarm",
        ...place,
        properties: { alarms: ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:gone"] },
      }),
      /alarm:gone is no alarm/,
    ],
  ]);

  it("says every fault of a body at once", () => {
    const world = new World();
    const inputs = { ...sensible(world), ...body({ type: "chart" }, graph([cpu], { x: 30 })) };
    expect(() => world.create("cloudwatch/dashboard", inputs)).to.throw(
      /there are \d validation errors: .widgets.0.*widgets.1/,
    );
  });
});
