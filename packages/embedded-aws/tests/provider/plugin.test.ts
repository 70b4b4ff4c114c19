import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const command = ["--require", "./typescript.cjs", "packages/embedded-aws/provider/main.ts"];

describe("the plugin process", () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), "offline-"))));
  afterEach(() => rmSync(home, { recursive: true }));

  it("prints its port, answers a cancel, and ends", async () => {
    const env = { ...process.env, EMBEDDED_AWS_HOME: home };
    const plugin = spawn(process.execPath, [...command, "aws"], { env });
    const [port] = (await once(plugin.stdout, "data")) as [Buffer];
    const client = new ResourceProviderClient(
      `127.0.0.1:${String(port).trim()}`,
      credentials.createInsecure(),
    );
    const version = await new Promise<string>((resolve, reject) =>
      client.getPluginInfo(new Empty(), (error, reply) =>
        error ? reject(error) : resolve(reply.getVersion()),
      ),
    );
    expect(version).to.equal("7.48.0");
    await new Promise<void>((resolve, reject) =>
      client.cancel(new Empty(), (error) => (error ? reject(error) : resolve())),
    );
    const [code] = (await once(plugin, "close")) as [number];
    expect(code).to.equal(0);
    client.close();
  });

  it("ends when the engine that started it is killed", async () => {
    const start = `
      const plugin = require("node:child_process").spawn(process.execPath, ${JSON.stringify([...command, "random"])}, { stdio: ["ignore", "pipe", "inherit"] });
      plugin.stdout.once("data", () => process.kill(process.pid, "SIGKILL"));`;
    const env = { ...process.env, EMBEDDED_AWS_HOME: home };
    const engine = spawn(process.execPath, ["-e", start], { env });
    // Both write to the same pipe: it closes when the last of them has ended.
    await once(engine.stderr.resume(), "close");
    expect(engine.signalCode).to.equal("SIGKILL");
  });

  it("ends when that engine is killed before it hears the port", async () => {
    const start = `
      require("node:child_process").spawn(process.execPath, ${JSON.stringify([...command, "random"])}, { stdio: ["ignore", "pipe", "inherit"] });
      process.kill(process.pid, "SIGKILL");`;
    const env = { ...process.env, EMBEDDED_AWS_HOME: home };
    const engine = spawn(process.execPath, ["-e", start], { env });
    await once(engine.stderr.resume(), "close");
    expect(engine.signalCode).to.equal("SIGKILL");
  });

  it("says what is wrong with its start", () => {
    const run = (args: string[], extra: object) => {
      const env = { ...process.env, EMBEDDED_AWS_HOME: home, ...extra };
      const { status, stderr } = spawnSync(process.execPath, [...command, ...args], {
        env,
        encoding: "utf8",
      });
      return { status, stderr };
    };
    expect(run(["gcp"], {}).stderr).to.equal('usage: main.ts <aws|random>, got "gcp"\n');
    expect(run(["aws"], { EMBEDDED_AWS_HOME: "" }).stderr).to.include("EMBEDDED_AWS_HOME is not set");
    const faulty = run(["aws"], { EMBEDDED_AWS_FAULTS: "oops" });
    expect(faulty.status).to.equal(1);
    expect(faulty.stderr)
      .to.include("EMBEDDED_AWS_FAULTS")
      .and.not.to.match(/\n\s+at /);
  });
});
