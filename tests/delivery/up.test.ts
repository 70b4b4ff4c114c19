import { expect } from "chai";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolders } from "../offline/temporaryFolder";
import { AwsServer } from "../release/awsServer";
import { project } from "./workflows";

const repositoryUrl = "123456789012.dkr.ecr.us-east-1.amazonaws.com/chatpop-backend";
const outputs = { clusterName: "cluster", serviceName: "backend", repositoryUrl };

describe("delivery/up", () => {
  const folder = temporaryFolders();
  const server = new AwsServer();
  before(() => server.start());
  after(() => server.stop());

  /** Runs it where the checks come out well or not; the calls of `make` and of `pulumi up`. */
  async function up(healthy: boolean, env: NodeJS.ProcessEnv, ...options: string[]) {
    server.answer({
      DescribeServices: [{ services: [{ deployments: [{ status: "PRIMARY", taskDefinition: "chat:7" }] }] }],
      DescribeTaskDefinition: [
        {
          taskDefinition: {
            containerDefinitions: [{ name: "chatpop-backend", image: `${repositoryUrl}@sha256:b` }],
          },
        },
      ],
    });
    const commands = folder();
    const calls = join(commands, "calls");
    const standIn = (name: string, lines: string) => {
      writeFileSync(join(commands, name), `#!/bin/sh\n${lines}\n`);
      chmodSync(join(commands, name), 0o755);
    };
    standIn("make", `echo "make $*" >> '${calls}'\nexit ${healthy ? 0 : 2}`);
    standIn(
      "pulumi",
      `case $1 in
         stack) echo '${JSON.stringify(outputs)}' ;;
         up) echo "pulumi $*" >> '${calls}' ;;
       esac`,
    );
    const { code, stderr } = await promisify(execFile)(
      join(project, "delivery", "up"),
      ["medium", ...options],
      { env: { ...process.env, ...env, PATH: `${commands}:${process.env["PATH"]}` } },
    ).then(
      ({ stderr }) => ({ code: 0, stderr }),
      (error: { code: number; stderr: string }) => error,
    );
    const called = existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : [];
    return { code, stderr, called };
  }

  const checks = `make --silent --directory ${project} doctor STACK=medium IMAGE=@sha256:b`;
  const update = "pulumi up --stack medium --config chatpop:image=@sha256:b";

  it("makes the checks with the image that runs, then updates with it", async () => {
    const { code, stderr, called } = await up(true, {}, "--yes");
    expect(code, stderr).to.equal(0);
    expect(called).to.deep.equal([checks, `${update} --yes`]);
  });

  it("changes nothing where something is missing, and says how to go on; so it does", async () => {
    const { code, stderr, called } = await up(false, {});
    expect(code).to.equal(1);
    expect(called).to.deep.equal([checks]);
    const [, value] = /: DOCTOR=(\w+) delivery\/up medium\n/.exec(stderr)!;
    expect((await up(false, { DOCTOR: value })).called).to.deep.equal([update]);
  });

  it("leaves the checks out for a part of the stack", async () => {
    const { called } = await up(false, {}, "--target", "**DeployRole**");
    expect(called).to.deep.equal([`${update} --target **DeployRole**`]);
  });
});
