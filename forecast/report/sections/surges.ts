import { makePlan } from "../../../stacks/plan";
import { parseSettings } from "../../../stacks/settings";
import { needed, serviceOf } from "../../simulation/comparison";
import { type Curve, curves } from "../../simulation/curves";
import { type Minute, play, type Report, type Service } from "../../simulation/simulation";
import { axis, chart, ink, legend } from "../charts";
import { html, type Markup, table } from "../html";
import type { Material } from "../material";
import { count, figure, type Section } from "./section";

const points = (minutes: readonly Minute[], value: (minute: Minute) => number) => {
  const every = minutes.length > 240 ? 10 : 1;
  return minutes
    .map((each, minute) => [minute, Math.round(100 * value(each)) / 100])
    .filter(([minute]) => minute! % every === 0 || minute === minutes.length - 1);
};

const names = ["load in tasks", "tasks", "people who suffer, %"];

function picture(curve: Curve, service: Service, { minutes }: Report): Markup {
  const long = curve.minutes > 240;
  const line = { type: "line" as const, showSymbol: false, silent: true };
  return chart(`${curve.title}: tasks and people who suffer`, 520, 300, {
    legend: { ...legend, top: 0, left: 0, data: names },
    grid: { left: 40, right: 44, top: 44, bottom: 28 },
    xAxis: {
      type: "value",
      min: 0,
      max: curve.minutes,
      interval: long ? 240 : 30,
      ...axis,
      axisLabel: {
        ...axis.axisLabel,
        formatter: (minute: number) => (long ? `${minute / 60}:00` : `${minute} min`),
      },
      splitLine: { show: false },
    },
    yAxis: [
      { type: "value", min: 0, minInterval: 1, splitNumber: 4, ...axis },
      { type: "value", min: 0, max: 100, interval: 50, ...axis, splitLine: { show: false } },
    ],
    series: [
      {
        ...line,
        name: names[0],
        color: ink.load,
        lineStyle: { width: 0 },
        areaStyle: { color: ink.load, opacity: 1 },
        data: points(minutes, ({ people }) => needed(service, people, curve.talk)),
      },
      {
        ...line,
        name: names[1],
        color: ink.own,
        step: "end",
        lineStyle: { color: ink.own, width: 2 },
        data: points(minutes, ({ desired }) => desired),
      },
      {
        ...line,
        name: names[2],
        yAxisIndex: 1,
        color: ink.bad,
        lineStyle: { color: ink.bad, width: 1.5 },
        data: points(minutes, ({ suffering }) => 100 * suffering),
      },
    ],
  });
}

/** The Plan of the stack, by its settings. */
export const planOf = ({ settings, demand }: Material) =>
  makePlan(
    parseSettings({ ...settings, rooms: String(demand.rooms), usersPerRoom: String(demand.usersPerRoom) }),
  );

/** Simulated crowds. */
export function surgesSection(material: Material): Section {
  const service = serviceOf(planOf(material));
  const plays = curves.map((curve: Curve) => ({ curve, report: play(curve, service) }));
  return {
    id: "surges",
    title: "Simulated crowds",
    body: html` <p class="lead">
        The simulation plays autoscaling against five crowds, minute by minute. People suffer on an overloaded
        task, or without a connection.
      </p>
      <div class="grid">
        ${plays.map(({ curve, report }) => figure(picture(curve, service, report), html`<b>${curve.title}.</b> ${curve.story}`))}
      </div>
      ${table(
        "Results of the simulation",
        [
          "crowd",
          "most tasks",
          "minutes in which 1 % suffer",
          "a person suffers (min)",
          "attempts refused",
          "sockets cut",
        ],
        plays.map(({ curve, report }) => [
          curve.title,
          report.mostTasks,
          count(report.overloadedMinutes),
          count(report.sufferingMinutes / service.connections, 1),
          count(report.refused),
          count(report.cut),
        ]),
      )}`,
  };
}
