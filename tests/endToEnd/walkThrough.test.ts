import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";
import { rules } from "../../policy/pack";
import { itInAll } from "../exhaustive";
import { accountResources } from "./account";
import { sections, shell } from "./documentBlocks";
import { OfflineStack } from "./offlineStack";

const page = "from-zero-to-production.md";
const names = new Set(rules.map(({ name }) => name));

/** The rules that a text names as its proof. */
function rulesIn(text: string): readonly string[] {
  return [...text.matchAll(/\brules? (`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*(?: and `[a-z0-9-]+`)*)/g)]
    .flatMap(([, list]) => [...list!.matchAll(/`([^`]+)`/g)])
    .map(([, name]) => name!);
}

/** Rules by the sign that a preview or an update gives them in its last result. */
function results(printed: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let sign = "";
  for (const line of printed.split("\n")) {
    sign = / ([✓~!✗–]) [a-z]/.exec(line)?.[1] ?? sign;
    for (const [name] of line.matchAll(/\b[a-z0-9]+(?:-[a-z0-9]+)*\b/g)) {
      if (names.has(name)) found.set(name, sign);
    }
  }
  return found;
}

describe("the way from zero to production, as it is written", function () {
  this.timeout(900_000);
  const stack = new OfflineStack("small");
  after(() => stack.remove());
  const run = shell(stack.home);
  const kinds = () => new Set(accountResources(stack.home).map(({ type }) => type));

  /** Conditions after the blocks of a section, beside the rules that the section names. */
  const afterwards: Readonly<Record<string, () => void>> = {
    "Phase 2: the registry": () =>
      expect([...kinds()]).to.have.members([
        "aws:ecr/repository:Repository",
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
      ]),
    "Phases 3 to 5: infrastructure, service, autoscaling": () =>
      expect([...kinds()]).to.include.members([
        "aws:ecs/service:Service",
        "aws:appautoscaling/policy:Policy",
      ]),
    "Next steps": () => expect(accountResources(stack.home)).to.be.empty,
  };

  for (const { title, text, blocks } of sections(page)) {
    itInAll(`${title}: runs, and breaks none of the rules that it names`, async () => {
      const printed: string[] = [];
      for (const block of blocks) printed.push(await run(block));
      const signs = results(printed.join("\n"));
      if (signs.size > 0) {
        const broken = rulesIn(text).filter((name) => !["✓", "!", "~"].includes(signs.get(name)!));
        expect(broken.map((name) => `${name} ${signs.get(name)}`)).to.deep.equal([]);
      }
      afterwards[title]?.();
    });
  }

  it("names no rule that there is not", () => {
    const named = rulesIn(readFileSync(join(projectFolder, "docs", page), "utf8"));
    expect(named).to.not.be.empty;
    expect(named.filter((name) => !names.has(name))).to.deep.equal([]);
  });

  it("looks after every section that it knows of", () => {
    expect(sections(page).map(({ title }) => title)).to.include.members(Object.keys(afterwards));
  });
});
