import { expect } from "chai";

import { readCommandLine } from "../../launcher/commandLine";
import { UsageError } from "../../launcher/projectCopy";

const read = (line: string) => readCommandLine(line.split(" "), "/here", "offline/pulumi");

describe("offline command line", () => {
  for (const [line, stack] of [
    ["up", undefined],
    ["up --yes --stack large", "large"],
    ["up --stack=large --yes", "large"],
    ["config set a b -s medium", "medium"],
    ["destroy -slarge", "large"],
    ["up -s=large", "large"],
    ["up -ys large", "large"],
    ["up -yslarge", "large"],
    ["stack output plan -smedium", "medium"],
    ["up --suppress-outputs", undefined],
    ["stack rm large", "large"],
    ["stack init medium", "medium"],
    ["stack init --copy-config-from small medium", "medium"],
    ["stack init medium --copy-config-from=small", "medium"],
    ["stack rm --yes", undefined],
  ] as const) {
    it(`works on ${stack}: ${line}`, () => expect(read(line).stack).to.equal(stack));
  }

  for (const [line, needsStack] of [
    ["up", true],
    ["stack", true],
    ["stack export", true],
    ["config set a b", true],
    ["stack init large", false],
    ["stack rm large", false],
    ["stack ls", false],
    ["version", false],
    ["up --help", false],
  ] as const) {
    it(`${needsStack ? "creates" : "does not create"} a missing stack: ${line}`, () =>
      expect(read(line).needsStack).to.equal(needsStack));
  }

  for (const [line, passed] of [
    ["up --policy-pack policy", "up --policy-pack /here/policy"],
    ["up --policy-pack=policy --stack=small", "up --policy-pack=/here/policy --stack=small"],
    ["stack export --file out.json", "stack export --file /here/out.json"],
    ["stack import --file /there/in.json", "stack import --file /there/in.json"],
    ["import -f in.json", "import -f /here/in.json"],
    ["up -f --yes", "up -f --yes"],
    ["config set chatpop:image ./a=b", "config set chatpop:image ./a=b"],
  ] as const) {
    it(`reads paths where the user is: ${line}`, () => expect(read(line).args.join(" ")).to.equal(passed));
  }

  it("runs where --cwd says, and reads paths there", () => {
    for (const line of [
      "up --cwd there --file x",
      "up -C there --file x",
      "--cwd=there up --file x",
      "-C=there up --file x",
    ]) {
      const { cwd, args, command } = read(line);
      expect([cwd, command, args.join(" ")]).to.deep.equal(["/here/there", "up", "up --file /here/there/x"]);
    }
    expect(read("up").cwd).to.equal(undefined);
    expect(() => read("up --cwd")).to.throw(UsageError, "write --cwd <folder>");
  });

  it("knows which stack a new one is made after", () => {
    const { copied, makesStack } = read("stack init staging --copy-config-from small");
    expect({ copied, makesStack }).to.deep.equal({ copied: "small", makesStack: true });
    expect(read("up").makesStack).to.equal(false);
  });

  it("wants the command first, where it cannot be mistaken for an option's value", () => {
    expect(() => read("--color never up")).to.throw(UsageError, "Write the command first");
  });
});
