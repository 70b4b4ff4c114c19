import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";
import { results } from "../../policy/closing";
import { concerns, rules } from "../../policy/pack";
import { asSarif, type RuleResult, resultsFolder } from "../../policy/resultFiles";
import { types } from "../recording/types";
import { analyze, type Diagnostic } from "./analysis";
import { configure } from "./configure";
import { add, all } from "./mutations";

const reason = 'the law asks for <all> of "these"';
const program = all(
  add("pulumi:pulumi:Stack", "shop-dev"),
  add(types.logGroup, "web", {}),
  add(types.logGroup, "audit", {}),
  add(types.bucket, "exports", {}),
)([]);

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      }[];
      readonly suppressions?: readonly { readonly justification: string }[];
    }[];
  }[];
}

describe("the results as data", () => {
  let folder = "";
  let said: readonly Diagnostic[] = [];
  const text = (file: string) => readFileSync(join(folder, file), "utf8");
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "chatpop-results-"));
    configure({});
    process.env[resultsFolder] = join(folder, "of", "dev");
    said = await analyze(program);
    folder = process.env[resultsFolder];
  });
  after(() => {
    delete process.env[resultsFolder];
    configure({});
    rmSync(join(folder, "..", ".."), { recursive: true, force: true });
  });

  it("are JSON with every rule, its outcome, what it judged and what it found", () => {
    const {
      pack,
      stack,
      rules: told,
    } = JSON.parse(text("results.json")) as {
      pack: { name: string };
      stack: string;
      rules: readonly RuleResult[];
    };
    expect(pack.name).to.equal("chatpop-policy");
    expect(stack).to.equal("shop-dev");
    expect(told.map(({ rule }) => rule)).to.deep.equal(rules.map(({ name }) => name));
    const retention = told.find(({ rule }) => rule === "log-retention")!;
    expect(retention.outcome).to.equal("violated");
    expect(retention.group).to.equal("aws");
    expect(retention.judged.map((urn) => urn.split("::").at(-1))).to.have.members(["web", "audit"]);
    expect(retention.findings.map(({ resource }) => resource)).to.have.members(["web", "audit"]);
    expect(told.find(({ rule }) => rule === "sticky-sessions")?.outcome).to.equal("notApplicable");
    // A rule that does not apply says what it has not found.
    const missing = (name: string) => told.find(({ rule }) => rule === name)!.missing.join("\n");
    expect(missing("log-retention")).to.equal("");
    expect(missing("proxy-tls")).to.equal("no aws.rds.Proxy");
    expect(missing("two-zones")).to.contain("no aws.lb.LoadBalancer");
    expect(missing("sticky-sessions")).to.match(/^no sign of a chat .*groups: \{ "chatpop": true \}/);
    const mute = told.filter((each) => each.outcome === "notApplicable" && each.missing.length === 0);
    expect(mute.map(({ rule }) => rule)).to.deep.equal([]);
  });

  it("are a JUnit report: a case for each rule, a failure for each that is violated", () => {
    const report = text("junit.xml");
    expect(report.match(/<testcase /g)).to.have.length(rules.length);
    const violated = new Set(said.filter(({ level }) => level === "mandatory").map(({ policy }) => policy));
    expect(report.match(/<failure /g)).to.have.length(violated.size);
    expect(report).to.match(/name="buckets-tls-only"><failure message="exports: answers plain HTTP/);
    // What is advice only, by a mandatory rule, is no failure.
    expect(report).to.match(
      /name="buckets-private"><system-out>exports: nothing but S3's default keeps it from being opened/,
    );
    expect(report).to.contain(
      `name="proxy-tls"><skipped message="finds nothing to judge: no aws.rds.Proxy"/>`,
    );
    // Jenkins and GitLab want all four counts of every suite.
    const suites = report.match(/<testsuite [^>]*>/g)!;
    for (const suite of suites)
      expect(suite).to.match(
        /^<testsuite name="[^"]+" tests="\d+" failures="\d+" errors="0" skipped="\d+">$/,
      );
    // Every tag that is opened is closed.
    expect(report.match(/<testsuite /g)?.length).to.equal(report.match(/<\/testsuite>/g)?.length);
    expect(report).to.not.match(/&(?!amp;|lt;|gt;|quot;)/);
  });

  it("are SARIF for code scanning, with what is accepted marked as such", () => {
    const { rules: told } = JSON.parse(text("results.json")) as { rules: readonly RuleResult[] };
    const accepting = told.map((each) =>
      each.rule === "buckets-tls-only"
        ? { ...each, findings: each.findings.map((found) => ({ ...found, accepted: { reason } })) }
        : each,
    );
    const { version, runs } = JSON.parse(asSarif(accepting, "shop-dev")) as Sarif;
    expect(text("results.sarif")).to.equal(asSarif(told, "shop-dev"));
    expect(version).to.equal("2.1.0");
    const { tool, results: found } = runs[0]!;
    expect(found.length).to.be.greaterThan(0);
    for (const { ruleId, ruleIndex, locations } of found) {
      expect(tool.driver.rules[ruleIndex]?.id).to.equal(ruleId);
      expect(locations[0]?.physicalLocation.artifactLocation.uri).to.equal("Pulumi.yaml");
    }
    const accepted = found.filter(({ suppressions }) => suppressions);
    expect(
      accepted.map(({ ruleId, suppressions }) => [ruleId, suppressions![0]!.justification]),
    ).to.deep.equal([["buckets-tls-only", reason]]);
  });

  it("are told to be nowhere when their folder is no absolute path, and nothing else fails", async () => {
    process.env[resultsFolder] = "results";
    const found = await analyze(program, undefined, [results(concerns)]);
    process.env[resultsFolder] = folder;
    expect(found.map(({ level, message }) => [level, message])).to.have.length(1);
    expect(found[0]!.message).to.match(
      /^POLICY_RESULTS is results, .* Remedy: POLICY_RESULTS="\$PWD\/results"\.$/,
    );
  });

  it("are written where `make preview RESULTS=` says, also by a name within the project", () => {
    const command = execFileSync("make", ["-n", "preview", "STACK=small", "RESULTS=results"], {
      cwd: projectFolder,
      encoding: "utf8",
    });
    expect(command).to.contain(`${resultsFolder}="${join(projectFolder, "results")}"`);
  });
});
