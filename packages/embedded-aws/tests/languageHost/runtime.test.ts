import { expect } from "chai";
import { ProgramInfo, RunPluginRequest, type RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import { EventEmitter } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { languageRuntime } from "../../languageHost/runtime";
import { temporaryFolders } from "../../../../tests/offline/temporaryFolder";

/** Runs the policy pack in `folder` to its end, and tells what the engine would hear. */
function runPack(folder: string): Promise<{ stdout: string; stderr: string; code: number }> {
  return new Promise((resolve) => {
    const heard: RunPluginResponse[] = [];
    const text = (part: "getStdout_asU8" | "getStderr_asU8") =>
      Buffer.concat(heard.map((answer) => answer[part]())).toString();
    const call = Object.assign(new EventEmitter(), {
      request: new RunPluginRequest()
        .setInfo(new ProgramInfo().setProgramDirectory(folder))
        .setKind("analyzer")
        .setArgsList(["127.0.0.1:2"]),
      write: (answer: RunPluginResponse) => heard.push(answer),
      end: () =>
        resolve({
          stdout: text("getStdout_asU8"),
          stderr: text("getStderr_asU8"),
          code: heard.at(-1)!.getExitcode(),
        }),
    });
    languageRuntime("3.246.0", "127.0.0.1:2").runPlugin(call as never);
  });
}

describe("language host running a policy pack", () => {
  const folder = temporaryFolders();

  it("passes on what the pack writes, and its exit code", async () => {
    const pack = folder();
    const runner = join(pack, "node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js");
    mkdirSync(dirname(runner), { recursive: true });
    writeFileSync(runner, `console.log("4711"); console.error("careful"); process.exitCode = 3;`);
    expect(await runPack(pack)).to.deep.equal({ stdout: "4711\n", stderr: "careful\n", code: 3 });
  });

  it("ends a pack that cannot be started with the reason, instead of leaving the engine waiting", async () => {
    const pack = folder();
    expect(await runPack(pack)).to.deep.equal({
      stdout: "",
      stderr: `@pulumi/pulumi is not installed for ${pack}: run \`npm ci\` there.\n`,
      code: 1,
    });
  });
});
