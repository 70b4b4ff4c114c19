// The command `embedded-aws`: it runs a command line on the embedded AWS (`-- pulumi up`), or acts on the account from
// outside (`serve`, `advance`, `state`).
import { resolve } from "node:path";
import type { Phase } from "./account";
import { startApi } from "./api/server";
import { EngineNotFound } from "./launcher/engine/search";
import { UsageError } from "./launcher/projectCopy";
import { homeOf, onEmbeddedAws } from "./launcher/tool";
import { models } from "./models/registry";
import { roleByArn } from "./models/permission";
import { AccountFile } from "./provider/accountFile";
import { clockOf } from "./provider/clock";
import { contextFor } from "./provider/context";
import { leave, reviseInputs, setPhases } from "./provider/lifecycle";
import { machines } from "./states/machines";
import { inTime, phaseOf } from "./states/phases";

const usage = `usage: embedded-aws -- pulumi <command …>
       embedded-aws -- <any command line that runs pulumi …>
       embedded-aws serve [--port <number>] [--region <region>] [--as <role's name or ARN>]
       embedded-aws advance <number><m|h|d|w>
       embedded-aws state <type> <name> [<state> [<minutes>]]
The account is in EMBEDDED_AWS_HOME, or else in .embedded-aws of the project's folder.`;

function openAccount(): { folder: string; account: AccountFile } {
  const folder = resolve(homeOf(process.cwd()), "account");
  return { folder, account: new AccountFile(folder, (type) => models.get(type)?.sensitive ?? []) };
}

/** The value behind an option of the command line. */
function option(args: readonly string[], name: string): string | undefined {
  const place = args.indexOf(`--${name}`);
  return place < 0 ? undefined : args[place + 1];
}

async function serve(args: readonly string[]): Promise<void> {
  const { folder, account } = openAccount();
  const region = option(args, "region") ?? process.env["AWS_REGION"] ?? "us-east-1";
  const now = () =>
    contextFor(account.read(), {
      ...{ region, urn: "", home: folder },
      mark: (resource, phases) => setPhases(account, resource, phases),
      revise: (resource, inputs) => reviseInputs(account, resource, inputs),
      leave: (trace) => leave(account, trace),
    });
  const as = option(args, "as") ?? process.env["EMBEDDED_AWS_CALLER"];
  const roleOf = () => {
    const { account: view } = now();
    const found = roleByArn(as, now()) ?? view.find("aws:iam/role:Role", "name", as);
    if (!found)
      throw new UsageError(`there is no role ${as} in the account: ${namesOf("aws:iam/role:Role", account)}`);
    return found;
  };
  if (as) roleOf();
  const api = await startApi(
    {
      session: "command",
      get context() {
        return now();
      },
      get role() {
        return as ? roleOf() : undefined;
      },
    },
    { port: Number(option(args, "port") ?? 0) },
  );
  const variables = {
    AWS_ENDPOINT_URL: api.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "AKIAEMBEDDEDAWS00000",
    AWS_SECRET_ACCESS_KEY: "embedded",
  };
  for (const [name, value] of Object.entries(variables)) console.log(`${name}=${value}`);
  // The server ends with the process that started it.
  const parent = process.ppid;
  const end = () => process.exit(0);
  setInterval(() => process.ppid !== parent && end(), 1000);
  process.on("SIGTERM", end).on("SIGINT", end);
}

const units: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800 };

function advance([span = ""]: readonly string[]): void {
  const [, count = "", unit = ""] = /^(\d+)([mhdw])$/.exec(span) ?? [];
  const seconds = Number(count) * (units[unit] ?? NaN);
  if (!(seconds > 0))
    throw new UsageError(`${JSON.stringify(span)} is no span of time such as 90m, 6h, 3d or 4w`);
  const clock = clockOf(openAccount().folder);
  clock.pass(seconds);
  console.log(`It is ${clock.now().toISOString()} in the account.`);
}

function state([type = "", name = "", wanted, minutes]: readonly string[]): void {
  const { folder, account } = openAccount();
  const machine = machines[type];
  if (!machine) throw new UsageError(`${type} has no states: ${Object.keys(machines).join(", ")} have`);
  const found = account
    .read()
    .resources.find(
      ({ type: own, id, urn, outputs }) =>
        own === type && [id, outputs.name, outputs.identifier, urn.split("::").pop()].includes(name),
    );
  if (!found) throw new UsageError(`there is no ${type} called ${name}: ${namesOf(type, account)}`);
  const now = clockOf(folder).now();
  if (wanted !== undefined) {
    const known = [machine.settled, ...machine.states];
    if (!known.includes(wanted))
      throw new UsageError(`${wanted} is no state of ${type}: ${known.join(", ")}`);
    const phases: readonly Phase[] =
      minutes === undefined
        ? [{ state: wanted }]
        : inTime([{ state: wanted, minutes: Number(minutes) }], now);
    setPhases(account, found, phases);
  }
  const current = account.read().resources.find(({ type: own, id }) => own === type && id === found.id);
  console.log(JSON.stringify(phaseOf(current ?? found, now)));
}

function namesOf(type: string, account: AccountFile): string {
  const names = account.read().resources.filter((each) => each.type === type);
  return names.length === 0 ? "it has none" : `it has ${names.map(({ id }) => id).join(", ")}`;
}

const commands: Readonly<Record<string, (args: readonly string[]) => void | Promise<void>>> = {
  serve,
  advance,
  state,
  "--": async (words) => {
    process.exitCode = await onEmbeddedAws(words);
  },
};

const [name = "", ...rest] = process.argv.slice(2);
Promise.resolve()
  .then(() => {
    const command = commands[name];
    if (!command) throw new UsageError(usage);
    return command(rest);
  })
  .catch((error: Error) => {
    const expected = error instanceof UsageError || error instanceof EngineNotFound;
    console.error(expected ? error.message : error.stack);
    process.exitCode = 1;
  });
