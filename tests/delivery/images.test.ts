import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Update } from "../../delivery/history";
import { temporaryFolders } from "../offline/temporaryFolder";
import { project } from "./workflows";

describe("delivery/run images", () => {
  const folder = temporaryFolders();

  /** Runs it with a stand-in for Pulumi, which hands out a history page by page as the real one does. */
  function images(history: readonly Update[]) {
    const commands = folder();
    writeFileSync(
      join(commands, "pulumi"),
      `#!/usr/bin/env node
const option = (name, otherwise) => Number(process.argv[process.argv.indexOf(name) + 1] ?? otherwise) || otherwise;
const size = option("--page-size", 10), page = option("--page", 1);
const history = ${JSON.stringify(history)};
const answer = process.argv.includes("history") ? history.slice((page - 1) * size, page * size) : {};
console.log(JSON.stringify(answer));
`,
    );
    chmodSync(join(commands, "pulumi"), 0o755);
    return spawnSync(join(project, "delivery", "run"), ["images", "small"], {
      encoding: "utf8",
      env: { ...process.env, PATH: `${commands}:${process.env["PATH"]}` },
    });
  }

  it("finds a former image however many updates of other things came since", () => {
    const other: Update = { kind: "update", result: "succeeded", config: {} };
    const former: Update = { ...other, config: { "chatpop:image": { value: "@sha256:a" } } };
    for (const updates of [11, 50, 120]) {
      const { stdout, stderr } = images([...Array<Update>(updates).fill(other), former]);
      expect(stdout, stderr).to.equal("image=@sha256:a\nserving=\n");
    }
    const { status, stderr } = images(Array<Update>(50).fill(other));
    expect(status).to.equal(1);
    expect(stderr).to.contain("There is no former image to go back to");
  });
});
