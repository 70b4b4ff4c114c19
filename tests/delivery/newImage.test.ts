import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolders } from "../offline/temporaryFolder";
import { Runner, runJob } from "./job";
import { workflow } from "./workflows";

describe("a new image", () => {
  const folder = temporaryFolders();

  /** The job that builds it, after commits that add files; what Docker stands in for prints what it is called with. */
  async function build(...commits: readonly (readonly string[])[]) {
    const runner = new Runner(folder(), { GITHUB_RUN_ID: "7", GITHUB_RUN_ATTEMPT: "1" });
    runner.standIn("skopeo", ":");
    runner.standIn("docker", 'echo "docker $*"');
    const lines = ["git init --quiet chatpop"];
    for (const files of commits) {
      for (const file of files)
        lines.push(`mkdir -p chatpop/${file.replace(/[^/]+$/, "")}`, `touch chatpop/${file}`);
      lines.push("git -C chatpop add .");
      lines.push(
        "git -C chatpop -c user.name=x -c user.email=x@example.com commit --quiet --allow-empty -m x",
      );
    }
    await runner.execute(lines.join(" && "), {});
    const outcome = await runJob(runner, "deploy build", workflow("deploy").jobs["build"]!.steps!, {
      contexts: {},
    });
    expect(outcome.green, outcome.printed).to.be.true;
    return { ...outcome, list: readFileSync(join(runner.checkout, "image.cdx.json"), "utf8") };
  }

  const first = "backend/chats/migrations/0001_initial.py";
  const called = "docker run --rm --network none";

  it("has its new migrations looked at, and no others", async () => {
    const { summary } = await build(
      [first, "README.md"],
      ["backend/chats/migrations/0002_more.py", "backend/a.py"],
    );
    const command = "chatpop:check python manage.py check_migration chats/migrations/0002_more.py";
    expect(summary).to.equal(`${called} --env DJANGO_SECRET_KEY=check ${command}\n`);
  });

  it("has all of them looked at when there was no commit before", async () => {
    expect((await build([first])).summary).to.match(/check_migration chats\/migrations\/0001_initial\.py\n$/);
  });

  it("says so when there are none, and lists what it is made of all the same", async () => {
    const { summary, list } = await build([first], ["backend/a.py"]);
    expect(summary).to.equal("No new migrations\n");
    expect(list).to.equal(`${called} chatpop:check python -m chatpop_aws.sbom\n`);
  });
});
