// The checks of this machine and of Pulumi's state: needs of `pulumi up` before its first call to AWS.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { engines } from "../package.json";
import { isCheckout, makeCheckout } from "../stacks/plan/checkout";
import { type Answer, type Check, missing, ok } from "./check";

/** Subject of the checks of the machine. */
export interface Machine {
  /** Name of the stack. */
  readonly stack: string;
  /** Folder of the application whose image the update builds; undefined if it builds none. */
  readonly imageContext: string | undefined;
  /** Secrets provider in the stack's file, if it names one. */
  readonly secretsProvider?: string;
  /** Variables of the shell. */
  readonly env: NodeJS.ProcessEnv;
}

const execute = promisify(execFile);
/** Time after which a command counts as missing (ms). */
const patience = 20_000;

async function printed(
  env: NodeJS.ProcessEnv,
  command: string,
  ...args: string[]
): Promise<string | undefined> {
  try {
    return (await execute(command, args, { env, timeout: patience })).stdout.trim();
  } catch {
    return undefined;
  }
}

function nodeCheck(): Answer {
  const [wanted = ""] = /[\d.]+/.exec(engines.node) ?? [];
  const [major = 0, minor = 0] = wanted.split(".").map(Number);
  const [own = 0, ownMinor = 0] = process.versions.node.split(".").map(Number);
  return own > major || (own === major && ownMinor >= minor)
    ? ok(`Node ${process.versions.node}`)
    : missing(`Node ${process.versions.node} is older than ${wanted}`, "https://nodejs.org/en/download");
}

async function engineCheck({ env }: Machine): Promise<Answer> {
  const version = await printed(env, "pulumi", "version");
  return version
    ? ok(`Pulumi ${version}`)
    : missing("there is no pulumi", "https://www.pulumi.com/docs/install/");
}

async function dockerCheck({ env, imageContext }: Machine): Promise<Answer | undefined> {
  if (imageContext === undefined) return undefined;
  const version = await printed(env, "docker", "info", "--format", "{{.ServerVersion}}");
  return version
    ? ok(`Docker ${version} builds the image`)
    : missing(
        "no Docker answers, which is to build the image",
        "https://docs.docker.com/get-started/get-docker/",
      );
}

function checkoutCheck({ imageContext }: Machine): Answer | undefined {
  if (imageContext === undefined) return undefined;
  return isCheckout(imageContext)
    ? ok(`${imageContext} holds the application`)
    : missing(
        `chatpop:imageContext is ${imageContext}, where there is no backend/requirements.txt`,
        makeCheckout(imageContext),
      );
}

/** The backend that Pulumi is logged in to: its URL. */
async function backend(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const answer = await printed(env, "pulumi", "whoami", "--json", "--non-interactive");
  return answer ? (JSON.parse(answer) as { url?: string }).url : undefined;
}

async function stateCheck({ env }: Machine): Promise<Answer> {
  const url = await backend(env);
  return url
    ? ok(`state lies in ${url}`)
    : missing(
        "Pulumi is not logged in: there is no place for the state",
        "pulumi login file://$HOME (a team: make bootstrap)",
      );
}

async function keyCheck({ env, secretsProvider }: Machine): Promise<Answer | undefined> {
  const url = await backend(env);
  if (!url) return undefined;
  if (secretsProvider && secretsProvider !== "passphrase")
    return ok(`secrets are encrypted by ${secretsProvider}`);
  if (url.startsWith("https://")) return ok("secrets are encrypted by Pulumi Cloud");
  return env["PULUMI_CONFIG_PASSPHRASE"] !== undefined || env["PULUMI_CONFIG_PASSPHRASE_FILE"]
    ? ok("secrets are encrypted by a passphrase")
    : missing(
        "there is no key for the secrets in the state",
        "export PULUMI_CONFIG_PASSPHRASE=<a passphrase that you keep> (a team: make bootstrap)",
      );
}

/** All checks of the machine. */
export const machineChecks: readonly Check<Machine>[] = [
  { name: "node", ask: nodeCheck },
  { name: "engine", ask: engineCheck },
  { name: "docker", ask: dockerCheck },
  { name: "checkout", ask: checkoutCheck },
  { name: "state", ask: stateCheck },
  { name: "key", ask: keyCheck },
];
