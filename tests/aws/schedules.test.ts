import { expect } from "chai";
import { scheduleFault } from "../../aws/schedules";

describe("schedule expression", () => {
  const good = [
    "cron(0 22 * * ? *)",
    "cron(0/15 8-18 ? * MON-FRI *)",
    "cron(0 0 L * ? 2030)",
    "cron(0 12 ? * 6#3 *)",
    "rate(1 minute)",
    "rate(5 hours)",
    "at(2030-01-31T08:00:00)",
  ];
  for (const expression of good)
    it(`understands ${expression}`, () => expect(scheduleFault(expression)).to.equal(undefined));

  const bad: [string, RegExp][] = [
    ["cron(0 22 * * *)", /5 fields, not six/],
    ["cron(0 22 * * * *)", /exactly one of day of month and day of week must be \?/],
    ["cron(0 22 ? * ? *)", /exactly one/],
    ["cron(60 22 * * ? *)", /60 is no valid minutes/],
    ["cron(0 24 * * ? *)", /24 is no valid hours/],
    ["cron(0 0 ? * FUN *)", /FUN is no valid day of week/],
    ["rate(5 minute)", /plural/],
    ["rate(1 minutes)", /singular/],
    ["rate(0 minutes)", /not of the form/],
    ["at(2030-13-31T08:00:00)", /not of the form/],
  ];
  for (const [expression, answer] of bad)
    it(`refuses ${expression}`, () => expect(scheduleFault(expression)).to.match(answer));
});
