import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startApi, type Api } from "../api/server";
import type { Caller } from "../api/call";
import { script } from "../loader";
import { models } from "../models/registry";
import { AccountFile } from "../provider/accountFile";
import { contextFor } from "../provider/context";
import { leave } from "../provider/lifecycle";
import { openCloud, type Cloud } from "./provider/harness";
import { policy, trust } from "./lambda/cloud";

/** Signs as an SDK does, as far as the embedded AWS looks at it. */
const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});
const query = async (url: string, service: string, action: string, input: Record<string, string> = {}) => {
  const body = new URLSearchParams({ Action: action, Version: "2014-10-31", ...input });
  const answer = await fetch(url, { method: "POST", body, headers: signed(service) });
  return { status: answer.status, text: await answer.text() };
};
const json = async (url: string, target: string, input: object) => {
  const headers = { "x-amz-target": target, "content-type": "application/x-amz-json-1.1" };
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(input), headers });
  return (await answer.json()) as Record<string, never>;
};

describe("the API for commands outside", () => {
  let cloud: Cloud;
  let api: Api;
  let role: string | undefined;
  before(async () => {
    cloud = await openCloud();
    writeFileSync(
      join(cloud.home, "settings.json"),
      JSON.stringify({ plan: "free", quotas: { fargateOnDemandVcpu: 6 }, serviceLinkedRoles: "late" }),
    );
    await cloud.create("aws:iam/role:Role", "reader", {
      ...{ name: "reader", assumeRolePolicy: trust("lambda") },
      inlinePolicies: [{ name: "own", policy: policy({ Action: "ec2:DescribeRegions", Resource: "*" }) }],
    });
    await cloud.create("aws:ecr/repository:Repository", "chat", { name: "chat" });
    const account = new AccountFile(cloud.home, (type) => models.get(type)?.sensitive ?? []);
    const caller: Caller = {
      session: "test",
      get context() {
        return contextFor(account.read(), {
          ...{ region: "us-east-1", urn: "", home: cloud.home },
          leave: (trace) => leave(account, trace),
        });
      },
      get role() {
        return role === undefined ? undefined : this.context.account.get("aws:iam/role:Role", role);
      },
    };
    api = await startApi(caller);
  });
  afterEach(() => (role = undefined));
  after(async () => {
    await api.close();
    cloud.close();
  });

  it("says who calls", async () => {
    expect((await query(api.url, "sts", "GetCallerIdentity")).text).to.match(
      /<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user\/offline<\/Arn>.*<Account>123456789012<\/Account><\/GetCallerIdentityResult>/,
    );
    role = "reader";
    expect((await query(api.url, "sts", "GetCallerIdentity")).text).to.include(
      "arn:aws:sts::123456789012:assumed-role/reader/test",
    );
  });

  it("says what the account may have", async () => {
    const input = { ServiceCode: "fargate", QuotaCode: "L-3032A538" };
    expect((await json(api.url, "ServiceQuotasV20190624.GetServiceQuota", input))["Quota"]).to.include({
      Value: 6,
    });
    expect(await json(api.url, "AWSFreeTierService.GetAccountPlanState", {})).to.include({
      accountPlanType: "FREE",
    });
    const unknown = await json(api.url, "ServiceQuotasV20190624.GetServiceQuota", {
      ...input,
      QuotaCode: "L-0",
    });
    expect(unknown["message"]).to.match(/^The embedded AWS has no quota L-0 of fargate/);
  });

  it("says which regions have to be turned on", async () => {
    const { text } = await query(api.url, "ec2", "DescribeRegions");
    expect(text).to.match(
      /<item><regionName>us-east-1<\/regionName>.*?<optInStatus>opt-in-not-required<\/optInStatus><\/item>/,
    );
    expect(text).to.match(
      /<regionName>me-central-1<\/regionName><regionEndpoint>[\w.-]+<\/regionEndpoint><optInStatus>not-opted-in/,
    );
  });

  it("makes service-linked roles, once", async () => {
    const name = { RoleName: "AWSServiceRoleForECS" };
    expect((await query(api.url, "iam", "GetRole", name)).text).to.include("<Code>NoSuchEntity</Code>");
    const make = () =>
      query(api.url, "iam", "CreateServiceLinkedRole", { AWSServiceName: "ecs.amazonaws.com" });
    expect((await make()).status).to.equal(200);
    expect((await query(api.url, "iam", "GetRole", name)).text).to.include(
      "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
    );
    expect((await make()).text).to.match(/has been taken in this account/);
  });

  it("knows repositories, certificates and zones", async () => {
    const images = (repositoryName: string) =>
      json(api.url, "AmazonEC2ContainerRegistry_V20150921.DescribeImages", {
        repositoryName,
        imageIds: [{ imageTag: "1" }],
      });
    expect((await images("chat"))["imageDetails"]).to.have.length(1);
    expect(await images("none")).to.include({ __type: "RepositoryNotFoundException" });
    const zone = await cloud.create("aws:route53/zone:Zone", "zone", { name: "chat.example.org" });
    const answer = await fetch(`${api.url}/2013-04-01/hostedzonesbyname?dnsname=chat.example.org`, {
      headers: signed("route53"),
    });
    expect(await answer.text()).to.include(
      `<HostedZone><Id>/hostedzone/${zone.id}</Id><Name>chat.example.org.</Name>`,
    );
    // Every account has it from the start.
    const first = await fetch(`${api.url}/2013-04-01/hostedzonesbyname?dnsname=example.com&maxitems=1`, {
      headers: signed("route53"),
    });
    expect(await first.text()).to.match(/^[^]*?<HostedZone><Id>[^<]+<\/Id><Name>example\.com\.<\/Name>/);
    const arn = "arn:aws:acm:us-east-1:123456789012:certificate/none";
    expect(await json(api.url, "CertificateManager.DescribeCertificate", { CertificateArn: arn })).to.include(
      { __type: "ResourceNotFoundException" },
    );
  });

  it("refuses a role what it may not ask, in the protocol of the question", async () => {
    role = "reader";
    expect((await query(api.url, "ec2", "DescribeRegions")).status).to.equal(200);
    const { status, text } = await query(api.url, "iam", "GetRole", { RoleName: "reader" });
    expect(status).to.equal(400);
    expect(text).to.match(
      /<Error><Type>Sender<\/Type><Code>AccessDeniedException<\/Code><Message>User: .*assumed-role\/reader\/test is not authorized to perform: iam:GetRole/,
    );
  });

  it("names the file to extend for a question that it does not know", async () => {
    const { text } = await query(api.url, "rds", "DescribeDBClusters");
    expect(text).to.match(
      /The embedded AWS does not answer rds\.DescribeDBClusters: add the operation to packages\/embedded-aws\/api\/rds\.ts/,
    );
  });
});

describe("the command", () => {
  const home = mkdtempSync(join(tmpdir(), "command-"));
  const start = (...args: string[]) =>
    spawn(process.execPath, [...script("command.ts"), ...args], {
      env: { ...process.env, EMBEDDED_AWS_HOME: home },
    });
  const run = async (...args: string[]) => {
    const child = start(...args);
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => (text += part.toString()));
    const [code] = (await once(child, "close")) as [number];
    return { code, text };
  };
  before(() => mkdirSync(join(home, "account"), { recursive: true }));
  after(() => rmSync(home, { recursive: true }));

  it("lets time go on", async () => {
    const { code, text } = await run("advance", "3w");
    expect(code).to.equal(0);
    const date = new Date(/It is (\S+) in the account/.exec(text)![1]!);
    expect(date.getTime() - Date.now()).to.be.within(20.9 * 86_400_000, 21.1 * 86_400_000);
    expect(await run("advance", "soon")).to.deep.include({
      code: 1,
      text: '"soon" is no span of time such as 90m, 6h, 3d or 4w\n',
    });
  });

  it("puts a resource into a state, and says which it is in", async () => {
    const cloud = await openCloud({ home: join(home, "account") });
    await cloud.create("aws:ec2/internetGateway:InternetGateway", "igw", {});
    const topic = "aws:lambda/function:Function";
    expect((await run("state", topic, "none")).text).to.include(
      "there is no aws:lambda/function:Function called none: it has none",
    );
    expect((await run("state", "aws:sns/topic:Topic", "x")).text).to.match(
      /aws:sns\/topic:Topic has no states/,
    );
    cloud.close();
  });

  it("serves the API until it is told to end", async () => {
    const child = start("serve");
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (lines.length === 4) break;
    }
    const { AWS_ENDPOINT_URL: url } = Object.fromEntries(
      lines.map((line) => line.split("=", 2) as [string, string]),
    );
    expect((await query(url!, "sts", "GetCallerIdentity")).status).to.equal(200);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).to.deep.equal([0, null]);
    expect((await run("serve", "--as", "nobody")).text).to.match(/there is no role nobody/);
  });
});
