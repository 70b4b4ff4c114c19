import { expect } from "chai";
import fc from "fast-check";
import * as program from "../aws/schedules";
import * as judge from "../packages/embedded-aws/models/schedules";
import { lengthOf, overlap } from "../aws/windows";
import * as judgedWindows from "../packages/embedded-aws/models/windows";

// The program and the embedded AWS state AWS's facts independently: a mistake in one of them shows as a difference here.
describe("two witnesses", () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([hours, minutes]) => `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`);
  const day = fc.constantFrom("sun", "mon", "tue", "wed", "thu", "fri", "sat");
  const daily = fc.tuple(time, time).map(([from, to]) => `${from}-${to}`);
  const weekly = fc
    .tuple(day, time, day, time)
    .map(([first, from, last, to]) => `${first}:${from}-${last}:${to}`);

  it("agree on how long a window is", () =>
    fc.assert(
      fc.property(fc.oneof(daily, weekly), (window) => {
        expect(judgedWindows.lengthOf(window)).to.equal(lengthOf(window));
      }),
    ));

  it("agree on whether windows overlap", () =>
    fc.assert(
      fc.property(daily, weekly, (backup, maintenance) => {
        expect(judgedWindows.overlap(backup, maintenance)).to.equal(overlap(backup, maintenance));
      }),
      { numRuns: 300 },
    ));

  it("agree on schedule expressions; the program's are good for every service", () => {
    const number = fc.integer({ min: 0, max: 70 }).map(String);
    const word = fc.constantFrom(
      "*",
      "?",
      "L",
      "LW",
      "15W",
      "MON",
      "FEB",
      "2#1",
      "MON-FRI",
      "*/5",
      "1,2",
      "XYZ",
      "2030",
    );
    const field = fc.oneof(number, word, word);
    const cron = fc.array(field, { minLength: 5, maxLength: 7 }).map((fields) => `cron(${fields.join(" ")})`);
    const plausible = fc
      .tuple(field, field, field, field, fc.constantFrom("?", "MON", "*", "9"), fc.constantFrom("*", "2030"))
      .map((fields) => `cron(${fields.join(" ")})`);
    const rate = fc
      .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom("minute", "minutes", "hours", "day", "weeks"))
      .map(([count, unit]) => `rate(${count} ${unit})`);
    fc.assert(
      fc.property(fc.oneof(cron, plausible, rate), (expression) => {
        const fault = program.scheduleFault(expression);
        expect(judge.scheduleFault(expression, judge.recurring) === undefined, expression).to.equal(
          fault === undefined,
        );
        if (fault === undefined) expect(judge.scheduleFault(expression, judge.scheduler)).to.equal(undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  for (const zone of ["UTC", "Europe/Berlin", "Mars/Olympus", "+02:00", ""]) {
    it(`agree on the time zone ${JSON.stringify(zone)}`, () =>
      expect(judge.isTimezone(zone)).to.equal(program.isTimezone(zone)));
  }
});
