import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "chai";
import { types as judged } from "../../aws/types";
import { everythingOn } from "../recording/everythingOn";
import { functionResults } from "../recording/computedOutputs";
import type { Registration } from "../recording/monitor";
import { label, record, type Recording } from "../recording/recording";
import { types } from "../recording/types";
import { constants, links, words } from "./constants";

const root = join(__dirname, "..", "..");
const custom = ({ registrations }: Recording) => registrations.filter((each) => each.custom);

/** Both ends: everything that can be turned on, and as little as there can be. */
const recordings = async (): Promise<readonly Recording[]> => [
  await record("large", "update", everythingOn),
  await record("small", "update", { availability: "high", disposable: "true" }),
];

/** The text of every test by its file, but for the table, which names a type and an argument together. */
const tests = new Map(
  readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" })
    .map((file) => join(root, "tests", file))
    .filter((file) => /\.ts$/.test(file) && !/tests\/recording\/|components\/constants\.ts$/.test(file))
    .map((file) => [relative(root, file), readFileSync(file, "utf8")] as const),
);

/** How tests name a type: by its key in a list of types, by its token, or by its class. */
function named(type: string): RegExp {
  const keys = [types, judged].flatMap((list) =>
    Object.entries(list).flatMap(([key, token]) => (token === type ? [`(types|tokens)\\.${key}\\b`] : [])),
  );
  const [, module, name] = /^\w+:(\w+)\/\w+:(\w+)$/.exec(type) ?? [];
  return new RegExp([...keys, type, `${module}\\.${name}\\(`, `\\["${name}"`].join("|"));
}

/** Arguments that no test of their type names: `aws:rds/instance:Instance copyTagsToSnapshot`. */
function unnamed(used: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const proved = new Set([...constants, ...links].map(([type, argument]) => `${type} ${argument}`));
  return [...used].flatMap(([type, names]) => {
    const about = [...tests.values()].filter((text) => named(type).test(text));
    return [...names]
      .filter((name) => !words.includes(name) && !proved.has(`${type} ${name}`))
      .filter((name) => !about.some((text) => new RegExp(`\\b${name}\\b`).test(text)))
      .map((name) => `${type} ${name}`);
  });
}

describe("arguments of the program's resources", () => {
  const used = new Map<string, Set<string>>();
  let resources: readonly Registration[];
  before(async () => {
    const all = await recordings();
    resources = all.flatMap(custom);
    for (const { type, inputs } of resources) {
      used.set(type, new Set([...(used.get(type) ?? []), ...Object.keys(inputs)]));
    }
    for (const { token, inputs } of all.flatMap(({ run }) => run.questions)) {
      used.set(token, new Set([...(used.get(token) ?? []), ...Object.keys(inputs)]));
    }
  });

  it("are each named by a test of their type", () => {
    expect(
      unnamed(used),
      "prove what AWS does with it, or list it in tests/components/constants.ts",
    ).to.deep.equal([]);
  });

  it("are missed when no test names them", () => {
    // In two parts, because this file is a test as well.
    const argument = ["customIam", "InstanceProfile"].join("");
    const planted = new Map([[types.database as string, new Set([argument, "instanceClass"])]]);
    expect(unnamed(planted)).to.deep.equal([`${types.database} ${argument}`]);
  });

  const having = (type: string, argument: string) =>
    resources.filter((each) => each.type === type && argument in each.inputs);

  for (const [type, argument, value, why] of constants) {
    it(`${type} ${argument} is ${JSON.stringify(value)}: ${why}`, () => {
      const given = having(type, argument);
      expect(given).not.to.be.empty;
      for (const each of given) expect(each.inputs[argument], label(each)).to.deep.equal(value);
    });
  }

  for (const [type, argument, to] of links) {
    it(`${type} ${argument} names ${to} of the stack`, () => {
      const given = having(type, argument);
      expect(given).not.to.be.empty;
      for (const each of given) {
        const sources = resources.filter(({ urn }) => each.propertyDependencies[argument]?.includes(urn));
        expect(new Set(sources.map((source) => source.type)), label(each)).to.deep.equal(new Set([to]));
      }
    });
  }

  it("that people read say something, in what AWS accepts", () => {
    for (const argument of words) {
      for (const each of resources.filter(({ inputs }) => argument in inputs)) {
        const value = each.inputs[argument];
        const texts = typeof value === "string" ? [value] : Object.values(value as Record<string, string>);
        expect(texts, label(each)).not.to.be.empty;
        // The strictest of AWS: descriptions of security groups.
        for (const text of texts)
          expect(text, label(each)).to.match(/^[A-Za-z][\w .:/()#,@[\]+=&;{}!$*'-]{2,511}$/);
      }
    }
  });

  it("let a major version of PostgreSQL take minor upgrades, and a minor one stay", async () => {
    for (const [databaseVersion, upgrades] of [
      ["15", true],
      ["15.8", false],
    ] as const) {
      const recording = await record("small", "update", { databaseVersion });
      const { inputs } = recording.one(types.database, "chatpop-db");
      expect(inputs, databaseVersion).to.include({
        autoMinorVersionUpgrade: upgrades,
        allowMajorVersionUpgrade: true,
      });
    }
  });

  it("name the function that the code of each Lambda function exports", async () => {
    const functions = (await record("small", "update")).ofType(types.lambdaFunction);
    expect(functions).to.have.length(2);
    for (const { inputs } of functions) {
      const { assets } = inputs["code"] as { assets: Record<string, { text: string }> };
      const [file, name] = String(inputs["handler"]).split(".");
      const code = assets[`${file}.js`]!.text;
      const exported = { exports: {} as Record<string, unknown> };
      new Function("module", "exports", "require", code)(exported, exported.exports, require);
      expect(exported.exports[name!]).to.be.a("function");
    }
  });

  it("ask AWS for zones in each of which every resource can lie", async () => {
    const { questions } = (await record("small", "update")).run;
    const token = "aws:index/getAvailabilityZones:getAvailabilityZones";
    const { inputs } = questions.find((question) => question.token === token)!;
    const zones = (question: object) => functionResults[token]!(question)["names"] as readonly string[];
    expect(zones(inputs)).to.deep.equal(["us-east-1a", "us-east-1b", "us-east-1c"]);
    for (const [argument, lacking] of [
      ["state", "a zone that works"],
      ["filters", "RDS, in a zone of one city"],
      ["excludeZoneIds", "RDS Proxy, in the oldest zone"],
    ] as const) {
      expect(zones({ ...inputs, [argument]: undefined }), lacking).to.have.length(4);
    }
  });

  it("ask Route 53 for the public zone of the domain (G-51)", async () => {
    const { questions } = (await record("small", "update", { domain: "chat.example.com" })).run;
    const asked = questions.filter(({ token }) => token === "aws:route53/getZone:getZone");
    expect(asked.map(({ inputs }) => inputs)).to.deep.equal([{ name: "example.com", privateZone: false }]);
  });
});
