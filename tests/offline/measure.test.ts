import { expect } from "chai";
import { measure } from "../../benchmarks/measure";
import { projectFolder } from "../../offline/files";

const node = (script: string) => measure(process.execPath, ["-e", script], { cwd: projectFolder });
const busy = "const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end);";

describe("what a benchmark measures of a command", () => {
  it("is the processor time of all its processes, also of those in a group of their own", async () => {
    const child = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(busy)}], { detached: true })`;
    const { processor, wall, processes } = await node(`${child}; ${busy}`);
    expect(processor).to.be.greaterThan(0.55);
    expect(wall).to.be.greaterThan(0.3);
    expect(processes).to.have.length(2);
  });

  it("is the memory that they hold together", async () => {
    const hold = "globalThis.held = Buffer.alloc(100 << 20, 1); setTimeout(() => {}, 1000);";
    const child = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(hold)}])`;
    const { memory } = await node(`${child}; ${hold}`);
    expect(memory).to.be.greaterThan(200);
  });

  it("is refused of a command that fails, with what it printed", async () => {
    const refused = await node('console.log("what is wrong"); process.exit(3)').catch(
      (error: Error) => error,
    );
    expect(String(refused)).to.contain("ended with 3").and.to.contain("what is wrong");
  });
});
