import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { groupCounts } from "../../policy/documentation";
import { groupOf, groups, listedRules } from "../../policy/groups";
import { rules } from "../../policy/pack";
import { record } from "../recording/recording";
import { analyze } from "./analysis";
import { configure } from "./configure";
import { foreignCases } from "./foreignCases";
import { add, all } from "./mutations";

describe("a program of somebody else", () => {
  afterEach(() => configure({}));

  for (const { what, resources, fires, config = {} } of foreignCases) {
    it(`is judged by what is true of it: ${what}`, async () => {
      configure(config);
      const program = all(...resources.map((each) => add(...each)))([]);
      const mandatory = (await analyze(program)).filter(({ level }) => level === "mandatory");
      const said = mandatory.map(({ policy, message }) => `${policy}: ${message}`).join("\n");
      expect([...new Set(mandatory.map(({ policy }) => policy))].sort(), said).to.deep.equal(
        [...fires].sort(),
      );
      // Its owner has neither the guide nor this project's settings.
      for (const { message } of mandatory) {
        expect(message).to.not.match(/\b(G|GAP)-\d|chatpop:/);
        expect(message).to.match(/\. Remedy: \S/);
      }
    });
  }
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

  it("judges this project's own program, all of them", async () => {
    const broken = add("aws:cloudwatch/logGroup:LogGroup", "more", { retentionInDays: 400 });
    const found = await analyze(broken((await record("small", "update")).registrations));
    const retention = found.find(({ policy }) => policy === "log-retention");
    expect(retention?.message).to.match(/\(G-178, .*Remedy: retentionInDays 7, 14 or 30$/);
  });
});
