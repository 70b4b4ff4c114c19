import { expect } from "chai";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  layout,
  offlineEnvironment,
  offlineHome,
  run,
  stateFile,
  suggestions,
} from "../../offline/environment";
import { projectFolder } from "../../offline/files";
import { installPlugins, standIns } from "../../packages/embedded-aws/launcher/plugins";
import { UsageError } from "../../packages/embedded-aws/launcher/projectCopy";
import { temporaryFolders } from "./temporaryFolder";

describe("offline environment", () => {
  const folder = temporaryFolders();

  it("names stacks by likeness, then from small to large, then the others", () => {
    const names = ["large", "medium", "production", "small", "staging"];
    expect(suggestions("stagign", names)).to.deep.equal([
      "staging",
      "small",
      "medium",
      "large",
      "production",
    ]);
    expect(suggestions("x", names)).to.deep.equal(["small", "medium", "large", "production", "staging"]);
  });

  it("keeps the user's own Pulumi and AWS logins out", () => {
    const outside = {
      AWS_ACCESS_KEY_ID: "key",
      AWS_PROFILE: "production",
      PULUMI_ACCESS_TOKEN: "token",
      PULUMI_BACKEND_URL: "s3://state",
      PULUMI_CONFIG_PASSPHRASE: "real",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/secret",
      PULUMI_HOME: "/root/.pulumi",
      PATH: "/bin",
      PULUMI_DEBUG_GRPC: "/tmp/grpc.json",
    };
    expect(offlineEnvironment("/home", "large", outside)).to.deep.equal({
      PATH: "/bin",
      PULUMI_DEBUG_GRPC: "/tmp/grpc.json",
      CHATPOP_OFFLINE_HOME: "/home",
      CHATPOP_COMMAND: "offline/pulumi",
      EMBEDDED_AWS_HOME: "/home",
      EMBEDDED_AWS_CONTAINERS: join(projectFolder, "offline", "chatpop", "manage.ts"),
      PULUMI_HOME: "/home/home",
      NODE_OPTIONS: `--require ${JSON.stringify(join(projectFolder, "lazyModules.cjs"))}`,
      PULUMI_BACKEND_URL: "file:///home/state?metadata=skip",
      PULUMI_STACK: "large",
      PULUMI_CONFIG_PASSPHRASE: "offline",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    });
  });

  it("lives in .offline unless CHATPOP_OFFLINE_HOME says otherwise", () => {
    expect(offlineHome({})).to.equal(join(projectFolder, ".offline"));
    expect(offlineHome({ CHATPOP_OFFLINE_HOME: "/elsewhere" })).to.equal("/elsewhere");
  });

  it("installs a provider for each package in the version the program uses", () => {
    const home = folder();
    installPlugins(home);
    for (const [name, version] of Object.entries(standIns)) {
      const path = join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
      accessSync(path, constants.X_OK);
      const folder = name === "awsx" ? "awsx" : "provider";
      expect(readFileSync(path, "utf8")).to.match(
        new RegExp(`embedded-aws/${folder}/main\\.ts ${name} "\\$@"`),
      );
    }
  });
});

describe("offline run on the real engine", () => {
  const folder = temporaryFolders();
  const committed = () =>
    ["Pulumi.yaml", "Pulumi.small.yaml"].map((file) => readFileSync(join(projectFolder, file), "utf8"));

  it("refuses faults that cannot be read before the engine starts", async () => {
    const home = folder();
    const env = { EMBEDDED_AWS_FAULTS: "nonsense" };
    const refused = await run(["preview"], { home, env }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(UsageError);
    expect((refused as Error).message).to.match(/^EMBEDDED_AWS_FAULTS is not a list of faults such as /);
    expect(existsSync(layout(home).state)).to.equal(false);
  });

  it("refuses a temporary folder that does not exist, with a remedy", async () => {
    const env = { TMPDIR: "/does/not/exist" };
    const refused = await run(["preview"], { home: folder(), env }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(UsageError);
    expect((refused as Error).message).to.equal(
      "TMPDIR names a folder that does not exist: /does/not/exist. Make it, or type: unset TMPDIR",
    );
  });

  it("refuses to go on without a state that was there", async () => {
    const home = folder();
    const file = stateFile(home, "small");
    const history = join(layout(home).state, ".pulumi", "history", "chatpop", "small");
    mkdirSync(history, { recursive: true });
    writeFileSync(join(history, "small-1.checkpoint.json"), '{ "checkpoint": { "stack": "small" } }');
    const refused = await run(["preview"], { home }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(UsageError);
    expect((refused as Error).message).to.contain(`The state of stack small is lost: ${file}.`);
    expect(existsSync(file)).to.equal(false);
  });

  it("leaves the committed files alone, even when the stack and its configuration are removed", async () => {
    const home = folder();
    const before = committed();
    const said: string[] = [];
    const copy = join(layout(home).config, "Pulumi.small.yaml");

    const set = await run(["config", "set", "chatpop:rooms", "7"], { home, say: (line) => said.push(line) });
    expect(set).to.deep.equal({ code: 0, stdout: "", stderr: "" });
    expect(said).to.deep.equal([`changed ${copy}, for offline runs; Pulumi.small.yaml stays as it is`]);
    expect(readFileSync(copy, "utf8"))
      .to.match(/^encryptionsalt:/m)
      .and.to.contain('chatpop:rooms: "7"');
    expect(existsSync(stateFile(home, "small"))).to.equal(true);

    const removed = await run(["destroy", "--remove", "--yes", "--skip-preview"], { home });
    expect(removed.code, removed.stdout + removed.stderr).to.equal(0);
    expect(existsSync(copy)).to.equal(false);
    expect(committed()).to.deep.equal(before);
    // A stack that was removed is not one whose state was lost.
    expect((await run(["config", "get", "chatpop:scale"], { home })).stdout).to.equal("small\n");
  });
});
