import { expect } from "chai";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolders } from "../offline/temporaryFolder";
import { project } from "./workflows";

// The end-to-end test of the pipeline leaves such locks to the real engine.
describe("delivery/recover --unattended", () => {
  const folder = temporaryFolders();
  const state = {
    deployment: {
      resources: [{ urn: "urn:pulumi:small::chatpop::pulumi:pulumi:Stack::s", type: "pulumi:pulumi:Stack" }],
    },
  };

  /** Runs it where that user has left a lock; the calls of `pulumi`, and what it put in the state's place. */
  async function recover(lockOf?: string) {
    const here = folder();
    const [calls, lock, put] = ["calls", "lock", "put"].map((name) => join(here, name));
    writeFileSync(calls!, "");
    if (lockOf !== undefined) {
      const text =
        "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.";
      writeFileSync(
        lock!,
        `${text}\n  s3://b/.pulumi/locks/1.json: created by ${lockOf}@fv-az1 (pid 7) at 2026-11-30T10:00:00Z\n`,
      );
    }
    const pulumi = join(here, "pulumi");
    writeFileSync(
      pulumi,
      `#!/bin/sh
       echo "$1 $2" >>'${calls}'
       case "$1 $2" in
         "stack export") echo '${JSON.stringify(state)}' ;;
         "stack import") if [ -e '${lock}' ]; then cat '${lock}' >&2; exit 255; fi; cp "$4" '${put}' ;;
         "cancel --yes") rm '${lock}' ;;
       esac\n`,
    );
    chmodSync(pulumi, 0o755);
    const { code, said } = await promisify(execFile)(
      join(project, "delivery", "recover"),
      ["small", "--unattended"],
      { env: { ...process.env, PULUMI: pulumi } },
    ).then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        said: error.stdout + error.stderr,
      }),
    );
    const saved = existsSync(put!) ? (JSON.parse(readFileSync(put!, "utf8")) as unknown) : undefined;
    return { code, said, called: readFileSync(calls!, "utf8").trim().split("\n"), saved };
  }

  it("leaves a state as it is that nobody has cut off", async () => {
    const { code, said, called, saved } = await recover();
    expect(code, said).to.equal(0);
    expect(said).to.contain("Nothing to recover");
    expect(called).to.deep.equal(["stack export", "stack import"]);
    expect(saved).to.deep.equal(state);
  });

  it("takes away the lock of a job before, which ran as the same user", async () => {
    const { code, said, called, saved } = await recover(userInfo().username);
    expect(code, said).to.equal(0);
    expect(said).to.contain(`created by ${userInfo().username}@fv-az1`);
    expect(called).to.deep.equal(["stack export", "stack import", "cancel --yes", "stack import"]);
    expect(saved).to.deep.equal(state);
  });

  it("leaves a person's lock alone, and names the person and the way on", async () => {
    const { code, said, called, saved } = await recover("ann");
    expect(code).to.equal(1);
    expect(said)
      .to.contain("created by ann@fv-az1")
      .and.to.contain("delivery/recover small --apply")
      .and.not.to.contain("    at ");
    expect(called).not.to.include("cancel --yes");
    expect(saved).to.equal(undefined);
  });
});
