import type { Share } from "../../stacks/plan/price";
import type { Curve } from "../simulation/curves";

/** Shares of the full load in each hour of a curve. */
export function hoursOf(curve: Curve): readonly Share[] {
  const hours = Math.max(1, Math.round(curve.minutes / 60));
  return Array.from({ length: hours }, (_, hour) => {
    const people = Array.from({ length: 60 }, (_, minute) => curve.share(60 * hour + minute));
    const mean = people.reduce((total, each) => total + each, 0) / people.length;
    return { people: mean, messages: mean * (curve.talk ?? 1) };
  });
}
