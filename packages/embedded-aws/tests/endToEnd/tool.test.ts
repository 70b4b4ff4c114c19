import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { itInAll } from "../../../../tests/exhaustive";
import { temporaryFolders } from "../../../../tests/offline/temporaryFolder";
import { repository } from "../../launcher/files";

const command = join(repository, "packages/embedded-aws/embedded-aws.cjs");

describe("embedded-aws -- pulumi, in a project that knows nothing of it", function () {
  this.timeout(300_000);
  const folder = temporaryFolders();
  let project: string;

  /** The command line as typed in the project's folder, or in another one. */
  function typed(line: string, at = project) {
    const { AWS_REGION: _region, EMBEDDED_AWS_HOME: _home, ...others } = process.env;
    const env = {
      ...others,
      PATH: `${join(repository, ".engine/bin")}:${process.env["PATH"]}`,
      NO_COLOR: "1",
    };
    const { status, stdout, stderr } = spawnSync(command, line.split(" "), {
      cwd: at,
      encoding: "utf8",
      env: { ...env, AWS_REGION: "eu-central-1", AWS_PROFILE: "real", PULUMI_BACKEND_URL: "s3://real" },
    });
    return { status, stdout, stderr, all: `${stdout}\n${stderr}` };
  }
  function succeeds(line: string, at?: string): string {
    const { status, stdout, all } = typed(line, at);
    expect(status, `${line}\n${all}`).to.equal(0);
    return stdout;
  }

  before(() => {
    project = join(folder(), "web");
    cpSync(join(repository, "packages/embedded-aws/examples/web"), project, {
      recursive: true,
      filter: (file) => !file.includes(".embedded-aws") && !file.endsWith("Pulumi.dev.yaml"),
    });
    symlinkSync(join(repository, "node_modules"), join(project, "node_modules"));
    // Encrypted with a key that is out of reach here.
    writeFileSync(
      join(project, "Pulumi.prod.yaml"),
      'secretsprovider: awskms://alias/real\nencryptedkey: abc\nconfig:\n  web:tasks: "3"\n  web:token:\n    secure: v1:abc\n',
    );
  });

  it("says what it is for", () => {
    expect(typed("").all).to.match(/^\s*usage: embedded-aws -- pulumi/);
    expect(typed("--").all).to.include("No command is given: embedded-aws -- pulumi up");
    const outside = folder();
    expect(typed("-- pulumi up", outside).all).to.include(`There is no Pulumi.yaml in ${outside}`);
    expect(typed("-- pulumi up --stack pord").all)
      .to.include("Pulumi.pord.yaml does not exist. Choose one of: prod")
      .and.to.include("stack init pord --copy-config-from prod");
  });

  it("makes a stack with another one's configuration, and brings it up unchanged a second time", () => {
    succeeds("-- pulumi stack init staging --copy-config-from prod");
    // It is selected now.
    expect(succeeds("-- pulumi config get tasks").trim()).to.equal("3");
    succeeds("-- pulumi up --yes --skip-preview --non-interactive");
    succeeds("-- pulumi preview --expect-no-changes --non-interactive");
    const url = succeeds("-- pulumi stack output url").trim();
    expect(url).to.match(/^http:\/\/web-\w+-\d+\.eu-central-1\.elb\.amazonaws\.com$/);
    // From another folder, and by another program that runs Pulumi.
    expect(succeeds(`-- pulumi stack output url --cwd ${project}`, folder()).trim()).to.equal(url);
    expect(succeeds("-- env -u X pulumi stack output url").trim()).to.equal(url);
  });

  it("leaves everything in the project as it was, but a folder that git ignores", () => {
    const own = readdirSync(project).filter((name) => name !== "node_modules");
    expect(own.sort()).to.deep.equal([
      ".embedded-aws",
      "Pulumi.prod.yaml",
      "Pulumi.yaml",
      "index.js",
      "package.json",
    ]);
    expect(readFileSync(join(project, ".embedded-aws/.gitignore"), "utf8")).to.equal("*\n");
    expect(readFileSync(join(project, "Pulumi.prod.yaml"), "utf8")).to.include("awskms://alias/real");
  });

  itInAll("imports by the identifier that the real provider takes", () => {
    const state = JSON.parse(succeeds("-- pulumi stack export")) as {
      deployment: { resources: { urn: string; type: string; outputs?: Record<string, string> }[] };
    };
    const { urn, outputs } = state.deployment.resources.find(
      ({ type }) => type === "aws:ecs/service:Service",
    )!;
    const cluster = outputs!["cluster"]!.split("/").pop();
    succeeds(`-- pulumi state delete ${urn} --yes`);
    const identifier = `${cluster}/${outputs!["name"]}`;
    succeeds(
      `-- pulumi import aws:ecs/service:Service web ${identifier} --yes --generate-code=false --protect=false`,
    );
    // The real provider draws another name for an imported resource whose program names none.
    expect(succeeds("-- pulumi preview --diff --non-interactive")).to.match(
      /~ name +: "web-\w+" => "web-\w+"/,
    );
    const program = join(project, "index.js");
    const text = readFileSync(program, "utf8");
    writeFileSync(program, text.replace("cluster: cluster.arn,", `$& name: "${outputs!["name"]}",`));
    const change = succeeds("-- pulumi preview --diff --non-interactive");
    expect(change).not.to.match(/replace|delete/, change);
    expect(existsSync(join(project, "Pulumi.staging.yaml"))).to.equal(false);
  });
});
