// `node … benchmarks/plain.ts <command>`: a Pulumi command offline, without what this project does to start quickly.
import { run } from "../offline/environment";

void run(process.argv.slice(2), { terminal: true, env: { NODE_OPTIONS: "" } }).then(
  ({ code }) => (process.exitCode = code),
);
