import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";

describe("what V8 made of a module", () => {
  let project: string;
  const write = (name: string, text: string) => writeFileSync(join(project, name), text);
  const cache = () => join(project, "node_modules", ".cache", "chatpop");
  const keptFiles = () => readdirSync(cache()).filter((name) => name.startsWith("v8"));
  const run = (script = "main.cjs") => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["--require", join(project, "compileCache.cjs"), script],
      { cwd: project, encoding: "utf8" },
    );
    return { status, said: stdout.trim(), stderr };
  };

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "compiled-"));
    mkdirSync(join(project, "node_modules"));
    for (const file of ["compileCache.cjs", "cache.cjs"])
      cpSync(join(projectFolder, file), join(project, file));
  });
  afterEach(() => rmSync(project, { recursive: true }));

  it("is kept by the script that a process runs, and used in the next one", () => {
    write("beside.cjs", "exports.answer = () => 42;");
    write("main.cjs", 'console.log(require("./beside.cjs").answer());');
    expect(run().said).to.equal("42");
    const [name, ...others] = keptFiles();
    expect(others).to.be.empty;
    const kept = readFileSync(join(cache(), name!));
    expect(run().said).to.equal("42");
    // Nothing was made anew: the file is the same, byte for byte.
    expect(readFileSync(join(cache(), name!)).equals(kept)).to.equal(true);
  });

  it("is made anew when the module changes, although the length is the same", () => {
    write("main.cjs", "console.log(1);");
    expect(run().said).to.equal("1");
    write("main.cjs", "console.log(2);");
    expect(run().said).to.equal("2");
    expect(run().said).to.equal("2");
  });

  it("is made anew when the kept file is broken", () => {
    write("main.cjs", "console.log(1);");
    run();
    const file = join(cache(), keptFiles()[0]!);
    const whole = readFileSync(file);
    for (const broken of ["", "no cache", whole.subarray(0, 40), Buffer.concat([whole, whole]).fill(7, 90)]) {
      writeFileSync(file, broken);
      expect(run()).to.include({ said: "1", status: 0 });
    }
  });

  it("leaves a module all that Node gives it", () => {
    const facts = [
      "require.main === module",
      "require.resolve('./beside.cjs') === __dirname + '/beside.cjs'",
      "require.resolve.paths('x').length > 0",
      "Object.keys(require.cache).includes(__filename)",
      "typeof require.extensions['.js'] === 'function'",
      "this === exports && this === module.exports",
      "arguments.length === 5",
    ];
    write("beside.cjs", "");
    write("main.cjs", `console.log([${facts.join()}].join());`);
    const expected = { said: facts.map(() => "true").join(), stderr: "" };
    expect(run()).to.include(expected);
    expect(run()).to.include(expected);
  });

  it("shows the same place in a stack trace", () => {
    write("main.cjs", "console.log(/main.cjs:\\d+:\\d+/.exec(new Error().stack)[0]);");
    const plain = spawnSync(process.execPath, ["main.cjs"], { cwd: project, encoding: "utf8" }).stdout.trim();
    expect(run().said).to.equal(plain);
    expect(run().said).to.equal(plain);
  });

  it("leaves what is no CommonJS to Node", () => {
    write("package.json", "{}");
    write("module.js", "export const answer = 42;");
    write("script.cjs", "#!/usr/bin/env node\nexports.name = 'script';");
    write("main.cjs", 'console.log(require("./module.js").answer, require("./script.cjs").name);');
    expect(run().said).to.equal("42 script");
    write("main.cjs", 'import("./module.js").then(({ answer }) => console.log(answer));');
    expect(run()).to.include({ said: "42", stderr: "" });
    write("main.cjs", "const = ;");
    expect(run().stderr).to.contain("SyntaxError");
  });

  it("is not kept where nothing can be written, and nothing else fails", () => {
    write("main.cjs", "console.log(1);");
    // Root may write anywhere, but not into a file as if it were a folder.
    rmSync(join(project, "node_modules"), { recursive: true });
    write("node_modules", "");
    chmodSync(join(project, "node_modules"), 0o400);
    expect(run()).to.deep.equal({ status: 0, said: "1", stderr: "" });
  });
});
