// `make doctor STACK=medium`: reports what is missing for `pulumi up`, with remedies. It only reads.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { makePlan, type Plan } from "../stacks/plan";
import { priceOf } from "../stacks/plan/price";
import { complaintsOn } from "../stacks/plan/rules";
import { readSettings } from "../stacks/settings";
import { unknownRegion } from "../stacks/settings/region";
import { typed } from "../stacks/settings/remedies";
import { accountChecks } from "./account";
import { type Finding, makeChecks, missing, ok } from "./check";
import { machineChecks } from "./machine";
import { readStackFile, type StackFile } from "./stackFile";
import { report } from "./text";

/** A mistake in the command line, or in the stack's settings. */
class Refusal extends Error {}

/** Command that a person types for `pulumi`: offline another word. */
const command = process.env["CHATPOP_COMMAND"];

/** @param image Value of `chatpop:image` in the update, instead of the file's. */
function planOf(stack: string, file: StackFile, image: string | undefined): Plan {
  const read = readSettings({ ...file.settings, ...(image && { image }) }, new Set(file.secretKeys));
  // A wrong region has no address: the checks would blame credentials.
  const region = file.region === undefined ? undefined : unknownRegion(file.region);
  const complaints = [...complaintsOn(read), ...(region ? [region] : [])];
  if (complaints.length > 0 || !read.settings)
    throw new Refusal(typed(complaints.join("\n"), stack, command));
  return makePlan(read.settings, stack);
}

/** Repository of the stack, if the stack exists. */
function repositoryOf(stack: string): string | undefined {
  try {
    const text = execFileSync(
      "pulumi",
      ["stack", "output", "--json", "--non-interactive", "--stack", stack],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 30_000 },
    );
    return (JSON.parse(text) as { repositoryUrl?: string }).repositoryUrl;
  } catch {
    return undefined;
  }
}

async function caller(region: string): Promise<Finding> {
  const name = "credentials";
  try {
    const { Arn, Account } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
    return { name, ...ok(`${Arn} in account ${Account}`) };
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s*\n\s*/g, " ");
    // Offline a mistake in the account's file answers every call.
    return /describe an account/.test(reason)
      ? { name: "account", ...missing(reason, "mend that file, or remove it") }
      : {
          name,
          ...missing(`AWS takes no call: ${reason}`, "aws configure sso, then export AWS_PROFILE=<profile>"),
        };
  }
}

/** File with the settings of the embedded account, if it has one. */
function accountFile(): string | undefined {
  const home = process.env["CHATPOP_OFFLINE_HOME"];
  const file = home && relative(process.cwd(), join(home, "account", "settings.json"));
  return file && existsSync(file) ? file : undefined;
}

/** The embedded account has one zone, and takes no other by command. */
const remedyOf = ({ name, remedy }: Finding, offline: boolean) =>
  offline && name === "zone" ? "pulumi config set chatpop:domain chat.example.com" : remedy;

async function main([stack = "small", ...options]: readonly string[]): Promise<number> {
  const folder = process.env["CHATPOP_CONFIG_FOLDER"] ?? ".";
  const file = readStackFile(stack, folder);
  if (!file)
    throw new Refusal(
      `Pulumi.${stack}.yaml does not exist. Make the stack with: ${command ?? "pulumi"} stack init ${stack}`,
    );
  const [, image] = options.map((option) => /^--image=(.*)$/.exec(option)).find(Boolean) ?? [];
  const plan = planOf(stack, file, image);
  const region = file.region ?? process.env["AWS_REGION"] ?? "us-east-1";
  const machine = await makeChecks(machineChecks, {
    ...{ stack, imageContext: plan.image.context, env: process.env },
    secretsProvider: file.secretsProvider,
  });
  const who = await caller(region);
  const account =
    who.state === "ok"
      ? await makeChecks(accountChecks, { plan, region, stack, repositoryUrl: repositoryOf(stack) })
      : [];
  const [offline, ofAccount] = [command !== undefined, accountFile()];
  const findings = [...machine, who, ...account].map((finding) => ({
    ...finding,
    ...(finding.remedy && { remedy: typed(remedyOf(finding, offline)!, stack, command) }),
  }));
  const { fixed, usage } = priceOf(plan, region);
  console.log(
    report(
      {
        stack,
        findings,
        cost: { fixed, usage, region },
        asked: who.state === "ok",
        offline,
        ...(ofAccount && { accountFile: ofAccount }),
      },
      options.includes("--json"),
    ),
  );
  return findings.some(({ state }) => state === "missing") ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(error instanceof Refusal ? error.message : error.stack);
    process.exitCode = 2;
  },
);
