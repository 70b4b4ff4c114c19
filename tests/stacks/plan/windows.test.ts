import { expect } from "chai";
import fc from "fast-check";
import { dailyWindow, hourForCopy, lengthOf, overlap, weeklyWindow } from "../../../aws/windows";

const week = 7 * 24 * 60;
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const two = (number: number) => String(number).padStart(2, "0");
const clock = (minute: number) => `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
const moment = (minute: number) => `${days[Math.floor(minute / 1_440) % 7]}:${clock(minute)}`;

/** A window of some minutes, with its first minute. */
const daily = fc
  .tuple(fc.nat(1_439), fc.integer({ min: 1, max: 300 }))
  .map(([from, length]) => ({ from, length, text: `${clock(from)}-${clock((from + length) % 1_440)}` }));
const weekly = fc
  .tuple(fc.nat(week - 1), fc.integer({ min: 1, max: 300 }))
  .map(([from, length]) => ({ from, length, text: `${moment(from)}-${moment((from + length) % week)}` }));

describe("windows of RDS", () => {
  it("last as long as they say, also over midnight and over the end of the week", () => {
    fc.assert(
      fc.property(daily, weekly, (one, other) => {
        expect(one.text).to.match(dailyWindow);
        expect(other.text).to.match(weeklyWindow);
        expect([lengthOf(one.text), lengthOf(other.text)]).to.deep.equal([one.length, other.length]);
      }),
    );
  });

  it("overlap exactly when a moment lies in both, whichever is asked first", () => {
    const holds = ({ from, length }: { from: number; length: number }, minute: number, period: number) =>
      (minute - from + period) % period < length;
    fc.assert(
      fc.property(daily, weekly, (one, other) => {
        const shared = Array.from({ length: week }, (_, minute) => minute).some(
          (minute) => holds(one, minute % 1_440, 1_440) && holds(other, minute, week),
        );
        expect(overlap(one.text, other.text)).to.equal(shared);
        expect(overlap(other.text, one.text)).to.equal(shared);
      }),
      { numRuns: 50 },
    );
  });

  it("leave an hour on both sides of the copy", () => {
    fc.assert(
      fc.property(daily, weekly, (one, other) => {
        const hour = hourForCopy(one.text, other.text);
        if (hour === undefined) return;
        const around = `${clock(((hour + 23) % 24) * 60)}-${clock(((hour + 2) % 24) * 60)}`;
        expect(overlap(around, one.text), one.text).to.equal(false);
        expect(overlap(around, other.text), other.text).to.equal(false);
      }),
      { numRuns: 50 },
    );
  });

  it("come before the copy, which comes as soon as it may", () => {
    expect(hourForCopy("09:00-10:00", "wed:01:00-wed:02:00")).to.equal(11);
    expect(hourForCopy("09:00-10:00", "sun:10:30-sun:11:30")).to.equal(13);
    expect(hourForCopy("22:00-23:30", "wed:10:00-wed:11:00")).to.equal(1);
    expect(hourForCopy("00:00-22:00", "wed:10:00-wed:11:00")).to.equal(undefined);
  });
});
