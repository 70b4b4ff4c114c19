// The engine built from its source, which the Go module proxy serves.
import { execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { repository } from "../files";
import { install } from "./install";
import { addLanguageHost, engineFolder } from "./present";
import type { Answer } from "./search";
import { requiredVersion } from "./version";

const engineModule = join(repository, "tools", "pulumi");
const engineCommand = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const reportEvery = 30_000;

/** Builds the engine into `folder` from the module in tools/pulumi. */
export async function buildEngine(say: (line: string) => void, folder = engineFolder): Promise<Answer> {
  if (!(await hasGo())) return { reason: "there is no `go` on the PATH" };
  const pinned = /^\s*(?:require )?github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m.exec(
    readFileSync(join(engineModule, "go.mod"), "utf8"),
  )?.[1];
  if (pinned !== requiredVersion) {
    return {
      reason: `tools/pulumi/go.mod pins ${pinned}, but package.json ${requiredVersion}: make them equal`,
    };
  }
  return install(folder, say, async (draft) => {
    say(`fetching the source of Pulumi ${requiredVersion}`);
    await go(["mod", "download"]);
    say(`building Pulumi ${requiredVersion}: about 4 minutes on two cores, once`);
    mkdirSync(join(draft, "bin"));
    const flags = `-s -w -X ${versionVariable}=${requiredVersion}`;
    await go(["build", "-v", "-ldflags", flags, "-o", join(draft, "bin", "pulumi"), engineCommand], say);
    addLanguageHost(join(draft, "bin"));
  });
}

function hasGo(): Promise<boolean> {
  return new Promise((resolve) => execFile("go", ["version"], (error) => resolve(error === null)));
}

/** Runs `go`; with `say`, reports the number of compiled packages from time to time. */
function go(args: string[], say?: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const began = Date.now();
    const child = spawn("go", args, {
      cwd: engineModule,
      env: { ...process.env, CGO_ENABLED: "0" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let output = "";
    child.stderr.on("data", (text: Buffer) => (output += text.toString()));
    const report = setInterval(() => {
      const packages = output.split("\n").length - 1;
      say?.(`… ${Math.round((Date.now() - began) / 1000)} s, ${packages} packages compiled`);
    }, reportEvery);
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(report);
      if (code === 0) return resolve();
      const end = output.trim().split("\n").slice(-5).join("\n    ");
      reject(new Error(`\`go ${args.slice(0, 2).join(" ")}\` fails with code ${code}:\n    ${end}`));
    });
  });
}
