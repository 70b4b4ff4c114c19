import { interpolate } from "../../stacks/capacity";

/** Number of people who want a connection, over time. */
export interface Curve {
  /** Name of its plot in `docs/scaling/`: `surge`. */
  readonly name: string;
  /** Heading of its table in `docs/scaling.md`. */
  readonly title: string;
  /** Description in one sentence. */
  readonly story: string;
  /** Minutes that it lasts. */
  readonly minutes: number;
  /** Share of the full load at a minute. */
  readonly share: (minute: number) => number;
  /** Messages of a connected person, as a share of the usual number. @default 1 */
  readonly talk?: number;
  /** Minute at which one of the zones is lost. */
  readonly zoneLostAt?: number;
}

const through =
  (...points: readonly (readonly [minute: number, share: number])[]) =>
  (minute: number) =>
    interpolate(
      points.map(([x, y]) => ({ x, y })),
      minute,
    );

/**
 * From a fifth of the full load to all of it. The last point keeps it there: `interpolate` grows beyond its last point.
 */
const rise = (minutes: number) => through([10, 0.2], [10 + minutes, 1], [1_440, 1]);

const hours = (...points: readonly (readonly [hour: number, share: number])[]) =>
  through(...points.map(([hour, share]) => [60 * hour, share] as const));

/** The load curves by which policies are compared. */
export const curves = [
  {
    name: "growth",
    title: "Steady growth",
    story: "From a fifth of the full load to all of it in an hour.",
    minutes: 120,
    share: rise(60),
  },
  {
    name: "surge",
    title: "Viral surge",
    story: "From a fifth of the full load to all of it in two minutes.",
    minutes: 120,
    share: rise(2),
  },
  {
    name: "audience",
    title: "Silent crowd",
    story: "The same surge, but people come to read: a quarter of the usual messages.",
    minutes: 120,
    share: rise(2),
    talk: 0.25,
  },
  {
    name: "zone-loss",
    title: "Loss of a zone",
    story: "At full load one of two zones is lost with its tasks, and everybody there comes back at once.",
    minutes: 120,
    share: () => 1,
    zoneLostAt: 10,
  },
  {
    name: "day",
    title: "A day and its night",
    story:
      "From midnight to midnight: a tenth of the full load at four in the morning, all of it at eight in the evening.",
    minutes: 1_440,
    share: hours([0, 0.5], [2, 0.2], [4, 0.1], [6, 0.15], [9, 0.4], [16, 0.6], [20, 1], [22, 0.8], [24, 0.5]),
  },
] as const satisfies readonly Curve[];
