import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { sessionSeconds } from "../../stacks/plan/delivery";
import { allSteps, cannotRunOffline, project, texts, workflow, workflowFiles } from "./workflows";

/** The fault of an action that a step names; undefined when it is one fixed commit. */
function objection(line: string): string | undefined {
  const [, action = "", rest = ""] = /uses: +(\S+)(.*)$/.exec(line) ?? [];
  if (action.startsWith("./")) return undefined;
  if (!/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/.test(action)) return `${action} is not pinned to a commit`;
  return / # v\d+\.\d+\.\d+$/.test(rest) ? undefined : `${action} does not say which version it is`;
}
const objections = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.includes("uses:"))
    .flatMap((line) => objection(line) ?? []);

/** Secrets that a workflow reads, but for the one that reads ChatPop's code where that is private. */
const secrets = (text: string) =>
  (text.match(/secrets\.\w+|secrets: +inherit|aws-(secret-)?access-key(-id)?/g) ?? []).filter(
    (secret) => secret !== "secrets.CHATPOP_TOKEN",
  );

/** Runs actionlint over files, or over a text that it is given. */
function actionlint(files: readonly string[], input?: string) {
  const line = ["-C", join(project, "tools", "actionlint"), "tool", "actionlint", "-no-color"];
  // GitHub knows it since May 2026 (github.blog/changelog/2026-05-07), actionlint 1.7.12 does not yet.
  const later = ["-ignore", 'unexpected key "queue" for "concurrency" section'];
  return spawnSync("go", [...line, ...later, ...files], { encoding: "utf8", input });
}

describe("the workflows", () => {
  it("pass actionlint, built from its own module", () => {
    const { error, status, stdout, stderr } = actionlint(workflowFiles);
    expect(error, "actionlint is built with Go: install Go 1.25 or later, https://go.dev/dl/").to.equal(
      undefined,
    );
    // Go tells on stderr what it downloads the first time.
    expect({ status, stdout }, stderr).to.deep.equal({ status: 0, stdout: "" });
  });

  it("are refused by actionlint when something is wrong: an expression, a job, an input", () => {
    const wrong = texts["workflows/deploy.yml"]!.replace(
      "steps.build.outputs.digest",
      "steps.built.outputs.digest",
    )
      .replace("needs: [build, staging]", "needs: [build, stage]")
      .replace("environment: production", "environments: production");
    const { stdout } = actionlint(["-"], wrong);
    expect(stdout).to.contain('property "built" is not defined').and.to.contain('"stage"');
  });

  for (const [file, text] of Object.entries(texts)) {
    it(`${file}: names every action by its commit and version (GAP-29)`, () => {
      expect(objections(text)).to.be.empty;
    });

    it(`${file}: knows no key and no secret (G-130, GAP-29)`, () => {
      expect(secrets(text)).to.be.empty;
    });
  }

  it("let no text of somebody else's into a command", () => {
    for (const { where, step } of allSteps()) expect(step.run ?? "", where).not.to.contain("${{");
  });

  it("need the token for ChatPop's code nowhere but where it is checked out", () => {
    const holders = allSteps().filter(({ step }) => JSON.stringify(step).includes("CHATPOP_TOKEN"));
    expect(holders.map(({ where }) => where)).to.deep.equal(["deploy build: Check out ChatPop"]);
    expect(JSON.stringify(texts).match(/CHATPOP_TOKEN/g)).to.have.length(1);
  });

  it("would be found out with a moving action, a key or a token", () => {
    const text = texts["workflows/environment.yml"]!;
    expect(objections(text.replace(/checkout@[0-9a-f]{40}/, "checkout@v7"))).to.have.length(1);
    expect(objections(text.replace(/ # v6\.\d+\.\d+/, ""))).to.have.length(1);
    expect(secrets(text.replace("role-to-assume", "aws-access-key-id"))).not.to.be.empty;
    expect(secrets(`${text}\n    secrets: inherit`)).not.to.be.empty;
    expect(secrets(text.replace("vars.DEPLOY_ROLE_ARN", "secrets.AWS_KEY"))).not.to.be.empty;
  });

  it("give no job more than it needs, and nothing by default", () => {
    const names = ["acceptance", "ci", "deploy", "environment", "nightly", "release", "rollback"];
    expect(workflowFiles.map((file) => basename(file, ".yml"))).to.have.members(names);
    const granted = names.flatMap((name) => {
      const { permissions, jobs } = workflow(name);
      expect(permissions, name).to.deep.equal({});
      return Object.entries(jobs).map(([job, each]) => [`${name} ${job}`, each.permissions]);
    });
    const read = { contents: "read" };
    const deploys = { ...read, "id-token": "write" };
    expect(Object.fromEntries(granted)).to.deep.equal({
      "acceptance accept": deploys,
      "ci lint": read,
      "ci test": read,
      "ci preview": { ...read, "pull-requests": "write" },
      "deploy ci": { ...read, "pull-requests": "write" },
      "deploy build": read,
      "deploy staging": deploys,
      "deploy production": deploys,
      "environment deploy": deploys,
      "nightly audit": read,
      "nightly benchmark": read,
      "nightly faults": read,
      "nightly image": read,
      "nightly node": read,
      "nightly settings": read,
      "nightly site": read,
      "nightly test": read,
      "release build": read,
      "release publish": { contents: "write", "id-token": "write", attestations: "write" },
      "rollback rollback": deploys,
    });
  });

  it("leave no credentials behind in a checkout", () => {
    for (const { where, step } of allSteps()) {
      if (step.uses?.startsWith("actions/checkout@")) {
        expect(step.with, where).to.have.property("persist-credentials", false);
      }
    }
  });

  it("end by themselves when something hangs", () => {
    for (const name of ["acceptance", "ci", "deploy", "environment", "nightly", "release"]) {
      for (const [job, each] of Object.entries(workflow(name).jobs)) {
        if (each.steps) expect(each["timeout-minutes"], `${name} ${job}`).to.be.within(1, 360);
      }
    }
  });

  it("give each step a name of its own, by which tests run it or say why they cannot", () => {
    const named = allSteps()
      .filter(({ step }) => step.run !== undefined)
      .map(({ where }) => where);
    expect(named).to.include.members(Object.keys(cannotRunOffline));
    expect(new Set(named).size).to.equal(named.length);
  });
});

describe("the deployment from main", () => {
  const { on, jobs } = workflow("deploy");
  const { environment } = { environment: workflow("environment").jobs["deploy"]! };

  it("starts with a push to main, of this repository or the application's (G-130)", () => {
    expect(on["push"]).to.deep.equal({ branches: ["main"] });
    expect(on["repository_dispatch"]).to.deep.equal({ types: ["chatpop"] });
  });

  it("builds one image and names it after the commit (G-131, G-198)", () => {
    const [tag] = jobs["build"]!.steps!.filter(({ id }) => id === "tag");
    expect(tag!.run).to.match(/tag=\$\(git -C chatpop rev-parse HEAD\)/);
    expect(
      jobs["build"]!.steps!.filter(({ uses }) => uses?.startsWith("docker/build-push-action@")),
    ).to.have.length(1);
    for (const job of ["staging", "production"]) {
      expect(jobs[job]!.with, job).to.deep.equal({
        environment: job,
        digest: "${{ needs.build.outputs.digest }}",
        tag: "${{ needs.build.outputs.tag }}",
      });
    }
  });

  it("goes to staging first, when all checks have passed, and to production when that stands and somebody approves", () => {
    expect(jobs["ci"]!.uses).to.equal("./.github/workflows/ci.yml");
    expect(Object.keys(workflow("ci").on), "once for a push").to.deep.equal([
      "pull_request",
      "workflow_call",
    ]);
    expect(jobs["staging"]!.needs).to.deep.equal(["ci", "build"]);
    expect(jobs["production"]!.needs).to.deep.equal(["build", "staging"]);
    expect(environment.environment).to.have.property("name", "${{ inputs.environment }}");
  });

  it("takes on its role by an identity token, and again for the way back (G-130, GAP-29)", () => {
    const logins = environment.steps!.filter(({ uses }) => uses?.startsWith("aws-actions/"));
    for (const { with: given } of logins) {
      expect(given).to.include({
        "role-to-assume": "${{ vars.DEPLOY_ROLE_ARN }}",
        "role-duration-seconds": sessionSeconds,
      });
    }
    const back = environment.steps!.findIndex(({ id }) => id === "back");
    const [login, clearing] = environment.steps!.slice(back - 2, back);
    expect(login).to.equal(logins[1]);
    for (const step of [login, clearing]) expect(step!.if).to.equal(environment.steps![back]!.if);
    expect(
      environment["timeout-minutes"]! * 60,
      "an update as long as its session, and the way back",
    ).to.be.at.least(sessionSeconds + 2 * 3600);
  });

  it("is never cut off, and never runs beside another one or a rollback", () => {
    expect(environment.concurrency).to.deep.equal({
      group: "environment-${{ inputs.environment }}",
      "cancel-in-progress": false,
      queue: "max",
    });
    expect(workflow("rollback").jobs["rollback"]!.uses).to.equal(jobs["production"]!.uses);
  });
});

describe("docs/delivery.md", () => {
  const text = readFileSync(join(project, "docs", "delivery.md"), "utf8");

  it("names every variable that the workflows ask for", () => {
    const asked = Object.values(texts).flatMap((each) => each.match(/vars\.\w+/g) ?? []);
    expect(asked).not.to.be.empty;
    for (const variable of new Set(asked))
      expect(text).to.contain(`| \`${variable.slice("vars.".length)}\` |`);
  });

  it("names every step that can fail on the way to an environment", () => {
    const named = workflow("environment").jobs["deploy"]!.steps!.flatMap(({ name, run }) =>
      run && name ? [name] : [],
    );
    for (const name of named.filter((each) => each !== "Log in to Pulumi Cloud")) {
      expect(text).to.contain(`| ${name} |`);
    }
  });
});
