// `node … benchmarks/register.ts <scale> [key=value …]`: one run of the program against a recorder, without engine or AWS.
// Prints how many resources it registers.
import type { Scale } from "../stacks/guide";
import { record } from "../tests/recording/recording";

const [scale, ...settings] = process.argv.slice(2);
const config = Object.fromEntries(
  settings.map((each) => each.split(/=(.*)/s).slice(0, 2) as [string, string]),
);
void record(scale as Scale, "preview", config).then(({ registrations }) => console.log(registrations.length));
