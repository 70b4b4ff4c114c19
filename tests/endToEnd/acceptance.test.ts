import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { questions } from "../../acceptance/questions";
import type { Record as RunRecord } from "../../acceptance/record";
import { describeInAll } from "../exhaustive";
import { accountResources, accountTraces } from "./account";

const project = join(__dirname, "..", "..");

describeInAll("make acceptance OFFLINE=yes", function () {
  this.timeout(900_000);
  const home = mkdtempSync(join(tmpdir(), "chatpop-acceptance-"));
  after(() => rmSync(home, { recursive: true, force: true }));
  let record: RunRecord;
  let printed: string;

  before(async () => {
    const file = join(home, "record.json");
    const env = { ...process.env, CHATPOP_OFFLINE_HOME: home, NO_COLOR: "1" };
    const line = ["--silent", "-C", project, "acceptance", "OFFLINE=yes", `RECORD=${file}`];
    ({ stdout: printed } = await promisify(execFile)("make", line, { env }));
    record = JSON.parse(readFileSync(file, "utf8")) as RunRecord;
  });

  it("goes the whole way with the same script: up, release, medium, destroyed, nothing left", () => {
    const went = record.steps.filter(({ state }) => state === "done").map(({ step }) => step);
    expect(went, printed).to.deep.equal(["small", "release", "medium", "destroy", "nothing left"]);
    const said = (name: string) => record.steps.find(({ step }) => step === name)!.says;
    expect(said("small")).to.contain("@sha256:111");
    expect(said("release")).to.contain("@sha256:222");
    expect(said("medium")).to.contain("@sha256:222");
    expect(printed).to.contain("has gone through, dry");
  });

  it("says of every other step that it needs a real account, and why", () => {
    const others = record.steps.filter(({ state }) => state !== "done");
    expect(others.map(({ step }) => step)).to.have.members([
      ...["probe small", "questions at small", "probe medium", "questions at medium"],
      ...["fault", "alarm", "last questions"],
    ]);
    for (const { step, state, says } of others) {
      expect(state, step).to.equal("needs-account");
      expect(says, step).to.match(
        /^needs a real account: the embedded AWS|^needs a real account: \d+ questions; the embedded/,
      );
    }
  });

  it("answers no question in AWS's place, and names each one", () => {
    expect(new Set(record.answers.map(({ question }) => question))).to.deep.equal(
      new Set(Object.keys(questions)),
    );
    for (const { question, state, asAssumed } of record.answers) {
      expect(["needs-account", "by-hand"], question).to.include(state);
      expect(asAssumed, question).to.equal(undefined);
    }
    expect(record.cost.spent).to.equal(0);
  });

  it("leaves an account as it was before", () => {
    expect(record.left).to.deep.equal([]);
    // The default network, the hosted zone and AWS's own roles are there from the start.
    const own = accountResources(home).filter(({ id }) => /chatpop/.test(id));
    expect(own).to.deep.equal([]);
    expect(accountTraces(home).filter(({ kind }) => kind === "DB snapshot")).to.deep.equal([]);
  });
});
