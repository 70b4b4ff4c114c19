import { init, type EChartsOption } from "echarts";
import { guide, type Scale, scales } from "../stacks/guide";
import { needed, variants } from "../forecast/simulation/comparison";
import type { Curve } from "../forecast/simulation/curves";
import { type Minute, play } from "../forecast/simulation/simulation";

// One picture a curve: a column a scale; above the tasks, below the people who suffer.

const ink = { text: "#1b2431", note: "#55606f", axis: "#8a99ad", line: "#e3e8ef", load: "#dfe5ee" };
/** The guide's line is broad and light, so that this project's can lie upon it and both be seen. */
const styles = [
  { color: "#f0a35e", width: 5 },
  { color: "#2b62c4", width: 2 },
  { color: "#0f7b6c", width: 2 },
] as const;
const load = "tasks that the load takes";

const width = 1_200;
const column = (index: number) => ({ left: 64 + index * 388, width: 312 });
const rows = [
  { top: 158, height: 190, title: "tasks" },
  { top: 404, height: 110, title: "people on an overloaded task or not connected" },
] as const;
const height = 556;

type Points = readonly (readonly [minute: number, value: number])[];

/** Every minute of a short play, every fifth of a day, without what lies between two equal ones. */
function points(minutes: readonly Minute[], value: (minute: Minute) => number): Points {
  const every = minutes.length > 240 ? 5 : 1;
  const all = minutes
    .map((each, minute) => [minute, Math.round(100 * value(each)) / 100] as const)
    .filter(([minute]) => minute % every === 0 || minute === minutes.length - 1);
  return all.filter(([, value], index) => value !== all[index - 1]?.[1] || value !== all[index + 1]?.[1]);
}

function series(curve: Curve, scale: Scale, index: number): object[] {
  const plays = variants(scale).map(({ name, service }) => ({ name, service, report: play(curve, service) }));
  const { service, report } = plays[0]!;
  const plain = { type: "line", showSymbol: false, silent: true };
  const upper = { ...plain, xAxisIndex: 2 * index, yAxisIndex: 2 * index };
  const lower = { ...plain, xAxisIndex: 2 * index + 1, yAxisIndex: 2 * index + 1 };
  const wanted = points(report.minutes, ({ people }) => needed(service, people, curve.talk));
  return [
    {
      ...upper,
      name: load,
      color: ink.load,
      lineStyle: { width: 0 },
      areaStyle: { color: ink.load },
      data: wanted,
    },
    ...plays.flatMap(({ name, report: { minutes } }, variant) => {
      const { color, width: lineWidth } = styles[variant]!;
      const line = { name, color, lineStyle: { color, width: lineWidth } };
      return [
        { ...upper, ...line, step: "end", data: points(minutes, ({ desired }) => desired) },
        { ...lower, ...line, data: points(minutes, ({ suffering }) => 100 * suffering) },
      ];
    }),
  ];
}

/** The picture of a curve as SVG, the same text every time. */
export function chart(curve: Curve): string {
  const long = curve.minutes > 240;
  const panels = scales.flatMap((_, index) => rows.map((row) => ({ ...column(index), ...row })));
  const label = { color: ink.note, fontSize: 12 };
  const option: EChartsOption = {
    animation: false,
    backgroundColor: "#ffffff",
    textStyle: { fontFamily: "Helvetica, Arial, 'DejaVu Sans', sans-serif" },
    title: [
      {
        text: curve.title,
        subtext: curve.story,
        left: 24,
        top: 16,
        textStyle: { color: ink.text, fontSize: 20 },
        subtextStyle: { color: ink.note, fontSize: 14 },
      },
      ...scales.map((scale, index) => ({
        text: `${scale}: ${(guide[scale].rooms * guide[scale].usersPerRoom).toLocaleString("en")} connections`,
        left: column(index).left - 5,
        top: 106,
        textStyle: { color: ink.text, fontSize: 14 },
      })),
    ],
    legend: {
      top: 76,
      left: 22,
      itemGap: 44,
      itemWidth: 28,
      itemHeight: 10,
      textStyle: { color: ink.text, fontSize: 13 },
      data: [
        ...variants("large").map(({ name }) => ({ name, icon: "rect", itemStyle: { borderWidth: 0 } })),
        { name: load, icon: "rect" },
      ],
    },
    grid: panels.map(({ left, top, width: wide, height: high }) => ({
      left,
      top,
      width: wide,
      height: high,
    })),
    xAxis: panels.map((_, index) => ({
      type: "value",
      gridIndex: index,
      min: 0,
      max: curve.minutes,
      interval: long ? 240 : 30,
      axisLabel: { ...label, formatter: (minute: number) => (long ? `${minute / 60}:00` : `${minute} min`) },
      axisLine: { show: true, lineStyle: { color: ink.axis } },
      axisTick: { show: true, lineStyle: { color: ink.axis } },
      splitLine: { show: false },
    })),
    yAxis: panels.map(({ title }, index) => ({
      type: "value",
      gridIndex: index,
      name: title,
      nameLocation: "end",
      nameGap: 10,
      nameTextStyle: { ...label, align: "left", padding: [0, 0, 0, -4] },
      min: 0,
      ...(index % 2 === 1 && { max: 100, interval: 50 }),
      minInterval: 1,
      splitNumber: 4,
      axisLabel: { ...label, formatter: (value: number) => (index % 2 === 1 ? `${value} %` : String(value)) },
      splitLine: { lineStyle: { color: ink.line } },
    })),
    series: scales.flatMap((scale, index) => series(curve, scale, index)) as EChartsOption["series"],
  };
  const picture = init(null, null, { renderer: "svg", ssr: true, width, height });
  picture.setOption(option);
  const svg = picture.renderToSVGString();
  // Without dispose, the picture keeps the process alive.
  picture.dispose();
  // The ids count the pictures of a process; styles and events are for pages in which one moves a mouse.
  const text = svg
    .replaceAll(/zr\d+-/g, "")
    .replaceAll(/ (class|pointer-events)="[^"]*"/g, "")
    .replace(/<style.*<\/style>\n/s, "")
    .replace("<svg ", `<svg role="img" aria-label="${curve.title}. ${curve.story}" `);
  return `${text}\n`;
}
