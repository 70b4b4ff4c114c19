import { connectionsAt } from "../stacks/capacity";
import { cpuScaling, type Scale, scales } from "../stacks/guide";
import { makePlan } from "../stacks/plan";
import { needed, onCpuAlone, serviceOf, variants } from "../forecast/simulation/comparison";
import { type Curve, curves } from "../forecast/simulation/curves";
import { play, type Report, type Service } from "../forecast/simulation/simulation";
import type { TrackedMetric } from "../forecast/simulation/tracking";

type Cell = string | number;

const number = (value: number) => Math.round(value).toLocaleString("en");
const table = (head: readonly string[], rows: readonly (readonly Cell[])[]) =>
  [
    head,
    head.map(() => "---"),
    ...rows.map((row) => row.map((each) => (typeof each === "number" ? number(each) : each))),
  ]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");

const curveNamed = (name: (typeof curves)[number]["name"]): Curve =>
  curves.find((each) => each.name === name)!;
const service = (scale: Scale, sizing: "guide" | "measured") => serviceOf(makePlan({ scale, sizing }));

/** A service whose policy on one metric is another. */
const changed = (
  one: Service,
  change: Partial<TrackedMetric>,
  metric: TrackedMetric["metric"] = "connections",
): Service => ({
  ...one,
  policies: one.policies.map((each) => (each.metric === metric ? { ...each, ...change } : each)),
});

const figures = (report: Report): readonly Cell[] => [
  report.mostTasks,
  report.taskHours,
  report.overloadedMinutes,
  report.overloadedTaskMinutes,
  report.sufferingMinutes,
  report.unconnectedMinutes,
  report.refused,
  report.cut,
];

/** A curve's table: every variant at every scale. */
function comparison(curve: Curve): string {
  const rows = scales.flatMap((scale) => {
    const [guide, ours, measured] = variants(scale);
    const same = guide.service.policies.length === ours.service.policies.length;
    const compared = [
      ...(same ? [{ ...guide, name: "guide, and this project" }] : [guide, ours]),
      ...(same ? [] : [{ name: "CPU alone, `sizing: measured`", service: onCpuAlone(measured.service) }]),
      { ...measured, name: "this project, `sizing: measured`" },
    ];
    return compared.map(({ name, service }) => [scale, name, ...figures(play(curve, service))]);
  });
  const head = [
    "scale",
    "policy",
    "most tasks",
    "task-hours",
    "overloaded minutes",
    "overloaded task-minutes",
  ];
  return table([...head, "people-minutes", "unconnected", "refused", "cut"], rows);
}

/** Targets, tasks and limits of each scale. */
export function limits(): string {
  const rows = scales.map((scale) => {
    const [guide, measured] = [service(scale, "guide"), service(scale, "measured")];
    const connections = guide.policies.find(({ metric }) => metric === "connections");
    const range = ({ minimum, maximum }: Service) => `${minimum}–${maximum}`;
    return [
      scale,
      connections ? number(connections.target) : "–",
      needed(guide, guide.connections).toFixed(1),
      range(guide),
      range(measured),
    ];
  });
  return table(
    [
      "scale",
      "connections per task",
      "tasks that full load takes",
      "tasks of the guide",
      "`sizing: measured`",
    ],
    rows,
  );
}

/** The curves, each with its picture and its table. */
export const comparisons = () =>
  curves
    .map((curve) =>
      [
        `### ${curve.title}`,
        "",
        curve.story,
        "",
        `![${curve.title}: tasks and suffering people under the guide's policy and this project's](scaling/${curve.name}.svg)`,
        "",
        comparison(curve),
      ].join("\n"),
    )
    .join("\n\n");

/** Effect of other shares of a task's capacity as the target. */
export function targets(): string {
  const at = (scale: Scale, percent: number) => {
    const { demand, capacity } = makePlan({ scale });
    return connectionsAt(percent, demand, capacity);
  };
  const rows = [90, 80, cpuScaling.target, 60, 50].map((percent) => {
    const [medium, large] = [at("medium", percent), at("large", percent)];
    const bad = (one: Service, target: number, curve: Curve) => play(curve, changed(one, { target }));
    const measured = service("large", "measured");
    return [
      percent === cpuScaling.target ? `**${percent} %**` : `${percent} %`,
      `${number(medium)}, ${number(large)}`,
      bad(service("medium", "guide"), medium, curveNamed("audience")).overloadedMinutes,
      bad(measured, large, curveNamed("surge")).overloadedMinutes,
      bad(measured, large, curveNamed("zone-loss")).overloadedMinutes,
      bad(measured, large, curveNamed("day")).taskHours,
    ];
  });
  return table(
    [
      "target",
      "connections a task: medium, large",
      "silent crowd, medium: overloaded minutes",
      "surge, large measured: overloaded minutes",
      "lost zone, large measured: overloaded minutes",
      "day, large measured: task-hours",
    ],
    rows,
  );
}

/** Effect of other scale-out cool-downs. */
export function cooldowns(): string {
  const [measured, curve] = [service("large", "measured"), curveNamed("audience")];
  const chosen = measured.policies.find(({ metric }) => metric === "connections")?.scaleOutCooldown;
  const rows = [60, 120, 180, 240, 300].map((scaleOutCooldown) => {
    const { mostTasks, overloadedMinutes, cut } = play(curve, changed(measured, { scaleOutCooldown }));
    const name = `${scaleOutCooldown} s`;
    return [scaleOutCooldown === chosen ? `**${name}**` : name, mostTasks, overloadedMinutes, cut];
  });
  return table(["scale-out cool-down", "most tasks", "overloaded minutes", "cut sockets"], rows);
}

/** Effect of other scale-out cool-downs on CPU, beside the guide's. */
export function cpuCooldowns(): string {
  const plays = [
    ["medium", "day"],
    ["medium", "surge"],
    ["large", "surge"],
  ] as const;
  const chosen = service("large", "measured").policies.find(
    ({ metric }) => metric === "cpu",
  )?.scaleOutCooldown;
  const rows = [cpuScaling.scaleOutCooldown, 120, 180, 240].map((scaleOutCooldown) => {
    const name = `${scaleOutCooldown} s${scaleOutCooldown === cpuScaling.scaleOutCooldown ? " (G-75)" : ""}`;
    const played = plays.map(([scale, curve]) =>
      play(curveNamed(curve), changed(service(scale, "measured"), { scaleOutCooldown }, "cpu")),
    );
    return [
      scaleOutCooldown === chosen ? `**${name}**` : name,
      ...played.flatMap(({ mostTasks, overloadedMinutes, cut }) => [mostTasks, overloadedMinutes, cut]),
    ];
  });
  const heads = plays.flatMap(([scale, curve]) => [
    `${scale}, ${curve}: most tasks`,
    "overloaded minutes",
    "cut sockets",
  ]);
  return table(["scale-out cool-down on CPU", ...heads], rows);
}

/** Effect of other ways to scale in. */
export function scaleIn(): string {
  const rows = (["guide", "measured"] as const).flatMap((sizing) => {
    const one = service("large", sizing);
    const ways: readonly (readonly [string, Partial<TrackedMetric>])[] = [
      ["300 s, as on CPU", { scaleInCooldown: 300 }],
      ["**900 s**", {}],
      ["1,800 s", { scaleInCooldown: 1_800 }],
      ["never (`disableScaleIn`)", { disableScaleIn: true }],
    ];
    return ways.map(([name, change]) => {
      const [crowd, day] = [curveNamed("audience"), curveNamed("day")].map((curve) =>
        play(curve, changed(one, change)),
      );
      return [name, sizing, crowd!.cut, crowd!.overloadedMinutes, day!.cut, day!.taskHours];
    });
  });
  const crowd = ["silent crowd: cut sockets", "overloaded minutes"];
  return table(["scale-in on connections", "sizing", ...crowd, "day: cut sockets", "task-hours"], rows);
}

/** Saving by a lower minimum at night, with the measured minimum. */
export function nights(): string {
  const lowest = { medium: 2, large: 10 } as const;
  const rows = (["medium", "large"] as const).flatMap((scale) => {
    const one = service(scale, "measured");
    const limits = (hour: number, minimum: number) => ({ from: 60 * hour, minimum, maximum: one.maximum });
    const schedule = [limits(0, lowest[scale]), limits(7, one.minimum), limits(23, lowest[scale])];
    return [one, { ...one, schedule }].map((each) => {
      const { taskHours, overloadedMinutes, cut } = play(curveNamed("day"), each);
      const name = each.schedule ? `${one.minimum}, at night ${lowest[scale]}` : String(one.minimum);
      return [scale, name, taskHours, overloadedMinutes, cut];
    });
  });
  return table(["scale", "fewest tasks", "task-hours of a day", "overloaded minutes", "cut sockets"], rows);
}
