import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { groupCounts } from "../../policy/documentation";
import { groupOf, groups, listedRules } from "../../policy/groups";
import { concerns, rules } from "../../policy/pack";
import { ruleResults } from "../../policy/resultFiles";
import { outcomeOf } from "../../policy/results";
import { types } from "../../aws/types";
import { record } from "../recording/recording";
import { analyze } from "./analysis";
import { configure } from "./configure";
import { foreignCases } from "./foreignCases";
import { add, all, type Mutation } from "./mutations";

describe("a program of somebody else", () => {
  afterEach(() => configure({}));

  for (const { what, resources, fires, config = {} } of foreignCases) {
    it(`is judged by what is true of it: ${what}`, async () => {
      configure(config);
      const program = all(...resources.map((each) => add(...each)))([]);
      const found = await analyze(program);
      const mandatory = found.filter(({ level }) => level === "mandatory");
      const said = mandatory.map(({ policy, message }) => `${policy}: ${message}`).join("\n");
      expect([...new Set(mandatory.map(({ policy }) => policy))].sort(), said).to.deep.equal(
        [...fires].sort(),
      );
      // Its owner has neither the guide nor this project's settings.
      for (const { policy, message } of found) {
        expect(message).to.not.match(/\b(G|GAP)-\d|chatpop:/);
        if (policy !== "deferred-to-update") expect(message).to.match(/\. Remedy: \S/);
      }
      // No rule holds that has judged nothing, and each that does not apply says what it has not found.
      const results = ruleResults(concerns, () => "mandatory");
      const idle = results.filter(({ outcome, judged }) => outcome === "holds" && judged.length === 0);
      expect(idle.map(({ rule }) => rule)).to.deep.equal([]);
      const reasons = results
        .filter(({ outcome }) => outcome === "notApplicable")
        .map(({ rule, missing }) => [rule, missing.join(", ")] as const);
      expect(
        reasons.filter(([, reason]) => !/^(no|nothing|the number|[\d,]+ rooms) /.test(reason)),
      ).to.deep.equal([]);
      expect(reasons.filter(([, reason]) => /\b(G|GAP)-\d|pulumi:/.test(reason))).to.deep.equal([]);
    });
  }
});

describe("a rule about a part of a resource", () => {
  const task = (container: object) =>
    add(types.taskDefinition, "web", {
      containerDefinitions: JSON.stringify([{ name: "web", ...container }]),
    });
  const outcomes = async (program: Mutation, names: readonly string[]) => {
    await analyze(program([]));
    const results = ruleResults(concerns, () => "mandatory");
    return names.map((name) => results.find(({ rule }) => rule === name)!);
  };
  const ofVariables = ["connections-encrypted", "debug-off", "hosts-named"];

  it("does not claim to hold where the resource is without it, and says what it is", async () => {
    for (const result of await outcomes(task({ image: "nginx:1.29" }), ofVariables)) {
      expect(result.outcome, result.rule).to.equal("notApplicable");
      expect(result.missing.join()).to.match(/^nothing to judge in web: no variable like [A-Z]/);
    }
  });

  it("holds where the resource has it", async () => {
    const variables = { POSTGRES_SSLMODE: "require", DEBUG: "False", ALLOWED_HOSTS: "shop.example.com" };
    const environment = Object.entries(variables).map(([name, value]) => ({ name, value }));
    for (const { rule, outcome } of await outcomes(task({ environment }), ofVariables))
      expect(outcome, rule).to.equal("holds");
  });
});

describe("a way into the data tier from a network of the program's own", () => {
  it("is advised against, and no rule holds that nothing but tasks comes in", async () => {
    const group = types.securityGroup;
    const program = all(
      add(group, "data"),
      add(
        types.database,
        "shop",
        { engine: "mysql", vpcSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"] },
        { vpcSecurityGroupIds: [`${group} data`] },
      ),
      add(
        types.ingressRule,
        "vpc",
        { ipProtocol: "tcp", fromPort: 3306, toPort: 3306, cidrIpv4: "10.0.0.0/16" },
        { securityGroupId: [`${group} data`] },
      ),
    )([]);
    const said = (await analyze(program)).filter(({ policy }) => policy === "data-from-tasks-only");
    expect(said.map(({ level }) => level)).to.deep.equal(["advisory"]);
    expect(said[0]!.message).to.match(/^vpc: lets 10\.0\.0\.0\/16 into the data tier/);
    expect(outcomeOf("data-from-tasks-only", "mandatory")).to.equal("advised");
  });
});

describe("a group of rules", () => {
  it("has rules that exist, each in one group", () => {
    const names = rules.map(({ name }) => name);
    expect(listedRules.filter((name) => !names.includes(name))).to.deep.equal([]);
    for (const group of groups)
      expect(
        names.some((name) => groupOf(name) === group),
        group,
      ).to.equal(true);
  });

  it("has as many rules as the pack's README says", () => {
    const page = readFileSync(join(__dirname, "..", "..", "policy", "README.md"), "utf8");
    for (const [group, count] of Object.entries(groupCounts())) {
      expect(page).to.match(new RegExp(`^\\| \`${group}\` +\\| ${count} +\\|`, "m"));
    }
  });

  it("judges single resources before the whole, where the program is known to be this project's own", async () => {
    const late = add("aws:ecr/lifecyclePolicy:LifecyclePolicy", "images", {
      policy: JSON.stringify({
        rules: [{ selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5 } }],
      }),
    });
    const rule = rules.filter(({ name }) => name === "images-stay-for-rollback");
    const said = async (own: boolean) => {
      const before = own ? [add("chatpop:aws:Image", "image")] : [];
      return (await analyze(all(...before, late)([]), undefined, rule)).map(({ message }) => message);
    };
    expect(await said(false)).to.deep.equal([]);
    const [finding, ...others] = await said(true);
    expect(others).to.deep.equal([]);
    expect(finding).to.match(
      /keeps 5 images only: a rollback over more releases finds none \(G-40, GAP-24\)/,
    );
  });

  it("names neither the guide nor settings in a program that takes single components, and turns the chat's group off", async () => {
    configure({ groups: { chatpop: false } });
    const program = all(
      add("chatpop:data:Database", "shop"),
      add(types.database, "shop", { engine: "postgres", engineVersion: "16" }),
    )([]);
    const said = (await analyze(program)).filter(({ policy }) => policy === "database-backups");
    configure({});
    expect(said.map(({ message }) => message)).to.deep.equal([
      "shop: backups are kept for 0 days, less than 7. Remedy: backupRetentionPeriod 7 or more",
    ]);
  });

  it("judges this project's own program, all of them", async () => {
    const broken = add("aws:cloudwatch/logGroup:LogGroup", "more", { retentionInDays: 400 });
    const found = await analyze(broken((await record("small", "update")).registrations));
    const retention = found.find(({ policy }) => policy === "log-retention");
    expect(retention?.message).to.match(/\(G-178, .*Remedy: retentionInDays 7, 14 or 30$/);
  });
});
