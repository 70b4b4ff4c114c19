import { expect } from "chai";
import { dashboardBody, type DimensionsBySubject } from "../../../../stacks/plan/monitoring/dashboard";
import { scales } from "../../../../stacks/guide";
import { makePlan, type Plan } from "../../../../stacks/plan";
import { groups, type SubjectName, subjects } from "../../../../stacks/plan/monitoring/watched/watched";

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: readonly string[];
    readonly region?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
  };
}

const dimensions = Object.fromEntries(
  (Object.keys(subjects) as SubjectName[]).map((subject) => [
    subject,
    Array.from({ length: 6 }, (_, index) =>
      Object.fromEntries(subjects[subject].dimensions.map((name) => [name, `${name}-${index + 1}`])),
    ),
  ]),
) as unknown as DimensionsBySubject;

const alarmArns = ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:one"];
const drawn = ({ monitoring }: Plan) =>
  dashboardBody(monitoring.dashboard, dimensions, alarmArns, "eu-west-1").widgets as readonly Widget[];

describe("the dashboard's layout", () => {
  for (const scale of scales) {
    const plan = makePlan({ scale, cacheReplicas: 1 });
    const widgets = drawn(plan);
    const panels = widgets.filter(({ type }) => type === "metric");

    it(`${scale}: begins with the state of the alarms`, () => {
      expect(widgets[0]).to.include({ type: "alarm", x: 0, y: 0, width: 24 });
      expect(widgets[0]!.properties.alarms).to.deep.equal(alarmArns);
    });

    it(`${scale}: has every group under its heading, in order (G-184)`, () => {
      const headings = widgets.flatMap(({ properties }) => properties.markdown ?? []);
      const present = groups.filter((group) => group !== "RDS Proxy" || plan.databaseProxy);
      expect(headings).to.deep.equal(present.map((group) => `## ${group}`));
    });

    it(`${scale}: gives every metric of a panel an id of its own, and expressions these`, () => {
      for (const { properties } of panels) {
        const rows = properties.metrics!.map((row) => row.at(-1) as { id?: string; expression?: string });
        const ids = rows.flatMap(({ id }) => id ?? []);
        expect(new Set(ids).size, properties.title).to.equal(ids.length);
        for (const { expression = "" } of rows)
          expect(ids).to.include.members([...(expression.match(/\b[a-z]\w*/g) ?? [])]);
      }
    });

    it(`${scale}: puts no two widgets on the same place, and none beyond the edge`, () => {
      for (const [index, one] of widgets.entries()) {
        expect(one.x + one.width).to.be.at.most(24);
        for (const other of widgets.slice(index + 1)) {
          const apart =
            one.x + one.width <= other.x ||
            other.x + other.width <= one.x ||
            one.y + one.height <= other.y ||
            other.y + other.height <= one.y;
          expect(apart, `${one.properties.title} and ${other.properties.title}`).to.equal(true);
        }
      }
    });

    it(`${scale}: shows every alarm's metric, with its threshold as a line (G-195)`, () => {
      for (const { key, metric, threshold, subject, index } of Object.values(plan.monitoring.alarms)) {
        const names = typeof metric === "string" ? [metric] : Object.values(metric);
        const values = Object.values(dimensions[subject][index]!);
        const showing = panels.filter(
          ({ properties }) =>
            names.every((name) =>
              properties.metrics!.some((row) => [name, ...values].every((each) => row.includes(each))),
            ) && properties.annotations?.horizontal.some((line) => line.value === threshold),
        );
        expect(showing, key).to.have.length.at.least(1);
      }
    });

    it(`${scale}: names the region and all dimensions of each metric`, () => {
      for (const { properties } of panels) {
        expect(properties.region).to.equal("eu-west-1");
        for (const row of properties.metrics!) {
          const options = row.at(-1) as { expression?: string; stat?: string };
          if (options.expression !== undefined) continue;
          expect(options.stat).to.be.a("string");
          expect(row.slice(0, -1)).to.satisfy((texts: unknown[]) =>
            texts.every((each) => typeof each === "string"),
          );
        }
      }
    });
  }

  it("draws an expression over metrics of one resource only: their names would clash", () => {
    const plan = makePlan({ scale: "large", cacheReplicas: 2, readReplicas: 3 });
    for (const { panels } of plan.monitoring.dashboard) {
      for (const { lines } of panels) {
        if (lines.some(({ expression }) => expression !== undefined)) expect(lines).to.have.length(1);
      }
    }
  });
});
