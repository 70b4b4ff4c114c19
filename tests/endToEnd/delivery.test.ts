import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Api } from "../../packages/embedded-aws/api/server";
import { sdkVariables, startApiOfDeployRole } from "../delivery/deployApi";
import { executed, type JobOptions, type Outcome, runJob, Runner } from "../delivery/job";
import { allSteps, cannotRunOffline, project, setUp, workflow } from "../delivery/workflows";
import { exhaustive, itInAll } from "../exhaustive";
import { temporaryFolders } from "../offline/temporaryFolder";
import { withoutPreview, OfflineStack } from "./offlineStack";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const [first, second, third] = [digest("a"), digest("b"), digest("c")];

describe("the pipeline, its own commands on the embedded AWS", function () {
  this.timeout(900_000);
  const folder = temporaryFolders();
  const stack = new OfflineStack("small");
  let runner: Runner;
  let api: Api;
  /** The name of the image that the first deployment pushes. */
  let tag: string;

  before(async () => {
    runner = new Runner(folder(), {
      CHATPOP_OFFLINE_HOME: stack.home,
      GITHUB_ACTIONS: "true",
      GITHUB_RUN_ID: "7",
      GITHUB_RUN_ATTEMPT: "1",
    });
    // The stand-in of a registry is the list of copies: every image is there once it has been copied.
    runner.standIn("aws", "echo registry-password");
    runner.standIn(
      "skopeo",
      `case $1 in
         login) cat >/dev/null ;;
         copy) case $* in *docker-daemon:*) ;; *) echo "$@" >>"${runner.file("copied")}" ;; esac ;;
         inspect) grep -q "$(basename "$3" | cut -d@ -f1)" "${runner.file("copied")}" ;;
       esac`,
    );
    runner.standIn("docker", "echo '{}'");
    // A person makes the role and the repository, as docs/delivery.md says.
    await stack.set("deployRepository", "octo-org/octo-repo");
    await stack.succeeds("up", ...withoutPreview, "--target", "**DeployRole**", "--target", "**Image**");
    api = await startApiOfDeployRole(stack.home);
  });
  after(async () => {
    await api.close();
    stack.remove();
  });

  const environment = workflow("environment").jobs["deploy"]!;
  /** The lock of a job that was cut off, or whose session has expired; of another user if it is a person's. */
  const leaveLock = (username = userInfo().username) => {
    const locks = join(stack.home, "state", ".pulumi", "locks", "organization", "chatpop", "small");
    mkdirSync(locks, { recursive: true });
    const file = join(locks, "cut-off.json");
    const content = { pid: 7, username, hostname: "fv-az1", timestamp: "2026-11-30T10:00:00Z" };
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  /** Runs of GitHub Actions have younger and younger ids. */
  let run = 7;
  const deploy = async (inputs: object, during: JobOptions["during"] = {}, id = ++run): Promise<Outcome> => {
    // A job has a checkout of its own, whose stack file names no image.
    await stack.pulumi("config", "rm", "chatpop:image");
    return runJob(runner, "environment deploy", environment.steps!, {
      contexts: { inputs, vars: { STACK: "small" } },
      env: { ...environment.env, ...sdkVariables(api), GITHUB_RUN_ID: String(id) },
      during,
    });
  };
  const image = async () => ((await stack.outputs())["delivery"] as { image: string }).image;
  /** The image of the revision that the service runs. */
  const serving = async () => {
    const resources = stack.resources();
    const revision = resources.find(({ type }) => type === "aws:ecs/service:Service")!.outputs![
      "taskDefinition"
    ];
    const account = JSON.parse(readFileSync(join(stack.home, "account", "account.json"), "utf8")) as {
      resources: { id: string; outputs: { arn?: string }; inputs: { containerDefinitions: string } }[];
    };
    const found = account.resources.find(({ id, outputs }) =>
      [id, outputs.arn].includes(revision as string),
    )!;
    return (JSON.parse(found.inputs.containerDefinitions) as [{ image: string }])[0].image;
  };

  it("prepares a job: the engine that fits comes first on the PATH", async () => {
    const outcome = await runJob(runner, "setup", setUp, { contexts: {} });
    expect(outcome.green, outcome.printed).to.be.true;
    expect(readFileSync(runner.file("path"), "utf8")).to.match(/\/\.engine\/bin\n$/);
  });

  it("names the image after the application's commit (G-131, G-198)", async () => {
    const commit = "-c user.name=x -c user.email=x@example.com commit --quiet --allow-empty --message x";
    const lines = ["git init --quiet chatpop", `git -C chatpop ${commit}`, "git -C chatpop rev-parse HEAD"];
    const { printed } = await runner.execute(lines.join(" && "), {});
    const { steps } = workflow("deploy").jobs["build"]!;
    const outcome = await runJob(runner, "deploy build", steps!, { contexts: {} });
    expect(outcome.green, outcome.printed).to.be.true;
    tag = outcome.outputs["tag"]!["tag"]!;
    expect(tag)
      .to.match(/^[0-9a-f]{40}-7-1$/)
      .and.to.equal(`${printed.trim()}-7-1`);
  });

  it("pushes the image under that name, and one task of staging runs it (G-131, G-132, G-149, G-181, G-198)", async () => {
    const outcome = await deploy({ environment: "staging", digest: first, tag });
    expect(outcome.green, outcome.printed).to.be.true;
    const [, archive, target] = readFileSync(runner.file("copied"), "utf8")
      .trimEnd()
      .split(/ (?=oci|docker)/);
    expect(archive).to.equal("oci-archive:image.tar");
    expect(target).to.match(new RegExp(`^docker://\\S+/chatpop-backend-\\w+:${tag}$`));
    const service = stack.resources().find(({ type }) => type === "aws:ecs/service:Service")!;
    expect(service.inputs).to.include({ desiredCount: 1 });
    expect(await image()).to.match(new RegExp(`/chatpop-backend-\\w+@${first}$`));
    expect(await serving()).to.equal(await image());
    expect(outcome.summary)
      .to.match(/### small: \d+ created/)
      .and.to.contain(`Image: @${first}`);
  });

  itInAll("keeps the image in an update of the role alone, and writes it down nowhere", async () => {
    const line = "delivery/up small --yes --target '**DeployRole**'";
    const { code, printed } = await runner.execute(line, sdkVariables(api));
    expect(code, printed).to.equal(0);
    expect(await image()).to.match(new RegExp(`@${first}$`));
    expect(await stack.succeeds("config")).not.to.contain("chatpop:image");
  });

  it("ends red when new tasks never become healthy, with the revision before serving (GAP-30)", async () => {
    const before = await serving();
    // Somebody forgets delivery/up: the last update's image is no longer the one that runs.
    await stack.pulumi("config", "rm", "chatpop:image");
    await stack.succeeds("up", ...withoutPreview, "--target", "**DeployRole**");
    expect(await image()).not.to.equal(before);
    // Its session has expired as well: it does not give its lock back.
    const [lock, place] = [runner.file("lock"), leaveLock()];
    copyFileSync(place, lock);
    rmSync(place);
    const engine = join(project, "offline", "pulumi");
    runner.standIn(
      "pulumi",
      `'${engine}' "$@"; code=$?; [ -z "$LEAVES_LOCK" ] || cp "$LEAVES_LOCK" '${place}'; exit $code`,
    );
    const outcome = await deploy(
      { environment: "staging", digest: second, tag: "fedcba9-8-1" },
      {
        Update: {
          EMBEDDED_AWS_FAULTS: JSON.stringify([{ type: "aws:ecs/service:Service", operation: "rollback" }]),
          LEAVES_LOCK: lock,
        },
      },
    );
    expect(outcome.green).to.be.false;
    expect(outcome.steps).to.include({
      Update: "failure",
      "Check what runs": "skipped",
      "Clear away what the update has left": "success",
      "Go back to the image before": "success",
    });
    expect(outcome.printed).to.match(/The deployment of chatpop-backend-small:\d+ failed/);
    expect(await image()).to.equal(before);
    expect(await serving()).to.equal(before);
    expect(outcome.summary).to.contain(`failed, now again @${first} (success)`);
  });

  it("does nothing while somebody updates the stack by hand", async () => {
    const lock = leaveLock("ann");
    const outcome = await deploy({ environment: "production", digest: third, tag: "" }, {}, run);
    rmSync(lock);
    expect(outcome.green).to.be.false;
    expect(outcome.printed).to.contain("created by ann@fv-az1");
    expect(outcome.steps).to.include({ "Choose the image": "skipped", Update: "skipped" });
  });

  itInAll(
    "deploys the next image after a job that was cut off, and goes back to the one before when nobody names another",
    async () => {
      leaveLock();
      const green = await deploy({ environment: "production", digest: third, tag: "abcdef0-9-1" });
      expect(green.green, green.printed).to.be.true;
      const back = await deploy({ environment: "production", digest: "", tag: "" });
      expect(back.green, back.printed).to.be.true;
      expect(back.steps).to.include({ "Push the image": "skipped" });
      expect(await serving()).to.match(new RegExp(`@${first}$`));
    },
  );

  itInAll("goes back to an image by its digest", async () => {
    const outcome = await deploy({ environment: "production", digest: third, tag: "" });
    expect(outcome.green, outcome.printed).to.be.true;
    expect(await serving()).to.match(new RegExp(`@${third}$`));
  });

  it("lets no older run overtake a younger one", async () => {
    const before = await serving();
    const outcome = await deploy({ environment: "production", digest: second, tag: "" }, {}, run - 1);
    expect(outcome.green).to.be.false;
    expect(outcome.steps).to.include({ "Choose the image": "failure", Update: "skipped" });
    expect(outcome.printed).to.contain(`Run ${run - 1} is older than run ${run}`);
    expect(await serving()).to.equal(before);
  });

  itInAll("shows a pull request what it changes at all three scales", async () => {
    const base = join(runner.checkout, "base");
    mkdirSync(base);
    const left = new Set([".git", ".engine", ".offline", "node_modules"].map((name) => join(project, name)));
    cpSync(project, base, { recursive: true, filter: (path) => !left.has(path) });
    const file = join(base, "Pulumi.small.yaml");
    writeFileSync(file, `${readFileSync(file, "utf8")}  chatpop:logRetentionDays: 30\n`);

    const comments: { body: string }[] = [];
    const github = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        if (request.method === "POST") comments.push(JSON.parse(body) as { body: string });
        response.end(
          JSON.stringify(request.method === "GET" ? [] : { id: 1, html_url: "https://github.com/x" }),
        );
      });
    });
    await new Promise<void>((resolve) => github.listen(0, "127.0.0.1", resolve));
    const repository = "octo-org/octo-repo";
    const outcome = await runJob(runner, "ci preview", workflow("ci").jobs["preview"]!.steps!, {
      contexts: {
        github: {
          event_name: "pull_request",
          token: "token",
          repository,
          event: { pull_request: { number: 12, head: { repo: { full_name: repository } } } },
        },
      },
      env: {
        GITHUB_REPOSITORY: repository,
        GITHUB_API_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}`,
      },
    });
    github.close();
    expect(outcome.green, outcome.printed).to.be.true;
    expect(comments).to.have.length(1);
    expect(comments[0]!.body)
      .to.match(/### small: \d+ updated/)
      .and.to.match(/! aws:cloudwatch\/logGroup:LogGroup chatpop-backend \(retentionInDays\)/)
      .and.to.contain("### medium: no changes")
      .and.to.contain("### large: no changes");
    expect(outcome.summary).to.contain("### small");
  });

  itInAll("checks types, rules and formatting", async () => {
    const { steps } = workflow("ci").jobs["lint"]!;
    const outcome = await runJob(runner, "ci lint", steps!, { contexts: {}, folder: project });
    expect(outcome.green, outcome.printed).to.be.true;
  });

  it("has run every step that can run here", () => {
    const all = allSteps().filter(({ step }) => step.run !== undefined);
    const here = all.map(({ where }) => where).filter((where) => !(where in cannotRunOffline));
    const expected = here.filter((where) => exhaustive || !/^ci (preview|lint):/.test(where));
    expect([...executed]).to.have.members(expected);
  });
});
