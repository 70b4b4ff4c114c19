import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parseSettings } from "../stacks/settings";

const root = join(__dirname, "..");
const text = (file: string) => readFileSync(join(root, file), "utf8");
const pages = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .trim()
  .split("\n")
  .filter((page) => existsSync(join(root, page)));

/** The kinds of `sh` blocks, as CONTRIBUTING.md explains them: `| offline | … |`. */
const kinds = [...text("CONTRIBUTING.md").matchAll(/^\| `sh (\w+)` \|/gm)].map(([, kind]) => kind!);

interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly kind?: string;
  readonly body: string;
}

const blocks: readonly Block[] = pages.flatMap((page) => {
  const whole = text(page);
  return [...whole.matchAll(/^( *)```(\w*)(?: (\w+))?\n(.*?)^ *```$/gms)].map((match) => ({
    page,
    line: whole.slice(0, match.index).split("\n").length,
    language: match[2]!,
    ...(match[3] !== undefined && { kind: match[3] }),
    body: match[4]!.replace(new RegExp(`^${match[1]!}`, "gm"), ""),
  }));
});
const commands = blocks.filter(({ language }) => language === "sh");
const at = ({ page, line }: Block) => `${page}:${line}`;
const of = (kind: string) => commands.filter((block) => block.kind === kind);

describe("blocks of commands in the documentation", () => {
  it("say who runs them: a test, or why none does", () => {
    expect(kinds).to.include("offline").and.have.length.above(4);
    expect(commands.filter(({ kind }) => !kinds.includes(kind ?? "")).map(at)).to.deep.equal([]);
    for (const kind of kinds) expect(of(kind), kind).not.to.be.empty;
  });

  it("are marked as commands", () => {
    const begins =
      /^(?:\$ )?(?:make|npm|npx|pulumi|offline\/pulumi|aws|git|docker|gh|curl|export|delivery\/\w+) /m;
    const unmarked = blocks.filter(
      ({ language, body }) => language === "" && begins.test(body) && !/^[✗✓!] |^\$ /m.test(body),
    );
    expect(unmarked.map(at)).to.deep.equal([]);
  });

  it("run offline where a test reads the page", () => {
    const read =
      /^(README|docs\/(operations|operations\/\w+|from-zero-to-production)|(examples\/[\w-]+|policy\/examples)\/README)\.md$/;
    expect(
      of("offline")
        .filter(({ page }) => !read.test(page))
        .map(at),
    ).to.deep.equal([]);
    expect(of("first").map(({ page }) => page)).to.deep.equal(["README.md"]);
  });

  it("can be read by a shell", () => {
    for (const block of commands) {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: block.body, encoding: "utf8" });
      expect(status, `${at(block)}: ${stderr}`).to.equal(0);
    }
  });

  it("have placeholders in quotes, where the shell does not read or write files of their names", () => {
    for (const block of commands) {
      const outside = block.body.replaceAll(/'[^']*'/g, "").replaceAll(/"[^"]*"/g, "");
      expect(outside, at(block)).not.to.match(/<[a-z]/i);
    }
  });

  it("have only targets of the Makefile", () => {
    const targets = [...text("Makefile").matchAll(/^([\w-]+):/gm)].map(([, target]) => target);
    const made = commands
      .filter(({ page }) => !page.startsWith("packages/"))
      .flatMap((block) => [...block.body.matchAll(/^make ([a-z][\w-]*)/gm)].map(([, target]) => target!));
    expect(made).to.have.length.above(20);
    expect(targets).to.include.members(made);
  });

  it("set only what exists, to what is allowed", () => {
    let checked = 0;
    for (const block of commands) {
      const set = /config set (?:--secret )?chatpop:(\w+)\s(?:--plaintext |\\\n\s*)?(?:'([^']*)'|([^\s"]+))/g;
      const given = [...block.body.matchAll(set)]
        .map(([, key, quoted, plain]) => [key!, quoted ?? plain!] as const)
        .filter(([, value]) => !/<|…|\$/.test(value));
      if (given.length === 0) continue;
      const raw = Object.fromEntries(given);
      expect(() => parseSettings({ scale: "large", ...raw }), at(block)).not.to.throw();
      checked += given.length;
    }
    expect(checked).to.be.above(30);
  });
});
