import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolders } from "../offline/temporaryFolder";
import { record, type Recording } from "../recording/recording";
import { types } from "../recording/types";

interface Container {
  readonly name: string;
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
}

/** The network as ECS describes a service's. */
const networkConfiguration = {
  awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "DISABLED" },
};
const passwordArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:admin-AbCdEf";

describe("the first administrator's commands of docs/frontend.md", () => {
  const folder = temporaryFolders();
  /** Every call of `pulumi` and `aws`, word by word. */
  let calls: readonly (readonly string[])[];
  let recording: Recording;
  const call = (...words: string[]) => calls.find((line) => words.every((word) => line.includes(word)))!;
  const option = (line: readonly string[], name: string) => line[line.indexOf(name) + 1]!;

  before(async () => {
    const page = readFileSync(join(__dirname, "..", "..", "docs", "frontend.md"), "utf8");
    const [, block = ""] = /^## The first administrator\n.*?^```sh typed\n(.*?)^```$/ms.exec(page) ?? [];
    const commands = folder();
    const log = join(commands, "calls");
    // Outputs are told by name, so that the test sees where each one arrives.
    const standIn = `#!${process.execPath}
const words = process.argv.slice(1);
require("node:fs").appendFileSync(${JSON.stringify(log)}, JSON.stringify([require("node:path").basename(words[0]), ...words.slice(1)]) + "\\n");
if (words.includes("output")) console.log("the " + words[words.indexOf("output") + 1]);
if (words.includes("describe-services"))
  console.log(words.includes("json") ? ${JSON.stringify(JSON.stringify(networkConfiguration, undefined, 2))} : "the revision");
`;
    for (const name of ["pulumi", "aws"]) {
      writeFileSync(join(commands, name), standIn);
      chmodSync(join(commands, name), 0o755);
    }
    const text = block.replace("<ARN of a secret with the password>", passwordArn);
    execFileSync("bash", ["-euc", text], {
      env: { ...process.env, PATH: `${commands}:${process.env["PATH"]}` },
    });
    calls = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as string[]);
    const set = call("pulumi", "config", "set");
    recording = await record("medium", "update", {
      [option(set, "set").replace("chatpop:", "")]: set[set.indexOf("set") + 2]!,
    });
  });

  const container = () => {
    const { inputs } = recording.one(types.taskDefinition, "chatpop-backend");
    return (JSON.parse(String(inputs["containerDefinitions"])) as [Container])[0];
  };

  it("ask for outputs that the program has, and describe the service that they name", () => {
    const asked = calls.filter((line) => line.includes("output")).flatMap((line) => option(line, "output"));
    expect(asked).to.include.members(["clusterName", "serviceName"]).and.have.lengthOf(2);
    expect(recording.run.outputs).to.include.all.keys(...asked);
    const described = call("aws", "describe-services", "json");
    expect(option(described, "--cluster")).to.equal("the clusterName");
    expect(option(described, "--services")).to.equal("the serviceName");
  });

  it("run the revision in force once, in the service's own network", () => {
    const run = call("aws", "run-task");
    expect(option(run, "--cluster")).to.equal("the clusterName");
    expect(option(run, "--task-definition")).to.equal("the revision");
    expect(JSON.parse(option(run, "--network-configuration"))).to.deep.equal(networkConfiguration);
  });

  it("give a command to the container that is there, which reads the password from its secret", () => {
    const { containerOverrides } = JSON.parse(option(call("aws", "run-task"), "--overrides")) as {
      containerOverrides: readonly { name: string; command: readonly string[] }[];
    };
    expect(containerOverrides.map(({ name }) => name)).to.deep.equal([container().name]);
    const { command } = containerOverrides[0]!;
    expect(command.slice(0, 4)).to.deep.equal(["python", "manage.py", "createsuperuser", "--noinput"]);
    // Django asks for the name and the address of whoever is no input.
    expect(command).to.include.members(["--username", "--email"]);
    expect(container().secrets).to.deep.include({
      name: "DJANGO_SUPERUSER_PASSWORD",
      valueFrom: passwordArn,
    });
    expect(JSON.stringify(calls)).not.to.match(/DJANGO_SUPERUSER_PASSWORD=/);
  });
});
