import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { answered, byHand, questions, questionsAt } from "../../acceptance/questions";

const root = join(__dirname, "..", "..");
const text = (file: string) => readFileSync(join(root, file), "utf8");
const functions = text("acceptance/questions/functions.sh");
const all = Object.entries(questions);
const asked = all.filter(([, { at }]) => at.length > 0);

describe("the questions to an account", () => {
  for (const [name, { page, words }] of all) {
    it(`${name}: ${page} still has the statement that it settles`, () => {
      expect(text(page)).to.contain(words);
    });
  }

  it("leave nothing out that docs/guide-gaps.md calls not settled", () => {
    const [, list = ""] = /^## 5\. Not settled\n\n(.*)$/m.exec(text("docs/guide-gaps.md")) ?? [];
    const open = list
      .replace(/\.$/, "")
      .split(" · ")
      // Both pages name it; aws.md says what is assumed.
      .filter((item) => item !== "replica parameter group at creation");
    expect(open).to.have.length.at.least(8);
    const settled = all.map(([, { words }]) => words);
    for (const item of open) expect(settled, item).to.include(item);
    expect(questions).to.have.property("parameter-group-of-a-replica");
  });

  it("have commands that a shell can read", () => {
    for (const [name, { sh }] of asked) {
      expect(() => execFileSync("bash", ["-n"], { input: `${functions}\n${sh}` }), name).not.to.throw();
    }
  });

  it("use only variables that the run gives, or that they set themselves", () => {
    const [, given = ""] = /# What the questions share\. Variables: (.*?)\.\n/s.exec(functions) ?? [];
    const known = new Set(given.match(/[a-z]+/g));
    for (const [name, { sh }] of asked) {
      const own = [...sh.matchAll(/(?:^|\s)(\w+)=|for (\w+) in/g)].flatMap(([, one, two]) => one ?? two);
      for (const [, variable] of sh.matchAll(/\$\{?([a-z]\w*)/g))
        expect([...known, ...own, "owned"], `${name}: ${variable}`).to.include(variable);
    }
  });

  it("are asked at some stage, or say how a person asks them", () => {
    const stages = (["small", "medium", "end"] as const).map(questionsAt);
    for (const stage of stages) expect(stage).not.to.be.empty;
    expect(
      new Set([...stages.flat().map(([name]) => name), ...byHand().map((each) => each.question)]),
    ).to.deep.equal(new Set(Object.keys(questions)));
  });

  it("tag what they make, so that nothing of it can be left unseen", () => {
    for (const [name, { sh }] of asked) {
      if (/create-(?!reserved)/.test(sh)) expect(sh, name).to.contain("$owned");
    }
  });

  /** Answers as AWS may give them: as assumed, and otherwise. */
  const answers: Readonly<Record<string, readonly [as: string, otherwise: string]>> = {
    "active-connections": ["300 sockets: 12.0\t598.0\t602.0", "300 sockets: 10.0\t300.0\t301.0"],
    "certificates-in-lambda": [
      "rds-ca-rsa2048-g1\nvalid valid",
      "rds-ca-rsa2048-g1\nvalid failed: certificate",
    ],
    "proxy-pins": ["0.0\t0.0", "0.0\t3.0"],
    "proxy-and-storage-optimization": [
      "available\nmodifying: target AVAILABLE\nstorage-optimization: target AVAILABLE\nAn error occurred (InvalidDBInstanceState)",
      "available\nstorage-optimization: target UNAVAILABLE\n{}",
    ],
    "parameter-group-of-a-replica": [
      "An error occurred (InvalidParameterCombination) when calling CreateDBInstanceReadReplica",
      "creating",
    ],
    "private-acl": [
      "new bucket: An error occurred (AccessControlListNotSupported) when calling PutObject\nthe chat's: 200",
      'new bucket: "ETag": "d41d8"\nthe chat\'s: 200',
    ],
  };

  for (const [name, question] of all.filter(([, { assumed }]) => assumed)) {
    it(`${name}: tells an answer that is as assumed from another one`, () => {
      const [as = "", otherwise = ""] = answers[name] ?? [];
      expect(answered([name, question], "small", as).asAssumed, as).to.equal(true);
      expect(answered([name, question], "small", otherwise).asAssumed, otherwise).to.equal(false);
    });
  }
});
