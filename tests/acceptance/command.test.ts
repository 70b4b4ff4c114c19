import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { temporaryFolders } from "../offline/temporaryFolder";
import { AwsServer } from "../release/awsServer";

const command = join(__dirname, "..", "..", "acceptance", "run");
const images = ["image=registry/chat:1", "next=registry/chat:2"];

interface Step {
  readonly step: string;
  readonly state: string;
  readonly says: string;
}

describe("make acceptance", () => {
  const folders = temporaryFolders();
  const server = new AwsServer();
  before(() => server.start());
  after(() => server.stop());

  /** Runs it where Pulumi is a script; `up` and `stacks` are its answers. */
  function acceptance(args: readonly string[], { up = "exit 1", stacks = "[]", destroy = "exit 0" } = {}) {
    const folder = folders();
    const [calls, stack, pulumi] = ["calls", "stack", "pulumi"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(
      pulumi,
      `#!/bin/sh
echo "$*" >> '${calls}'
case "$1 $2" in
  'stack ls') if [ -e '${stack}' ]; then echo '[{"name":"acceptance"}]'; else echo '${stacks}'; fi ;;
  'stack init') touch '${stack}' ;;
  'stack rm') rm '${stack}' ;;
  up*) ${up} ;;
  destroy*) ${destroy} ;;
esac
`,
    );
    chmodSync(pulumi, 0o755);
    mkdirSync(join(folder, "home"));
    server.answer({ GetResources: [{ ResourceTagMappingList: [] }] });
    const record = join(folder, "record.json");
    return new Promise<{ code: number; printed: string; calls: string[]; steps: readonly Step[] }>(
      (resolve) => {
        const child = execFile(
          command,
          [...args, `record=${record}`],
          {
            cwd: folder,
            env: { ...process.env, PULUMI: pulumi, SECRETS_PROVIDER: "" },
          },
          (error, stdout, stderr) =>
            resolve({
              code: error ? Number(error.code) : 0,
              printed: stdout + stderr,
              calls: existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : [],
              steps: existsSync(record)
                ? (JSON.parse(readFileSync(record, "utf8")) as { steps: Step[] }).steps
                : [],
            }),
        );
        child.stdin?.end();
      },
    );
  }

  const refused: readonly (readonly [what: string, args: readonly string[], words: RegExp])[] = [
    ["a word that it does not know", ["BUDGET"], /BUDGET is no word of the form key=value/],
    ["no image", [], /IMAGE is missing and NEXT is missing\. Allowed: two different images/],
    ["one image twice", ["image=a:1", "next=a:1"], /Allowed: two different images/],
    ["a folder without the application", ["source=/nowhere"], /SOURCE is \/nowhere/],
    ["a budget of nothing", [...images, "budget=none"], /BUDGET is none\. Allowed: USD above 0/],
    ["a region that there is not", [...images, "region=moon-1"], /REGION is moon-1\. Allowed: /],
  ];
  for (const [what, args, words] of refused) {
    it(`refuses ${what}, and makes nothing`, async () => {
      const { code, printed, calls } = await acceptance([...args, "yes=yes"]);
      expect(printed).to.match(words).and.not.contain("    at ");
      expect(code).to.equal(2);
      expect(calls.join("\n")).not.to.match(/init|up/);
    });
  }

  it("says what it costs and how long it takes before it makes anything, and wants a yes", async () => {
    const { code, printed, calls } = await acceptance(images);
    expect(printed).to.match(
      /takes about [\d.]+ \w+, at most [\d.]+ \w+, and costs about \$[\d.]+, at most \$[\d.]+/,
    );
    expect(printed).to.contain("Nobody can be asked here. To go on: make acceptance YES=yes");
    expect(code).to.equal(2);
    expect(calls).to.deep.equal(["stack ls --json"]);
  });

  it("refuses a budget that does not bear the longest run, and names the one that does", async () => {
    const { printed, calls } = await acceptance([...images, "yes=yes", "budget=1"]);
    const [, needed] = /make acceptance BUDGET=(\d+)/.exec(printed) ?? [];
    expect(calls).to.be.empty;
    const enough = await acceptance([...images, "yes=yes", `budget=${needed}`]);
    expect(enough.calls.join("\n"), enough.printed).to.contain("stack init");
  });

  it("refuses to begin beside what a run before has left, and says how it goes away", async () => {
    const stacks = '[{"name":"organization/chatpop/acceptance"}]';
    const { code, printed } = await acceptance([...images, "yes=yes"], { stacks });
    expect(printed).to.contain("Remove it with: make acceptance REMOVE=yes");
    expect(code).to.equal(2);
    const removed = await acceptance(["remove=yes"], { stacks });
    expect(removed.calls).to.include("destroy --yes --skip-preview --non-interactive --stack acceptance");
  });

  it("destroys what an update that failed has left, and tells why it failed", async () => {
    const up = "echo 'AccessDenied: no quota' >&2; exit 1";
    const { code, printed, calls, steps } = await acceptance([...images, "yes=yes"], { up });
    expect(code, printed).to.equal(1);
    expect(calls.map((line) => line.split(" --")[0])).to.deep.equal([
      ...["stack ls", "stack init acceptance", "up", "stack ls", "cancel", "destroy", "stack rm"],
    ]);
    const state = Object.fromEntries(steps.map(({ step, state }) => [step, state]));
    expect(state).to.include({
      small: "failed",
      release: "not-reached",
      destroy: "done",
      "nothing left": "done",
    });
    expect(steps[0]!.says).to.contain("AccessDenied: no quota");
    expect(calls.find((line) => line.startsWith("up"))).to.match(
      /chatpop:disposable=true.*aws:defaultTags\.tags\.Acceptance=\d{8}-[0-9a-f]{6}.*chatpop:image=registry\/chat:1/s,
    );
  });

  it("says that the stack still stands when the destruction fails, and what removes it", async () => {
    const { code, printed } = await acceptance([...images, "yes=yes"], {
      destroy: "echo 'in use' >&2; exit 1",
    });
    expect(code).to.equal(1);
    expect(printed).to.contain("The stack still stands. Remove it with: make acceptance REMOVE=yes");
  });
});
