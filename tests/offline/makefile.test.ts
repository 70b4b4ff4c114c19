import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../../offline/files";
import { refusal } from "../../offline/oneOf";

const text = (file: string) => readFileSync(join(projectFolder, file), "utf8");
const targets = [...text("Makefile").matchAll(/^([a-z-]+)\s*:[^=].*## /gm)].map(([, target]) => target!);

/** Targets whose command itself prints what comes next, with the file that does it. */
const inTheirFile: Readonly<Record<string, string>> = {
  up: "offline/terminal/text.ts",
  preview: "offline/terminal/text.ts",
  down: "offline/terminal/text.ts",
  doctor: "doctor/text.ts",
  adopt: "adoption/report.ts",
  recover: "delivery/recovery/main.ts",
  bootstrap: "delivery/bootstrap",
};
/** Targets whose last line is a result, for whoever changes this project. */
const results = ["help", "test", "test-all", "test-unit", "faults", "benchmark", "audit", "acceptance"];

const printed = (...words: readonly string[]) =>
  // `make test` runs this test, and a make within another one also prints the folder that it leaves.
  execFileSync("make", ["--no-print-directory", "--dry-run", "--always-make", ...words], {
    cwd: projectFolder,
    encoding: "utf8",
  });

describe("make", () => {
  it("ends every target with what comes next", () => {
    expect(targets).to.have.length.above(20);
    const silent = targets.filter((target) => !results.includes(target) && !(target in inTheirFile));
    for (const target of silent) expect(printed(target), target).to.match(/echo "Next: .*"\n$/);
    for (const file of Object.values(inTheirFile)) expect(text(file), file).to.match(/Next: |<<NEXT/);
  });

  it("names the stack in hand, and leaves data alone", () => {
    expect(printed("cost", "STACK=medium")).to.contain("Next: make report STACK=medium");
    expect(printed("cost", "STACK=small")).to.match(/Next: make report ·/);
    for (const words of [
      ["plan", "JSON=yes"],
      ["cost", "FORMAT=csv"],
    ])
      // prettier-ignore
      expect(printed(...words)).to.not.contain("Next:");
  });

  it("refuses a word that it does not know before anything begins, with the nearest one", () => {
    const words = ["shop", "live"];
    expect(refusal("make example", "NAME", "shop", words)).to.equal(undefined);
    expect(refusal("make example", "NAME", "shpo", words)).to.equal(
      'NAME is "shpo". Allowed: shop, live. Type: make example NAME=shop',
    );
    expect(refusal("make example", "NAME", "", words, "or not")).to.equal(
      "NAME is not given. Allowed: shop, live. Type: make example NAME=shop (or not)",
    );
    const allowed = (target: string) =>
      /oneOf\.ts "[^"]*" \w+ "\w*" ([\w ]+)/.exec(printed(target))![1]!.trim().split(" ");
    expect(allowed("example")).to.have.members(
      readdirSync(join(projectFolder, "policy/examples")).filter((name) => !name.includes(".")),
    );
    const scales = JSON.parse(text("loadtest/scales.json")) as object;
    expect(allowed("loadtest")).to.have.members([...Object.keys(scales), "redis", "churn"]);
    for (const target of ["example", "loadtest"])
      // prettier-ignore
      expect(printed(target).split("\n").findIndex((line) => line.includes("oneOf"))).to.be.below(
        printed(target).split("\n").findIndex((line) => /loadtest\/run|preview --cwd/.test(line)));
  });

  it("refuses words and values that nothing reads, which would do something else unnoticed", () => {
    const refused = (...words: readonly string[]) => {
      const { status, stderr } = spawnSync("make", ["--dry-run", ...words], {
        cwd: projectFolder,
        encoding: "utf8",
      });
      expect(status, words.join(" ")).to.equal(2);
      return stderr;
    };
    expect(refused("plan", "ROOM=500")).to.match(
      /ROOM is nothing .* Did you mean ROOMS\? Allowed: .*\bROOMS\b.*\bYES\b/,
    );
    expect(refused("doctor", "OFFLINE=true")).to.include('OFFLINE is "true". Allowed: yes.');
    // Every word of the list is taken.
    const named = [
      ...new Set(
        [...text("Makefile").matchAll(/^[a-z-]+ ?:.*## (.*)$/gm)].flatMap(([, help]) =>
          [...help!.matchAll(/\b([A-Z_]+)=/g)].map(([, word]) => word!),
        ),
      ),
    ];
    expect(named).to.have.length.above(20);
    expect(() => printed("clean", ...named.map((word) => `${word}=yes`))).not.to.throw();
  });

  it("installs the site's packages anew when they have changed", () => {
    expect(text("Makefile")).to.match(/^site: \$\(SITE_PACKAGES\) /m);
    expect(text("Makefile")).to.match(/^\$\(SITE_PACKAGES\): site\/package-lock\.json$/m);
    expect(printed("site")).to.contain("npm ci --prefix site");
  });
});
