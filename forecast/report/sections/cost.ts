import { type Bill, billOf } from "../../../aws/billing";
import { hoursPerMonth, priceList } from "../../../aws/prices";
import { guideScaleOf } from "../../../stacks/capacity";
import { scales } from "../../../stacks/guide";
import { makePlan } from "../../../stacks/plan";
import { priceOf, usageOf } from "../../../stacks/plan/price";
import { cheaper, settingsText } from "../../cost/cheaper";
import { type Cost, costOf } from "../../cost/estimate";
import { hoursOf } from "../../cost/hours";
import { claimOf, groups, merged } from "../../cost/text";
import { serviceOf } from "../../simulation/comparison";
import { curves } from "../../simulation/curves";
import { play } from "../../simulation/simulation";
import { axis, chart, ink, legend, palette } from "../charts";
import { html, type Markup, table } from "../html";
import type { Material } from "../material";
import { count, dollars, figure, percent, type Section } from "./section";
import { planOf } from "./surges";

const sumOf = ({ lines }: Bill, group: string) =>
  lines.reduce((total, line) => (line.group === group ? total + line.usd : total), 0);
const cents = (usd: number) => Math.round(100 * usd) / 100;
const money = {
  ...axis,
  axisLabel: { ...axis.axisLabel, formatter: (usd: number) => `$${usd.toLocaleString("en")}` },
};

/** Columns of the three scales, each beside the guide's figure, each on an axis of its own. */
function scalesChart(region: string): Markup {
  const bills = scales.map((scale) => priceOf(makePlan({ scale }), region));
  const at = (index: number) => 48 + index * 196;
  return chart("A month at the three scales, by part", 620, 360, {
    legend: { ...legend, top: 0, left: 0 },
    title: scales.map((scale, index) => ({
      text: scale,
      left: at(index) - 6,
      top: 62,
      textStyle: { color: ink.text, fontSize: 13 },
    })),
    grid: scales.map((_, index) => ({ left: at(index), width: 132, top: 96, bottom: 28 })),
    xAxis: scales.map((_, index) => ({
      type: "category",
      gridIndex: index,
      data: ["guide", "list prices"],
      ...axis,
      axisLabel: { ...axis.axisLabel, interval: 0 },
    })),
    yAxis: scales.map((_, index) => ({ type: "value", gridIndex: index, splitNumber: 4, ...money })),
    series: scales.flatMap((scale, index) =>
      groups.map((group, colour) => ({
        name: group,
        type: "bar" as const,
        stack: scale,
        xAxisIndex: index,
        yAxisIndex: index,
        color: palette[colour]!,
        barWidth: "56%",
        data: [cents(claimOf(scale, group) ?? 0), cents(sumOf(bills[index]!, group))],
      })),
    ),
  });
}

/** Dollars an hour over a day, by part, with the tasks that run. */
function dayChart(material: Material): Markup {
  const day = curves.find(({ name }) => name === "day")!;
  const { minutes } = play(day, serviceOf(planOf(material)));
  const { demand, habits, region, resources } = material;
  const hours = hoursOf(day).map((share, hour) => {
    const running = minutes.slice(60 * hour, 60 * hour + 60).map(({ desired }) => desired);
    const tasks = running.reduce((total, each) => total + each, 0) / running.length;
    return { tasks, bill: billOf(resources, usageOf(demand, tasks, habits, [share]), region) };
  });
  return chart("An hour's cost and tasks over a day", 620, 360, {
    legend: { ...legend, top: 0, left: 0 },
    grid: { left: 56, right: 40, top: 76, bottom: 28 },
    xAxis: { type: "category", data: hours.map((_, hour) => `${hour}:00`), ...axis },
    yAxis: [
      { type: "value", ...money },
      { type: "value", ...axis, minInterval: 1, splitLine: { show: false } },
    ],
    series: [
      ...groups.map((group, index) => ({
        name: group,
        type: "bar" as const,
        stack: "all",
        color: palette[index]!,
        data: hours.map(({ bill }) => Math.round((1_000 * sumOf(bill, group)) / hoursPerMonth) / 1_000),
      })),
      {
        name: "tasks (right)",
        type: "line" as const,
        yAxisIndex: 1,
        showSymbol: false,
        color: ink.text,
        lineStyle: { color: ink.text, width: 2 },
        data: hours.map(({ tasks }) => Math.round(10 * tasks) / 10),
      },
    ],
  });
}

function linesTable({ expected }: Cost, material: Material): Markup {
  const scale = guideScaleOf(material.demand.rooms);
  return table(
    "Bill by part",
    ["item", "quantity", "unit price", "a month", "guide"],
    groups.flatMap((group) => {
      const claim = claimOf(scale, group);
      const lines = merged(
        expected.lines.filter(
          (line) => line.group === group && (line.usd > 0 || line.unitPrice === undefined),
        ),
      );
      return [
        [
          html`<b>${group}</b>`,
          "",
          "",
          html`<b>${dollars(sumOf(expected, group))}</b>`,
          claim === undefined ? "–" : dollars(claim),
        ],
        ...lines.map((line) => [
          html`<span class="item"
            >${line.what}${line.assumption && html`<br /><span class="note">${line.assumption}</span>`}</span
          >`,
          `${count(line.quantity, 1)} ${line.unit}`,
          line.unitPrice === undefined ? "unknown" : `$${line.unitPrice}`,
          `$${line.usd.toFixed(2)}`,
          "",
        ]),
      ];
    }),
    "money",
  );
}

/** The bill of the registered resources, by part, by scale, and over a day; and ways to pay less. */
export function costSection(material: Material): Section & { readonly cost: Cost } {
  const { resources, demand, habits, region } = material;
  const cost = costOf({ resources, demand, habits, region, curve: "constant" });
  const { expected, minimum, maximum, tasks } = cost;
  const savings = cheaper(
    { ...material.settings, rooms: String(demand.rooms), usersPerRoom: String(demand.usersPerRoom) },
    region,
    habits,
  );
  return {
    id: "cost",
    title: "Cost",
    cost,
    body: html` <p class="lead">
        <b>${dollars(expected.total)} a month</b>: ${dollars(expected.fixed)} fixed and
        ${dollars(expected.usage)} with use, at ${tasks.desired} tasks and people who talk
        ${percent(habits.talking)} of the time. ${dollars(minimum.total)} with the fewest tasks,
        ${dollars(maximum.total)} with the most.
      </p>
      <div class="grid">
        ${figure(scalesChart(region), "The guide leaves out capacity units of the load balancer, addresses or NAT, logs, alarms and egress.")}
        ${figure(dayChart(material), "A day and its night, with the tasks that the simulation runs.")}
      </div>
      <h3>Bill</h3>
      ${linesTable(cost, material)}
      <p class="note">
        ${expected.counts.priced} resources priced, ${expected.counts.free} free, ${expected.counts.usage} by
        use, ${expected.counts.unknown} unknown.
        ${expected.unknown.length > 0 && `Unknown, so not in the total: ${expected.unknown.join(", ")}. `}${region},
        ${hoursPerMonth} hours, list prices of ${priceList.asOf} without tax. Source: ${priceList.source}.
      </p>
      <h3>Cheaper</h3>
      ${table(
        "Ways to pay less",
        ["what", "saves a month", "how", "risk", "full load"],
        savings.map((saving) => [
          saving.what,
          dollars(saving.usd),
          saving.settings
            ? html`<details>
                <summary>settings</summary>
                <code>${settingsText(saving)}</code>
              </details>`
            : settingsText(saving),
          saving.risk,
          saving.holds ? "holds" : "does not hold",
        ]),
      )}
      <p class="note">Each is planned and priced by itself; together they save less than their sum.</p>`,
  };
}
