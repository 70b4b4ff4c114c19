import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { formatted } from "../docs/alarms";
import { remedies } from "../docs/remedies";
import { scales } from "../stacks/guide";
import { guideMetrics } from "../stacks/guideMetrics";
import { isSmaller } from "../aws/instanceClasses";
import { makePlan } from "../stacks/plan";
import { parseSettings } from "../stacks/settings";
import { felts, waitsText } from "../docs/remedies/felt";
import { alarmKeys, downWhen } from "../stacks/plan/monitoring/watched";

const page = readFileSync(join(__dirname, "..", "docs", "operations", "runbook.md"), "utf8");
/** As GitHub makes anchors of headings. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9_ -]/g, "")
    .replaceAll(" ", "-");
const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading!));
const blocks = [...page.matchAll(/^( *)```sh \w+\n(.*?)^ *```$/gms)].map(([, indent, block]) =>
  block!.replace(new RegExp(`^${indent}`, "gm"), ""),
);

describe("the runbook", () => {
  it("has a section for every alarm, once, and none besides", () => {
    const sections = [...page.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(sections).to.deep.equal([...alarmKeys]);
  });

  it("has a row for every metric of the guide's monitoring chapter (G-115 … G-128, G-195)", () => {
    const rows = page.split("\n").filter((line) => /^\| .*\(G-\d+\) \|/.test(line));
    expect(rows).to.have.length(Object.keys(guideMetrics).length);
    for (const [index, [key, { wording, requirement }]] of Object.entries(guideMetrics).entries()) {
      expect(rows[index]).to.contain(`| ${wording} (${requirement}) |`);
      expect(rows[index]).to.contain(key === "cache-connections" ? "dashboard" : `[${key}](#${key})`);
    }
  });

  it("gives each scale's threshold as people say it", () => {
    scales.forEach((scale, column) => {
      const { threshold } = makePlan({ scale }).monitoring.alarms["database-connections"]!;
      const row = page
        .split("\n")
        .find((line) => line.includes("[database-connections](#database-connections) |"))!;
      expect(row.split(" | ")[2 + column]).to.match(new RegExp(`^> ${threshold}( \\|)?$`));
    });
    expect(formatted(0.02, "seconds")).to.equal("20 ms");
    expect(formatted(30, "seconds")).to.equal("30 s");
    expect(formatted(100_000, "microseconds")).to.equal("100 ms");
    expect(formatted(30, "days")).to.equal("30 days");
    expect(formatted(500 * 1024 ** 2, "bytes")).to.equal("500 MiB");
    expect(formatted(20 * 1024 ** 3, "bytes")).to.equal("20 GiB");
  });

  it("is where every notice points", () => {
    for (const scale of scales) {
      const { alarms, chatIsDown, notices } = makePlan({ scale, backupCopyRegion: "us-west-2" }).monitoring;
      const texts = [
        ...Object.values(alarms).map(({ description }) => description),
        chatIsDown!.description,
        ...Object.values(notices),
      ];
      expect(Object.keys(notices)).to.have.length(4);
      for (const text of texts)
        expect(anchors).to.include(/docs\/operations\/runbook\.md#([a-z-]+)/.exec(text)![1]);
    }
  });

  it("links to what is there", () => {
    for (const [, target] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors, target).to.include(target);
  });

  it("has something to type for every alarm", () => {
    for (const key of alarmKeys) {
      expect(remedies[key].length, key).to.be.at.least(1);
      expect(
        remedies[key].some((step) => "sh" in step),
        key,
      ).to.equal(true);
    }
  });

  it("says of every alarm what users see and how long it can wait, and begins with a look", () => {
    for (const key of alarmKeys) {
      const section = page.split(`\n### ${key}\n`)[1]!.split("\n### ")[0]!;
      const { users, waits } = felts[key];
      expect(section).to.contain(`**Users see:** ${users}. **Look:** ${waitsText[waits]}.`);
      // A question, a command, or the dashboard.
      const { text, sh = "" } = remedies[key][0]!;
      expect(`${sh}\n${text}`, key).to.match(/^aws |^python |\?|[Dd]ashboard/m);
    }
    const atOnce = alarmKeys.filter((key) => felts[key].waits === "now");
    expect(atOnce).to.include.members(["chat-is-down", ...Object.values(downWhen)]);
  });

  it("checks every update that it makes", () => {
    for (const block of blocks)
      for (const [line] of block.matchAll(/^pulumi up .*$/gm))
        expect(line).to.match(/ --policy-pack policy$/);
  });

  it("has commands that a shell can read", () => {
    expect(blocks.length).to.be.above(alarmKeys.length);
    for (const block of blocks) execFileSync("bash", ["-n"], { input: block });
  });

  it("asks a saved query and shows its rows, or says that the stack has none", () => {
    const ask = /^ask\(\) \{.*?^\}$/ms.exec(blocks[0]!)![0];
    const saved = { queryString: "limit 5", logGroupNames: ["/ecs/a", "/ecs/b"] };
    const answer = {
      status: "Complete",
      results: [
        [
          { field: "times", value: "3" },
          { field: "@ptr", value: "x" },
        ],
      ],
    };
    const run = (definition: object | null) =>
      spawnSync("bash", ["-eu", "-s"], {
        encoding: "utf8",
        env: { ...process.env, SAVED: JSON.stringify(definition), ANSWER: JSON.stringify(answer) },
        input: `stack=small
          sleep() { :; }
          called=$(mktemp)
          aws() {
            case "$2" in
              describe-query-definitions) printf '%s' "$SAVED" ;;
              start-query) printf '%s ' "$@" >&2; printf id-1 ;;
              get-query-results)
                # The first answer comes too early.
                if [ -s "$called" ]; then printf '%s' "$ANSWER"; else echo once >"$called"; printf '{"status":"Running","results":[]}'; fi ;;
            esac
          }
          ${ask}
          ask application-errors 60`,
      });
    const asked = run(saved);
    expect(asked.stdout).to.equal("3\n");
    expect(asked.stderr).to.contain("--query-string limit 5 --log-group-names /ecs/a /ecs/b");
    expect(run(null).stderr).to.equal("The stack has no query chatpop-small/application-errors.\n");
  });

  it("sets only what exists, to what is allowed and fits a large stack", () => {
    let checked = 0;
    for (const block of blocks) {
      const given = [...block.matchAll(/config set (?:--secret )?chatpop:(\w+) (?:'([^']*)'|(\S+))/g)];
      if (given.length === 0) continue;
      const raw = Object.fromEntries(given.map(([, key, quoted, plain]) => [key, quoted ?? plain!]));
      const large = { scale: "large", ...raw };
      expect(() => makePlan(parseSettings(large)), block).not.to.throw();
      checked += given.length;
    }
    expect(checked).to.be.above(20);
  });

  it("uses only variables that it sets before", () => {
    const [head, ...others] = blocks;
    expect(head).to.match(/^stack=/);
    const set = new Set([...head!.matchAll(/(?:^| )(\w+)=/gm)].map(([, name]) => name));
    for (const block of others) {
      const own = new Set(
        [...block.matchAll(/(?:^|\s)(\w+)=\$|for (\w+) in/g)].flatMap(([, one, two]) => [one, two]),
      );
      for (const [, name] of block.matchAll(/\$\{?([a-z]\w*)/g))
        expect(set.has(name!) || own.has(name), `${name} in ${block}`).to.equal(true);
    }
  });

  it("names what is the stack's own, of whatever else an account holds", () => {
    for (const block of blocks) expect(block).not.to.match(/starts_with\(|name-prefix chatpop/);
    expect(blocks[0]).to.contain("pulumi stack output identifiers");
  });

  it("has commands for any shell: times without GNU's date, and lists that may be empty", () => {
    for (const block of blocks) {
      expect(block).not.to.match(/\bdate\b.* -d/);
      expect(block).not.to.match(/--tasks \$\(/);
    }
  });

  it("asks the database in a task, which has psql and its password, and nothing there that only an operator has", () => {
    const asked = blocks.filter((block) => block.includes("dbshell"));
    expect(asked).to.have.length.above(5);
    for (const block of asked)
      expect(block)
        .to.match(/^python manage\.py dbshell /)
        .and.not.to.match(/pulumi|jq|aws /);
    for (const block of blocks) expect(block).not.to.match(/\bpsql\b/);
  });

  for (const scale of scales) {
    it(`${scale}: calls bigger what is bigger than the plan's own`, () => {
      const plan = makePlan({ scale });
      const own = { databaseClass: plan.database.instanceClass, cacheNodeType: plan.cache.nodeType };
      const here = new Set<string>(Object.values(plan.monitoring.alarms).map(({ key }) => key));
      let compared = 0;
      for (const [key, steps] of Object.entries(remedies)) {
        if (!here.has(key)) continue;
        for (const { sh = "" } of steps) {
          const [, setting, bigger] = /chatpop:(databaseClass|cacheNodeType) (\S+)/.exec(sh) ?? [];
          if (!bigger) continue;
          const before = own[setting as keyof typeof own];
          expect(isSmaller(before, bigger), `${key}: ${bigger} after ${before}`).to.equal(true);
          expect(isSmaller(bigger, before), `${key}: ${bigger} after ${before}`).to.equal(false);
          compared++;
        }
      }
      expect(compared).to.be.above(4);
    });
  }
});
