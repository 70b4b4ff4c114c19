import kept from "../benchmarks/results.json";
import type { Result, Results } from "../benchmarks/main";
import { median } from "../benchmarks/measure";
import type { PartName, Row } from "../benchmarks/parts";

// JSON has lists, and no tuples.
const results = kept as unknown as Results;

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const seconds = (value: number) => (value === 0 ? "" : value < 100 ? value.toFixed(2) : value.toFixed(0));

/** On a quiet machine nobody else wants a processor before the first command. */
const quiet = 0.5;

function stamp({ command, on, machine, load: [before, after] }: Result): string {
  const mood = before < quiet ? "quiet" : "busy, so that only ratios count";
  return `\`${command}\`, ${on}, ${machine}; ${mood} (load average ${before.toFixed(1)} before, ${after.toFixed(1)} at the end).`;
}

function line({ what, runs, note = "" }: Row): string {
  const walls = sorted(runs.map(({ wall }) => wall));
  const of = (key: "processor" | "memory", digits: number, take: (values: readonly number[]) => number) => {
    const value = take(runs.map((run) => run[key]));
    return value > 0 ? value.toFixed(digits) : "";
  };
  const cells = [
    ...[walls[0]!, median(walls), walls.at(-1)!].map(seconds),
    of("processor", 2, median),
    of("memory", 0, (values) => Math.max(...values)),
  ];
  return `| ${what} | ${runs.length} | ${cells.join(" | ")} | ${note} |`;
}

function table(name: PartName): string {
  const result = results[name];
  if (result === undefined || result.rows.length === 0)
    return `Not measured yet: \`make benchmark ONLY=${name}\`.`;
  return [
    stamp(result),
    "",
    "| | runs | least (s) | median (s) | most (s) | processor, median (s) | memory, most (MiB) | |",
    "|---|---|---|---|---|---|---|---|",
    ...result.rows.map(line),
  ].join("\n");
}

/** The first row against each other one: the two runs of a round share the machine's mood, the rounds do not. */
function pairs(name: PartName): string {
  const [first, ...others] = results[name]?.rows ?? [];
  if (first === undefined) return "";
  const lines = others.map(({ what, runs }) => {
    const ratios = (key: "wall" | "processor") =>
      runs.map((run, round) => (first.runs[round]![key] / run[key]).toFixed(2)).join(" ");
    return `| ${what} | ${ratios("wall")} | ${ratios("processor")} |`;
  });
  return [`| ${first.what} against | wall | processor |`, "|---|---|---|", ...lines].join("\n");
}

export { asked } from "../benchmarks/figures";
export const processed = (): string => table("processes");
export const previews = (): string => [table("preview"), pairs("preview")].filter(Boolean).join("\n\n");
export const ups = (): string => [table("up"), table("clone"), table("bare"), table("image")].join("\n\n");
export const grown = (): string => table("growth");
export const built = (): string => table("indexes");
export const tested = (): string => table("tests");
