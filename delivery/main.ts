// Commands of the workflows beside Pulumi. Each one can be run by hand as well.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { commentOnPullRequest } from "./comment";
import { chooseImage, type Update } from "./history";
import { readEvents, report } from "./report";
import { checkRunningRevision, type Outputs, servingImage } from "./runningRevision";

/** A mistake in the command line, or a wrong deployment; shown without a stack trace. */
class Refusal extends Error {}

const usage = `delivery/run <command>
  images <stack> [<image>]     the image to deploy, or else the former one, and the one in service: for $GITHUB_OUTPUT
  serving <stack>              the image that the service runs; nothing before the first deployment
  report <stack> <event log>   what a preview or an update did, as Markdown
  check <stack>                fails unless the service runs what the stack says; prints the address for $GITHUB_OUTPUT
  comment <file>               puts a Markdown file under pull request $PULL_REQUEST, in place of the one before`;

/** Id of the calling run of GitHub Actions, if there is one. */
const run = process.env.GITHUB_RUN_ID;

const commands: Readonly<Record<string, (...args: string[]) => Promise<string> | string>> = {
  images: async (stack, wanted) => {
    const choice = { serving: await servingImage(outputsOf(stack)), wanted: wanted || undefined, run };
    const { image, serving } = chooseImage(historyOf(stack), choice);
    return `image=${image}\nserving=${serving ?? ""}`;
  },
  serving: async (stack) => (await servingImage(outputsOf(stack))) ?? "",
  report: (stack, log) =>
    report(required(stack, "a stack"), readEvents(readFileSync(required(log, "a file"), "utf8"))),
  check: async (stack) => `url=${await checkRunningRevision(outputsOf(stack))}`,
  comment: (file) =>
    commentOnPullRequest(readFileSync(required(file, "a file"), "utf8"), {
      api: process.env.GITHUB_API_URL ?? "https://api.github.com",
      repository: required(process.env.GITHUB_REPOSITORY, "$GITHUB_REPOSITORY"),
      pullRequest: required(process.env.PULL_REQUEST, "$PULL_REQUEST"),
      token: required(process.env.GITHUB_TOKEN, "$GITHUB_TOKEN"),
    }),
};

function required(value: string | undefined, what: string): string {
  if (value) return value;
  throw new Refusal(`${what} is missing.\n${usage}`);
}

/** Asks the Pulumi on the PATH about a stack. */
function pulumi<T>(stack: string | undefined, ...args: string[]): T {
  const line = [...args, "--stack", required(stack, "a stack")];
  return JSON.parse(execFileSync("pulumi", line, { encoding: "utf8", maxBuffer: 1 << 28 })) as T;
}

const outputsOf = (stack: string | undefined): Outputs => pulumi(stack, "stack", "output", "--json");

/** A stack's updates, newest first, read page by page, because an old image may be far back. */
function* historyOf(stack: string | undefined): Generator<Update> {
  const size = 50;
  for (let page = 1; ; page++) {
    const line = ["stack", "history", "--json", "--page-size", `${size}`, "--page", `${page}`];
    const updates = pulumi<Update[] | null>(stack, ...line) ?? [];
    yield* updates;
    if (updates.length < size) return;
  }
}

async function main([name = "", ...args]: readonly string[]): Promise<void> {
  const command = commands[name];
  if (!command) throw new Refusal(usage);
  const text = await command(...args);
  if (text) console.log(text);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
