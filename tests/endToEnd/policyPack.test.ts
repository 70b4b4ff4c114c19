import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";
import { rules } from "../../policy/pack";
import { scales } from "../../stacks/guide";
import { itInAll, sample } from "../exhaustive";
import { blocksIn, shell } from "./documentBlocks";
import { OfflineStack } from "./offlineStack";
import { OtherProgram } from "./otherProgram";

/** A forum of somebody else: other names, other components, and some of the same mistakes. */
const forum = `
  import * as pulumi from "@pulumi/pulumi";
  import * as aws from "@pulumi/aws";
  class Storage extends pulumi.ComponentResource {
    readonly posts: aws.rds.Instance;
    constructor() {
      super("forum:data:Storage", "storage");
      this.posts = new aws.rds.Instance("posts", {
        engine: "postgres", engineVersion: "16", instanceClass: "db.t4g.small", allocatedStorage: 100,
        maxAllocatedStorage: 500, storageType: "gp3", storageEncrypted: true, backupRetentionPeriod: 7,
        username: "forum", password: "only-for-a-test", publiclyAccessible: true, deletionProtection: true, deleteAutomatedBackups: false,
        backupWindow: "03:00-04:00", maintenanceWindow: "sun:05:00-sun:06:00", vpcSecurityGroupIds: ["sg-0123456789abcdef0"],
      }, { parent: this });
    }
  }
  const { posts } = new Storage();
  const alerts = new aws.sns.Topic("alerts");
  for (const [metricName, threshold, comparison] of [
    ["CPUUtilization", 90, "GreaterThan"], ["DatabaseConnections", 150, "GreaterThan"], ["FreeableMemory", 2e8, "LessThan"],
    ["ReadLatency", 20, "GreaterThan"], ["WriteLatency", 0.02, "GreaterThan"],
  ] as const) {
    new aws.cloudwatch.MetricAlarm(metricName, {
      namespace: "AWS/RDS", metricName, dimensions: { DBInstanceIdentifier: posts.identifier }, statistic: "Average",
      period: 300, evaluationPeriods: 2, threshold, comparisonOperator: comparison + "Threshold", alarmActions: [alerts.arn],
    });
  }
  new aws.ec2.Vpc("forum", { cidrBlock: "10.1.0.0/16" });
  new aws.cloudwatch.LogGroup("web", { retentionInDays: 365 });
  export const plan = { demand: { rooms: 1_000 } };`;

/** The published package, unpacked where nothing of this project is but its dependencies. */
function unpackedPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), "chatpop-policy-"));
  // Its own script makes the bundle; `npm test` would hand this project's refusal of scripts on to it.
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts=false", "--pack-destination", folder], {
    cwd: join(projectFolder, "policy"),
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [tarball] = readdirSync(folder);
  execFileSync("tar", ["xzf", tarball!, "--strip-components=1"], { cwd: folder });
  symlinkSync(join(projectFolder, "node_modules"), join(folder, "node_modules"));
  return folder;
}

describe("the published policy pack", function () {
  this.timeout(900_000);
  let pack = "";
  let program: OtherProgram;
  before(() => {
    pack = unpackedPackage();
    program = new OtherProgram(forum, "dev");
  });
  after(() => {
    program.remove();
    rmSync(pack, { recursive: true, force: true });
  });

  const refused = (found: readonly { policyName: string; enforcementLevel: string }[]) =>
    found
      .filter(({ enforcementLevel }) => enforcementLevel === "mandatory")
      .map(({ policyName }) => policyName)
      .sort();

  it("has everything in one file, and its sources stay behind", () => {
    expect(readdirSync(pack)).to.include.members([
      "bundle.js",
      "CHANGELOG.md",
      "compliance.json",
      "config",
      "examples",
      "LICENSE",
      "main.js",
      "PulumiPolicy.yaml",
      "README.md",
      "RULES.md",
    ]);
    // Its rules can be read without the project: every link leads within the page.
    expect(readFileSync(join(pack, "RULES.md"), "utf8")).to.not.match(/\]\((?!#|https:)/);
    expect(readdirSync(pack).filter((file) => file.endsWith(".ts"))).to.be.empty;
    expect(readFileSync(join(pack, "LICENSE"), "utf8")).to.equal(
      readFileSync(join(projectFolder, "LICENSE"), "utf8"),
    );
    for (const made of ["bundle.js", "LICENSE", "CHANGELOG.md", "RULES.md"]) {
      expect(existsSync(join(projectFolder, "policy", made)), made).to.equal(false);
    }
  });

  for (const name of ["shop", "live"]) {
    // The second one tells how the first is run once more.
    (name === "shop" ? it : itInAll)(
      `says of ${name} what stands beside it, by the command of the examples' page`,
      async () => {
        const examples = join(projectFolder, "policy", "examples");
        const home = mkdtempSync(join(tmpdir(), "chatpop-examples-"));
        const command = `make example NAME=${name}\n`;
        expect(blocksIn(readFileSync(join(examples, "README.md"), "utf8")).join()).to.contain(command);
        try {
          const printed = await shell(home)(command);
          const expected = JSON.parse(readFileSync(join(examples, name, "expected.json"), "utf8")) as object;
          // A first preview knows no text that is made of an address.
          const waiting = ["image-by-version", "stop-timeout"];
          for (const rule of Object.keys(expected).filter((each) => !waiting.includes(each)))
            expect(printed).to.match(new RegExp(`\\[mandatory\\] .* ${rule} `));
          expect(printed).to.contain(" not applicable");
        } finally {
          rmSync(home, { recursive: true, force: true, maxRetries: 5 });
        }
      },
    );
  }

  it("judges a program that it has never seen, by the rooms of its outputs", async () => {
    expect(refused(await program.violations(pack))).to.deep.equal([
      "alarm-database-free-storage",
      "alarm-database-read-latency",
      "database-not-public",
      "database-proxy-from-1000-rooms",
      "database-size-for-scale",
      "log-retention",
    ]);
  });

  it("takes the scale, a level and an accepted violation from its configuration, and shows the reason", async () => {
    const config = join(pack, "own.json");
    const reason = "the law asks for a year of these";
    writeFileSync(
      config,
      JSON.stringify({
        "alarm-database-free-storage": "advisory",
        "alarm-database-read-latency": { highest: 30 },
        "database-not-public": "advisory",
        chat: { rooms: 10 },
        "database-size-for-scale": "disabled",
        "log-retention": { suppress: [{ resource: "web", reason }] },
      }),
    );
    const found = await program.violations(pack, ["--policy-pack-config", config]);
    expect(refused(found)).to.be.empty;
    const retention = found.find(({ policyName }) => policyName === "log-retention");
    expect(retention).to.include({ enforcementLevel: "advisory" });
    expect(retention?.message).to.contain(`Accepted: ${reason}`);
  });

  it("refuses a configuration whose names do not exist, and tells of a suppression that matches nothing", async () => {
    const config = join(pack, "mistaken.json");
    const suppress = [{ resource: "api", reason: "it was renamed to web long ago" }];
    writeFileSync(
      config,
      JSON.stringify({
        "sticky-session": "disabled",
        "log-retention": { longst: 14 },
        "drain-time": { suppress },
      }),
    );
    const found = await program.violations(pack, ["--policy-pack-config", config]);
    const said = (policy: string) =>
      found
        .filter(({ policyName }) => policyName === policy)
        .map(({ enforcementLevel, message, resourceUrn }) => [
          `${enforcementLevel} ${resourceUrn.split("::").at(-1)}`,
          message.split(" Remedy")[0],
        ]);
    expect(said("configuration")).to.deep.equal([
      ["mandatory chatpop-dev", 'the pack has no rule "sticky-session". Did you mean "sticky-sessions"?'],
      [
        "mandatory chatpop-dev",
        '"log-retention" has no setting "longst", only shortest, longest, suppress. Did you mean "longest"?',
      ],
    ]);
    expect(said("unused-suppressions")).to.deep.equal([
      ["advisory chatpop-dev", 'the suppression of drain-time for "api" matched nothing.'],
    ]);
  });

  it("prints how every rule came out, once, unless that is disabled", async () => {
    const { stdout } = await program.pulumi(["preview", "--policy-pack", pack], { CHATPOP_RULES: "all" });
    const [, text] = stdout.split(`\n    ${rules.length} policy rules: `);
    const block = text!.split("\n\n")[0]!;
    for (const { name } of rules) {
      expect(
        block.split(/[\s,]+/).filter((word) => word === name),
        name,
      ).to.have.length(1);
    }
    expect(block).to.match(/^✗ 6 violated, /);
    expect(block).to.match(/Database +✗ database-not-public\n/);

    const config = join(pack, "quiet.json");
    writeFileSync(config, JSON.stringify({ results: "disabled" }));
    const quiet = await program.pulumi(["preview", "--policy-pack", pack, "--policy-pack-config", config]);
    expect(quiet.stdout).to.contain("database-not-public").and.to.not.contain("policy rules:");
  });

  it("leaves the engine's JSON readable by machines", async () => {
    const { stdout } = await program.pulumi(["preview", "--json", "--policy-pack", pack]);
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { message: string }[] };
    expect(diagnostics.filter(({ message }) => message.includes("policy rules: "))).to.have.length(1);
  });

  it("is refused by the engine with a suppression that gives no reason", async () => {
    const config = join(pack, "silent.json");
    writeFileSync(config, JSON.stringify({ "sticky-sessions": { suppress: [{ resource: "web" }] } }));
    const { code, stdout, stderr } = await program.pulumi([
      "preview",
      ...["--policy-pack", pack, "--policy-pack-config", config],
    ]);
    expect(code).to.not.equal(0);
    expect(stdout + stderr).to.match(/sticky-sessions: suppress\.0: reason is required/);
  });
});

describe("the policy pack's ready configurations", function () {
  this.timeout(900_000);
  const pack = join(projectFolder, "policy");
  const file = (scale: string) => join(pack, "config", `${scale}.json`);
  const program = `module.exports = require(${JSON.stringify(join(projectFolder, "index.ts"))});`;
  const optional = new Set([
    "deferred-to-update",
    ...rules.filter(({ about }) => about.level).map(({ name }) => name),
  ]);

  for (const scale of sample(scales, () => "a ready configuration")) {
    it(`refuse nothing of the untouched program: ${scale}`, async () => {
      const stack = new OtherProgram(program, scale);
      try {
        const found = await stack.violations(pack, ["--policy-pack-config", file(scale)]);
        expect(found.filter(({ policyName }) => !optional.has(policyName))).to.deep.equal([]);
        expect(found.filter(({ policyName }) => policyName === "deferred-to-update")).to.have.length(1);
      } finally {
        stack.remove();
      }
    });
  }

  itInAll("judge a small program by the large scale, whatever its own plan says", async () => {
    const stack = new OtherProgram(program, "small");
    try {
      const found = await stack.violations(pack, [
        ...["--policy-pack-config", file("large")],
        ...["-c", "chatpop:egress=nat-per-zone"],
      ]);
      expect(found.map(({ policyName }) => policyName)).to.include.members([
        "cache-size-for-connections",
        "database-proxy-from-1000-rooms",
        "read-replica-from-5000-rooms",
        "task-range-for-scale",
      ]);
    } finally {
      stack.remove();
    }
  });
});

describe("what only an update knows", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  const config = join(stack.home, "indexes.json");
  after(() => stack.remove());

  it("is judged once it is known: nothing is deferred any more, and a missing index is refused (G-42, G-87)", async () => {
    expect(await stack.upAsCommitted()).to.not.contain("[mandatory]");
    const clean = await stack.succeeds("preview", "--policy-pack", "policy");
    expect(clean).to.contain("https-offered").and.to.not.contain("deferred-to-update");

    // The update's results are judged together with the next update's inputs: backups that are kept for a day.
    writeFileSync(config, JSON.stringify({ "index-catalogue-complete": { indexes: ["idx_of_our_own"] } }));
    await stack.set("databaseBackupDays", "1");
    const printed = await stack.fails(
      "preview",
      ...["--policy-pack", "policy", "--policy-pack-config", config],
    );
    expect(printed)
      .to.match(/index-catalogue-complete/)
      .and.to.match(/did not build idx_of_our_own/);
    expect(printed).to.contain("database-backups").and.to.contain("backups are kept for 1 day, less than 7");
  });
});
