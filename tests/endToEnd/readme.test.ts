import { execFile, execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { provideEngine } from "../../packages/embedded-aws/launcher/engine";
import { offlineEnvironment } from "../../offline/environment";
import { projectFolder } from "../../offline/files";
import { installPlugins } from "../../packages/embedded-aws/launcher/plugins";

/** The lines of README's block for a real account. */
const lines = /^```sh first\n(.*?)^```$/ms.exec(readFileSync(join(projectFolder, "README.md"), "utf8"))![1]!;

/*
 * A person's machine: a home of its own, the tools on its PATH, the project in a folder. The account behind it is the
 * embedded AWS, the engine the real one. Stand-ins: git brings a checkout, npm has installed, Docker answers.
 */
describe("README's lines for a real account, typed one after another", function () {
  this.timeout(900_000);
  const home = mkdtempSync(join(tmpdir(), "chatpop-"));
  const project = join(home, "chatpop-on-aws");
  const tools = join(home, "bin");
  let end = () => {};
  let env: NodeJS.ProcessEnv;

  const tool = (name: string, text: string) => {
    writeFileSync(join(tools, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(tools, name), 0o755);
  };

  before(async () => {
    const { executable } = await provideEngine(() => {});
    mkdirSync(tools, { recursive: true });
    const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
      cwd: projectFolder,
      encoding: "utf8",
    });
    for (const file of files.trim().split("\n")) cpSync(join(projectFolder, file), join(project, file));
    symlinkSync(join(projectFolder, "node_modules"), join(project, "node_modules"));
    // Otherwise make would install anew, through the link.
    utimesSync(join(project, "package-lock.json"), 0, 0);
    tool("git", 'mkdir -p "$3/backend" && echo django > "$3/backend/requirements.txt"');
    tool("npm", "true");
    tool("docker", "echo 27.0");
    tool("aws", 'echo \'{"accountPlanType": "PAID"}\'');
    const {
      PULUMI_BACKEND_URL: _1,
      PULUMI_STACK: _2,
      PULUMI_CONFIG_PASSPHRASE: _3,
      CHATPOP_COMMAND: _4,
      ...offline
    } = offlineEnvironment(join(home, "account-home"), "small");
    installPlugins(offline["PULUMI_HOME"]!);
    env = {
      ...offline,
      HOME: home,
      PATH: [tools, dirname(executable), process.env["PATH"]].join(delimiter),
      // There is nobody to answer "yes"; the preview is what the update does first.
      PULUMI_SKIP_CONFIRMATIONS: "true",
      NO_COLOR: "1",
    };
    const api = join(projectFolder, "packages", "embedded-aws", "command.ts");
    const server = spawn(
      process.execPath,
      ["--require", join(projectFolder, "typescript.cjs"), api, "serve"],
      {
        env,
      },
    );
    end = () => server.kill();
    for await (const line of createInterface({ input: server.stdout })) {
      const [name = "", ...value] = line.split("=");
      env[name] = value.join("=");
      if (name === "AWS_SECRET_ACCESS_KEY") break;
    }
  });
  after(() => {
    end();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  });

  const type = (script: string) =>
    new Promise<string>((resolve, reject) =>
      execFile(
        "bash",
        ["-euc", script],
        { cwd: project, env, maxBuffer: 2 ** 26 },
        (error, stdout, stderr) =>
          error ? reject(new Error(`${stdout.slice(-4_000)}\n${stderr.slice(-4_000)}`)) : resolve(stdout),
      ),
    );

  it("are eight, and work in their order: nothing is missing, and the stack stands", async () => {
    expect(lines.trim().split("\n")).to.have.length(8);
    const printed = await type(lines);
    expect(printed)
      .to.contain("Stack small: nothing is missing")
      .and.to.match(/\+ \d+ created/);
    // The configuration is in the stack's own file, as on a person's machine.
    expect(readFileSync(join(project, "Pulumi.small.yaml"), "utf8")).to.contain("imageContext: ../ChatPop");
  });
});
