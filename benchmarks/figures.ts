// Figures asked of this project, those measured, and the reason of each distance.
import kept from "./results.json";
import type { Results } from "./main";
import type { PartName, Row } from "./parts";
import { median } from "./measure";

const results = kept as unknown as Results;

const rowOf = (part: PartName, what: string): Row | undefined =>
  results[part]?.rows.find((row) => row.what === what);

type Key = "wall" | "processor" | "memory";
const values = (row: Row, key: Key) => row.runs.map((run) => run[key]);
const whenRun = (row: Row | undefined, words: (row: Row) => string) =>
  row === undefined || row.runs.length === 0 ? "not measured yet" : words(row);

const wall = (part: PartName, what: string) =>
  whenRun(rowOf(part, what), (row) => {
    const processor = median(values(row, "processor"));
    const load = results[part]!.load.map((each) => each.toFixed(1)).join(" to ");
    const took = `${median(values(row, "wall")).toFixed(1)} s at a load of ${load}`;
    return processor > 0 ? `${took}, ${processor.toFixed(1)} s of processor` : took;
  });

/** The rows of a kind, the first and the last against each other. */
const grows = (kind: RegExp) => {
  const rows = (results.growth?.rows ?? []).filter(({ what }) => kind.test(what));
  if (rows.length === 0) return "not measured yet";
  return [rows[0]!, rows.at(-1)!]
    .map(
      (row) =>
        `${row.what}: ${median(values(row, "processor")).toFixed(2)} s of processor, ` +
        `${Math.max(...values(row, "memory")).toFixed(0)} MiB`,
    )
    .join("; ");
};

const preview = "`make preview STACK=large`";
const byDefault = "large, by Pulumi's default start";

function ratios(): string {
  const [ours, theirs] = [rowOf("preview", preview), rowOf("preview", byDefault)];
  if (ours === undefined || theirs === undefined) return "not measured yet";
  return ours.runs.map((run, round) => (run.wall / theirs.runs[round]!.wall).toFixed(2)).join(", ");
}

/** A figure that is asked for. */
interface Figure {
  readonly figure: string;
  readonly asked: string;
  readonly measured: () => string;
  /** Reason of the distance, with what it was learnt from. */
  readonly reason: string;
}

const figures: readonly Figure[] = [
  {
    figure: "warm preview of large with the pack",
    asked: "3.0 s on two quiet cores",
    measured: () => wall("preview", preview),
    reason:
      "Work: the program takes 3.1 s of processor, the pack 2.3, two providers 1.6, the engine 1.3, launcher and language " +
      "hosts 0.6, together half of it at the least on two cores; and the program starts when the pack has named its port.",
  },
  {
    figure: "memory of all its processes",
    asked: "450 MiB",
    measured: () =>
      whenRun(
        rowOf("preview", preview),
        (row) => `${Math.max(...values(row, "memory")).toFixed(0)} MiB at the most`,
      ),
    reason:
      "Each process holds a Node and Pulumi's SDK of its own: the program 169 MiB, the engine (Go) 128, the pack 111, each of two " +
      "providers 80, each of four for launcher and language host 27; what they share is counted once.",
  },
  {
    figure: "against Pulumi's default start, pair by pair",
    asked: "0.50",
    measured: ratios,
    reason:
      "The default start differs in the check of the program's types alone. Engine, pack and providers take the same " +
      "in both, and they are more than half of it.",
  },
  {
    figure: "`make up` of small, nothing changed",
    asked: "6 s",
    measured: () => wall("up", "`make up`, nothing changed"),
    reason:
      "An update previews first, so that program and pack run twice: 5.9 s and 4.4 s of processor; providers 3.0, the engine 1.9, the rest 1.0.",
  },
  {
    figure: "`make up` in a new clone, an engine on the PATH",
    asked: "60 s",
    measured: () => wall("clone", "`make up` in a new clone"),
    reason: "It needs more seconds of processor than it may take of time, so one core alone cannot do it.",
  },
  {
    figure: "`make up` on a bare machine, the engine built",
    asked: "240 s",
    measured: () => wall("bare", "`make up` in a new clone, with the engine's making"),
    reason: "The time is the Go compiler's: a build of the engine alone takes about 4 minutes on two cores.",
  },
  {
    figure: "growth in rooms",
    asked: "flat or linear, 100 to 1,000,000",
    measured: () => grows(/^the program, [\d,]+ rooms$/),
    reason: "Settings end at 100,000 rooms, so a million is refused and has no figure.",
  },
  {
    figure: "growth in workers",
    asked: "flat or linear, 1 to 50",
    measured: () => grows(/^the program, \d+ workers$/),
    reason: "Linear: each worker is a service with a task, a role, a log and alarms.",
  },
  ...(
    [
      ["`make test`", "600 s"],
      ["`make test-unit`", "90 s"],
      ["`make lint`", "45 s"],
    ] as const
  ).map(([what, asked]) => ({
    figure: what,
    asked: `${asked} on two quiet cores`,
    measured: () => wall("tests", what),
    reason: "Below, under Tests: what was cut, and what it took.",
  })),
  {
    figure: "image build",
    asked: "a figure",
    measured: () => wall("image", "`make image-build`"),
    reason:
      "Base, packages and ChatPop's stand-in are installed anew, and the container's tests run: no time was asked for.",
  },
  {
    figure: "index build of 2,000,000 and of 20,000,000 rows against `psql`",
    asked: "1.03 of its time (0.97 of its speed), longest write 50 ms",
    measured: () =>
      (results.indexes?.rows ?? [])
        .flatMap(({ what, note }) => (note ? [`${what}: ${note}`] : []))
        .join("; ") || "not measured yet",
    reason:
      "The builder connects and looks at every index before and after its statements, which psql does not.",
  },
];

/** The figures that are asked for, side by side with those measured. */
export const asked = (): string =>
  [
    "| figure | asked, at the most | measured, median | reason of the distance |",
    "|---|---|---|---|",
    ...figures.map((each) => `| ${each.figure} | ${each.asked} | ${each.measured()} | ${each.reason} |`),
  ].join("\n");
