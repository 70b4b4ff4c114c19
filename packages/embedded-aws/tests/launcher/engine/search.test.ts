import { expect } from "chai";

import { ways } from "../../../launcher/engine";
import { EngineNotFound, findEngine, type Answer, type Way } from "../../../launcher/engine/search";

describe("search for the engine", () => {
  const attempted: string[] = [];
  beforeEach(() => attempted.splice(0));

  const way = (name: string, answer: Answer | Error, remedy?: string): Way => ({
    name,
    remedy,
    attempt: async () => {
      attempted.push(name);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const engine = (executable: string) => ({ executable, version: "3.246.0" });

  it("tries PATH, the project's folder, the download and the build, in this order", () => {
    const names = ways(() => {}).map(({ name }) => name);
    expect(names).to.deep.equal([
      "`pulumi` on the PATH",
      "the project's own in .engine/bin",
      "downloading it",
      "building it from tools/pulumi",
    ]);
  });

  for (const winner of [0, 1, 2, 3]) {
    it(`takes way ${winner + 1} when those before it fail, and leaves the rest alone`, async () => {
      const list = [0, 1, 2, 3].map((index) =>
        way(`way ${index + 1}`, index < winner ? { reason: "no" } : engine(`/engine/${index}`)),
      );
      expect(await findEngine(list)).to.deep.equal(engine(`/engine/${winner}`));
      expect(attempted).to.have.length(winner + 1);
    });
  }

  it("goes on when a way breaks", async () => {
    const found = await findEngine([way("a", new Error("broken")), way("b", engine("/b"))]);
    expect(found.executable).to.equal("/b");
  });

  it("lists every way with its reason, and the remedies, when all fail", async () => {
    const list = [
      way("on the PATH", { reason: "there is none" }, "install Pulumi"),
      way("in the project", { reason: "there is none yet" }),
      way("building", new Error("no Go"), "install Go"),
    ];
    const error = await findEngine(list).catch((failure: Error) => failure);
    expect(error).to.be.instanceOf(EngineNotFound);
    expect((error as Error).message.split("\n")).to.deep.equal([
      "No Pulumi engine can be had. Tried:",
      "  - on the PATH: there is none",
      "  - in the project: there is none yet",
      "  - building: no Go",
      "Do one of these and repeat:",
      "  - install Pulumi",
      "  - install Go",
    ]);
  });
});
