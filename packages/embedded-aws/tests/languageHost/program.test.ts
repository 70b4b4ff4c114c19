import { expect } from "chai";
import { ProgramInfo, RunPluginRequest, RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

import { projectFolder } from "../../../../offline/files";
import { pluginLaunch, programLaunch, words } from "../../languageHost/program";

const info = (options: Record<string, JavaScriptValue>) =>
  new ProgramInfo()
    .setRootDirectory("/root")
    .setProgramDirectory(projectFolder)
    .setEntryPoint(".")
    .setOptions(Struct.fromJavaScript(options));

const request = (options: Record<string, JavaScriptValue> = {}) => {
  const run = new RunRequest()
    .setInfo(info(options))
    .setMonitorAddress("127.0.0.1:1")
    .setProject("chatpop")
    .setStack("small")
    .setPwd(projectFolder)
    .setParallel(8)
    .setConfigsecretkeysList(["chatpop:token"]);
  run.getConfigMap().set("chatpop:scale", "small");
  return run;
};

describe("language host", () => {
  it("runs the program with the SDK's own runner, the node options first", () => {
    const { args, cwd } = programLaunch(request({ nodeargs: "--require ./typescript.cjs" }), "127.0.0.1:2");
    expect(args.slice(0, 2)).to.deep.equal(["--require", "./typescript.cjs"]);
    expect(args[2]).to.match(/@pulumi\/pulumi\/cmd\/run\/index\.js$/);
    expect(args.slice(3).join(" ")).to.equal(
      "--monitor 127.0.0.1:1 --engine 127.0.0.1:2 --project chatpop --root-directory /root" +
        ` --stack small --pwd ${projectFolder} --parallel 8 .`,
    );
    expect(cwd).to.equal(projectFolder);
  });

  it("tells the program whether it is a preview", () => {
    expect(programLaunch(request().setDryrun(true), "e").args).to.include("--dry-run");
    expect(programLaunch(request(), "e").args).not.to.include("--dry-run");
  });

  it("passes the configuration, and which of it is secret", () => {
    const { env } = programLaunch(request(), "e");
    expect(JSON.parse(env["PULUMI_CONFIG"]!)).to.deep.equal({ "chatpop:scale": "small" });
    expect(JSON.parse(env["PULUMI_CONFIG_SECRET_KEYS"]!)).to.deep.equal(["chatpop:token"]);
  });

  for (const [options, expected] of [
    [{}, "true"],
    [{ typescript: false }, "false"],
    [{ typescript: true }, "true"],
  ] as const) {
    it(`lets Pulumi compile TypeScript: ${expected}, for options ${JSON.stringify(options)}`, () =>
      expect(programLaunch(request(options), "e").env["PULUMI_NODEJS_TYPESCRIPT"]).to.equal(expected));
  }

  it("names the tsconfig only when the project does", () => {
    const path = (options: Record<string, JavaScriptValue>) =>
      programLaunch(request(options), "e").env["PULUMI_NODEJS_TSCONFIG_PATH"];
    expect(path({ tsconfig: "tsconfig.run.json" })).to.equal("tsconfig.run.json");
    expect(path({})).to.equal(undefined);
  });

  it("runs a policy pack in its folder with exactly the environment it is given", () => {
    const plugin = new RunPluginRequest()
      .setInfo(info({}))
      .setKind("analyzer")
      .setArgsList(["127.0.0.1:2"])
      .setEnvList(["PULUMI_CONFIG={}", "A=b=c"]);
    const { args, cwd, env } = pluginLaunch(plugin);
    expect(args[0]).to.match(/cmd\/run-policy-pack\/index\.js$/);
    expect(args.slice(1)).to.deep.equal(["127.0.0.1:2", projectFolder]);
    expect(cwd).to.equal(projectFolder);
    expect(env).to.deep.equal({ PULUMI_CONFIG: "{}", A: "b=c" });
  });

  it("says how to help itself when the SDK is not installed", () => {
    const elsewhere = request();
    elsewhere.getInfo()!.setProgramDirectory("/nowhere");
    expect(() => programLaunch(elsewhere, "e")).to.throw(
      "@pulumi/pulumi is not installed for /nowhere: run `npm ci`",
    );
  });

  it("splits node options as a shell does", () => {
    expect(words(`--require ./a.cjs --title="two words" 'x y'`)).to.deep.equal([
      "--require",
      "./a.cjs",
      "--title=two words",
      "x y",
    ]);
  });
});
