import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { CreateServiceLinkedRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { type Account, accountChecks } from "../../doctor/account";
import { type Finding, makeChecks } from "../../doctor/check";
import { makePlan } from "../../stacks/plan";
import { parseSettings } from "../../stacks/settings";
import type { Caller } from "../../packages/embedded-aws/api/call";
import { type Api, startApi } from "../../packages/embedded-aws/api/server";
import { models } from "../../packages/embedded-aws/models/registry";
import { AccountFile } from "../../packages/embedded-aws/provider/accountFile";
import { contextFor } from "../../packages/embedded-aws/provider/context";
import { leave } from "../../packages/embedded-aws/provider/lifecycle";
import { type Cloud, openCloud } from "../../packages/embedded-aws/tests/provider/harness";

/** The one call that the checks leave to the AWS CLI, so that the test asks for no CLI. */
const commandLine = `#!${process.execPath}
const headers = { "x-amz-target": "AWSFreeTierService.GetAccountPlanState", "content-type": "application/x-amz-json-1.0" };
fetch(process.env.AWS_ENDPOINT_URL, { method: "POST", body: "{}", headers })
  .then((answer) => answer.text()).then(console.log);
`;

describe("make doctor on an account", function () {
  this.timeout(240_000);
  let cloud: Cloud;
  let api: Api;
  const shell = { ...process.env };
  const tools = mkdtempSync(join(tmpdir(), "chatpop-"));

  const accountIs = (settings: object) =>
    writeFileSync(join(cloud.home, "settings.json"), JSON.stringify(settings));
  const diagnose = (
    settings: Record<string, string>,
    rest: Partial<Account> = {},
  ): Promise<readonly Finding[]> => {
    const plan = makePlan(parseSettings(settings), "medium");
    return makeChecks(accountChecks, { plan, region: "us-east-1", stack: "medium", ...rest });
  };
  const found = (findings: readonly Finding[], state: string) =>
    findings.filter((each) => each.state === state).map(({ says }) => says);

  before(async () => {
    cloud = await openCloud();
    const account = new AccountFile(cloud.home, (type) => models.get(type)?.sensitive ?? []);
    const caller: Caller = {
      session: "test",
      get context() {
        return contextFor(account.read(), {
          ...{ region: "us-east-1", urn: "", home: cloud.home },
          leave: (trace) => leave(account, trace),
        });
      },
    };
    api = await startApi(caller);
    writeFileSync(join(tools, "aws"), commandLine);
    chmodSync(join(tools, "aws"), 0o755);
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: api.url,
      AWS_ACCESS_KEY_ID: "AKIAEMBEDDEDAWS00000",
      AWS_SECRET_ACCESS_KEY: "embedded",
      PATH: [tools, process.env["PATH"]].join(delimiter),
    });
  });
  after(async () => {
    for (const name of ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "PATH"]) {
      if (shell[name] === undefined) delete process.env[name];
      else process.env[name] = shell[name];
    }
    rmSync(tools, { recursive: true });
    await api.close();
    await cloud.close();
  });

  it("lists all that a new account on the Free plan lacks, each with the command that mends it", async () => {
    accountIs({
      plan: "free",
      quotas: { fargateOnDemandVcpu: 6, elasticIps: 0, vpcs: 1 },
      serviceLinkedRoles: "late",
    });
    const findings = await diagnose({ scale: "medium" });
    const missing = findings.filter(({ state }) => state === "missing");
    expect(missing.map(({ name }) => name)).to.deep.equal([
      ...["account plan", "quota", "quota", "quota", "image"],
    ]);
    // AWS makes them by itself, so that nothing is missing without them.
    const advised = findings.filter(({ state }) => state === "advised");
    expect(advised.map(({ name }) => name)).to.deep.equal(["role", "role", "role", "role", "role"]);
    for (const { remedy } of advised) expect(remedy).to.match(/^aws iam create-service-linked-role /);
    expect(missing.map(({ says }) => says).join("\n"))
      .to.contain("the Free plan refuses the database db.t3.medium and backups of 7 days")
      .and.match(/Fargate On-Demand vCPU: [\d.]+ of 6 /)
      .and.contain("VPCs per Region: 2 of 1 (1 exist; the stack has one of its own)");
    for (const { remedy } of missing) expect(remedy).to.match(/^(aws|pulumi|git clone) /);
  });

  it("finds a remedy that was applied: the roles are made, the quotas raised to what it asks for", async () => {
    const lacking = await diagnose({ scale: "medium" });
    const iam = new IAMClient({ region: "us-east-1" });
    const raised: Record<string, number> = {};
    const codes: Record<string, string> = {
      "L-3032A538": "fargateOnDemandVcpu",
      "L-0263D0A3": "elasticIps",
      "L-F678F1CE": "vpcs", // prettier-ignore
    };
    for (const { remedy = "" } of lacking) {
      const AWSServiceName = /create-service-linked-role --aws-service-name (\S+)/.exec(remedy)?.[1];
      if (AWSServiceName) await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName }));
      const [, code = "", value] = /--quota-code (\S+) --desired-value (\d+)/.exec(remedy) ?? [];
      if (code) raised[codes[code]!] = Number(value);
    }
    expect(Object.keys(raised)).to.have.length(3);
    accountIs({ plan: "paid", quotas: raised, serviceLinkedRoles: "late" });
    const mended = await diagnose({ scale: "medium", imageContext: "../ChatPop" });
    for (const state of ["missing", "advised"]) expect(found(mended, state), state).to.deep.equal([]);
  });

  it("asks only for what the Plan needs", async () => {
    accountIs({ plan: "free", quotas: { elasticIps: 0 } });
    const small = await diagnose({
      scale: "small",
      databaseClass: "db.t3.micro",
      databaseBackupDays: "1",
    }).catch((error: Error) => error.message);
    const findings = typeof small === "string" ? [] : small;
    expect(found(findings, "ok").join("\n")).to.contain("any plan of an account takes it");
    expect(findings.filter(({ says }) => says.startsWith("Elastic IP"))).to.deep.equal([]);
  });

  it("refuses a region that is not enabled, or is none", async () => {
    const elsewhere = await diagnose({ scale: "small" }, { region: "af-south-1" });
    expect(elsewhere.find(({ name }) => name === "region")?.remedy).to.equal(
      "aws account enable-region --region-name af-south-1",
    );
    const nowhere = await diagnose({ scale: "small" }, { region: "us-east-9" });
    expect(nowhere.find(({ name }) => name === "region")?.says).to.contain("is no region of AWS");
  });

  it("looks for the image, the zone and the certificate", async () => {
    const domain = { scale: "small", domain: "chat.example.org" };
    const before = await diagnose(domain, {
      repositoryUrl: "123456789012.dkr.ecr.us-east-1.amazonaws.com/chat",
    });
    expect(found(before, "missing")).to.include.members([
      "123456789012.dkr.ecr.us-east-1.amazonaws.com/chat:initial is not there",
      "there is no public hosted zone example.org for chat.example.org",
    ]);
    await cloud.create("aws:ecr/repository:Repository", "chat", { name: "chat" });
    await cloud.create("aws:route53/zone:Zone", "zone", { name: "example.org" });
    const after = await diagnose(domain, {
      repositoryUrl: "123456789012.dkr.ecr.us-east-1.amazonaws.com/chat",
    });
    expect(found(after, "ok")).to.include.members([
      "123456789012.dkr.ecr.us-east-1.amazonaws.com/chat:initial",
      "example.org is a hosted zone",
    ]);
    const certificateArn =
      "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
    const foreign = await diagnose({ ...domain, certificateArn });
    expect(found(foreign, "missing")).to.include("the certificate is not in us-east-1");
  });

  it("does not stop at a question that nobody answers", async () => {
    const plan = makePlan(parseSettings({ scale: "small" }), "small");
    const findings = await makeChecks(
      [{ name: "deaf", ask: () => Promise.reject(new Error("no network")) }, ...accountChecks],
      { plan, region: "us-east-1", stack: "small" },
    );
    expect(findings[0]).to.deep.equal({ name: "deaf", state: "unknown", says: "Error: no network" });
    expect(findings.length).to.be.above(5);
  });
});
