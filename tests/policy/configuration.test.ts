import type { ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { expect } from "chai";
import { rules } from "../../policy/pack";
import { databaseBackups } from "../../policy/rules/database";
import { databaseSizeForScale } from "../../policy/rules/sizes";
import { imagesExpire } from "../../policy/rules/thrift";
import { types } from "../../policy/types";

interface Report {
  readonly message: string;
  readonly urn?: string;
  readonly enforcementLevel?: string;
}

const resource = (type: string, name: string, props: object = {}) => ({
  type,
  name,
  urn: `urn:pulumi:test::other::${type}::${name}`,
  props,
  propertyDependencies: {},
  dependencies: [],
});

/** What a rule says of a repository that keeps its images for ever. */
async function ofRepository(config: object): Promise<readonly Report[]> {
  const reports: Report[] = [];
  const args = { resources: [resource(types.repository, "images")], getConfig: () => config };
  await imagesExpire.validateStack(
    args as unknown as StackValidationArgs,
    ((report: Report) => reports.push(report)) as never,
  );
  return reports;
}

/** What the rule about backups says of a database with so many days. */
async function ofBackups(days: number, config: object): Promise<readonly string[]> {
  const reports: string[] = [];
  const args = {
    ...resource(types.database, "main", { backupRetentionPeriod: days }),
    getConfig: () => config,
  };
  const validate = databaseBackups.validateResource as (args: unknown, report: unknown) => void;
  validate(args as unknown as ResourceValidationArgs, (report: Report) => reports.push(report.message));
  return reports;
}

describe("the pack's configuration", () => {
  const reason = "a scratch repository, emptied every night";

  for (const [what, suppression] of [
    ["by name", { resource: "images", reason }],
    ["by URN", { resource: resource(types.repository, "images").urn, reason }],
    ["in the whole stack", { reason }],
  ] as const) {
    it(`accepts a violation ${what}: it is shown with its reason, and stops nothing`, async () => {
      const [report, ...others] = await ofRepository({ suppress: [suppression] });
      expect(others).to.be.empty;
      expect(report?.enforcementLevel).to.equal("advisory");
      expect(report?.message).to.equal(`images: keeps every image for ever (G-40). Accepted: ${reason}`);
    });
  }

  it("accepts nothing of another resource", async () => {
    const [report] = await ofRepository({ suppress: [{ resource: "other", reason }] });
    expect(report).to.not.have.property("enforcementLevel");
    expect(report?.message).to.match(/^images: keeps every image for ever \(G-40\)\. Remedy: /);
  });

  it("changes thresholds, which hold their default otherwise", async () => {
    expect(await ofBackups(6, {})).to.have.length(1);
    expect(await ofBackups(6, { days: 3 })).to.be.empty;
    expect(await ofBackups(7, { days: 14 })).to.have.length(1);
  });

  it("takes a suppression with every rule, and none without a reason of some length", () => {
    for (const { name, configSchema } of rules) {
      const items = configSchema?.properties["suppress"]?.items as {
        required: string[];
        properties: { reason: { minLength: number } };
      };
      expect(items.required, name).to.include("reason");
      expect(items.properties.reason.minLength, name).to.be.at.least(10);
    }
  });
});

describe("a program that is not this one", () => {
  it("is judged by the rooms that its stack's outputs tell", async () => {
    const judged = async (rooms: number) => {
      const reports: Report[] = [];
      const resources = [
        resource("pulumi:pulumi:Stack", "forum", { plan: { demand: { rooms } } }),
        resource(types.database, "posts", { instanceClass: "db.t4g.medium", allocatedStorage: 500 }),
      ];
      const args = { resources, getConfig: () => ({}) };
      await databaseSizeForScale.validateStack(
        args as unknown as StackValidationArgs,
        ((report: Report) => reports.push(report)) as never,
      );
      return reports.map(({ message }) => message);
    };
    expect(await judged(4_999)).to.be.empty;
    expect(await judged(5_000)).to.have.length(1);
    expect((await judged(5_000))[0]).to.match(/^posts: db\.t4g\.medium is smaller than db\.m5\.large/);
  });
});
