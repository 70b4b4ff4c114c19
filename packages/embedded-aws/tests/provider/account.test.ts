import { expect } from "chai";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Resource } from "../../account";
import { RegionalView } from "../../account";
import { AccountFile } from "../../provider/accountFile";
import { withLock } from "../../provider/lock";

const resource = (id: string): Resource => ({ type: "t", id, urn: id, inputs: {}, outputs: { secret: id } });
const add = (id: string) => (state: ReturnType<AccountFile["read"]>) => ({
  state: { ...state, resources: [...state.resources, resource(id)] },
  result: id,
});

describe("the account on disk", () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), "account-"))));
  afterEach(() => rmSync(home, { recursive: true }));
  const open = () => new AccountFile(home, () => ["secret"]);

  it("is empty before its first resource", () => {
    expect(open().read()).to.deep.equal({ resources: [], traces: [] });
    expect(existsSync(join(home, "account.json"))).to.be.false;
  });

  it("shows at once what another process has written", () => {
    const [one, other] = [open(), open()];
    expect(other.read().resources).to.be.empty;
    one.change(add("a"));
    expect(other.read().resources.map(({ id }) => id)).to.deep.equal(["a"]);
    other.change(add("b"));
    expect(one.read().resources.map(({ id }) => id)).to.deep.equal(["a", "b"]);
  });

  it("stays as it was when a change fails, and can be changed again", () => {
    const account = open();
    account.change(add("a"));
    const fail = () =>
      account.change(() => {
        throw new Error("refused");
      });
    expect(fail).to.throw("refused");
    account.change(add("b"));
    expect(open().read().resources).to.have.length(2);
  });

  it("loses nothing when several processes write at once", async () => {
    const program = `
      const { AccountFile } = require("./packages/embedded-aws/provider/accountFile.ts");
      const account = new AccountFile(process.argv[1], () => []);
      for (let count = 0; count < 20; count++) account.change((state) => ({
        state: { ...state, resources: [...state.resources, { type: "t", id: process.pid + "-" + count, urn: "", inputs: {}, outputs: {} }] },
      }));`;
    const codes = await Promise.all(
      [1, 2, 3].map(
        () =>
          new Promise((resolve) =>
            spawn(process.execPath, ["--require", "./typescript.cjs", "-e", program, home], {
              stdio: "inherit",
            }).on("close", resolve),
          ),
      ),
    );
    expect(codes).to.deep.equal([0, 0, 0]);
    expect(
      new Set(
        open()
          .read()
          .resources.map(({ id }) => id),
      ).size,
    ).to.equal(60);
  });

  it("takes over the lock of a process that has died, and only that", () => {
    const lock = join(home, "lock");
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    writeFileSync(lock, `${pid} 6f2c`);
    expect(withLock(lock, () => readFileSync(lock, "utf8"))).to.match(new RegExp(`^${process.pid} `));
    expect(existsSync(lock)).to.be.false;
  });

  it("can be read by its owner only", () => {
    open().change(add("a"));
    for (const file of ["account.json", "account.key"]) {
      expect(statSync(join(home, file)).mode & 0o777, file).to.equal(0o600);
    }
  });

  it("encrypts with a key of its own, and notices when the text was tampered with", () => {
    open().change(add("in clear"));
    const path = join(home, "account.json");
    const text = readFileSync(path, "utf8");
    expect(text).not.to.match(/"secret":"in clear"/);
    const sealed = /"\$encrypted":"([^"]+)"/.exec(text)?.[1] ?? "";
    const bytes = Buffer.from(sealed, "base64");
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, text.replace(sealed, bytes.toString("base64")));
    expect(() => open().read()).to.throw();
  });
});

describe("who depends on whom", () => {
  const target: Resource = {
    type: "target",
    id: "1",
    urn: "",
    region: "here",
    inputs: {},
    outputs: { arn: "arn:1" },
  };
  const naming = (id: string, inputs: object, region = "here"): Resource => ({
    ...{ type: "user", id, urn: "", region, outputs: {} },
    inputs: inputs as Resource["inputs"],
  });
  const dependants = (user: Resource, reference: object) =>
    new RegionalView({ resources: [target, user], traces: [] }, "here", (type) =>
      type === "user" ? [{ path: "list.*.name", to: "target", missing: "x", ...reference }] : [],
    ).dependants(target);

  it("is found by id or by an output, deep inside lists", () => {
    expect(dependants(naming("a", { list: [{}, { name: "1" }] }), {})).to.have.length(1);
    expect(dependants(naming("a", { list: [{ name: "2" }] }), {})).to.be.empty;
    expect(dependants(naming("a", { list: [{ name: "arn:1" }] }, "there"), { by: "arn" })).to.have.length(1);
  });

  it("is not found where AWS lets the target go, or in another region", () => {
    expect(dependants(naming("a", { list: [{ name: "1" }] }), { holds: false })).to.be.empty;
    expect(dependants(naming("a", { list: [{ name: "1" }] }, "there"), {})).to.be.empty;
  });
});
