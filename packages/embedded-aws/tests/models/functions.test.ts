import { expect } from "chai";
import { regions, zoneId } from "../../models/regions";
import type { Cloud } from "../provider/harness";
import { openCloud, refusalOf } from "../provider/harness";

const document = "aws:iam/getPolicyDocument:getPolicyDocument";
const zones = "aws:index/getAvailabilityZones:getAvailabilityZones";

describe("functions", () => {
  let cloud: Cloud;
  before(async () => {
    cloud = await openCloud({ settings: { region: "ap-northeast-1" } });
  });
  after(() => cloud.close());

  it("tell the zones of a region", async () => {
    expect((await cloud.invoke(zones, { state: "available" }))["names"]).to.deep.equal([
      "ap-northeast-1a",
      "ap-northeast-1c",
      "ap-northeast-1d",
    ]);
    const other = await cloud.invoke(zones, { region: "us-west-1", excludeNames: ["us-west-1a"] });
    expect(other).to.deep.include({ names: ["us-west-1c"], zoneIds: ["usw1-az2"] });
  });

  it("give every zone an id of its own", () => {
    const ids = Object.entries(regions).flatMap(([region, letters]) =>
      [...letters].map((each) => zoneId(region + each)),
    );
    expect(new Set(ids).size).to.equal(ids.length);
    for (const each of ids) expect(each).to.match(/^[a-z]{3,4}\d-az\d$/);
    expect(["eu-central-1b", "ap-southeast-2a"].map(zoneId)).to.deep.equal(["euc1-az2", "apse2-az1"]);
  });

  it("tell region, account and partition", async () => {
    expect(await cloud.invoke("aws:index/getRegion:getRegion", {})).to.include({ region: "ap-northeast-1" });
    expect(await refusalOf(cloud.invoke("aws:index/getRegion:getRegion", { name: "mars-1" }))).to.include(
      "mars-1",
    );
    const identity = await cloud.invoke("aws:index/getCallerIdentity:getCallerIdentity", {});
    expect(identity["accountId"]).to.equal("123456789012");
    const partition = await cloud.invoke("aws:index/getPartition:getPartition", {});
    expect(partition).to.include({ partition: "aws", dnsSuffix: "amazonaws.com" });
  });

  it("write a policy document as the real provider does", async () => {
    const { json } = await cloud.invoke(document, {
      statements: [
        {
          sid: "Read",
          actions: ["s3:ListBucket", "s3:GetObject"],
          resources: ["arn:aws:s3:::b"],
          principals: [{ type: "Service", identifiers: ["ecs-tasks.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] }],
        },
      ],
    });
    expect(JSON.parse(json as string)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Read",
          Effect: "Allow",
          Action: ["s3:ListBucket", "s3:GetObject"],
          Resource: "arn:aws:s3:::b",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": "1" } },
        },
      ],
    });
  });

  it("merge policy documents: a later statement replaces the one with its Sid", async () => {
    const statement = (sid: string, effect: string) => ({ sid, effect, actions: ["s3:*"], resources: ["*"] });
    const source = await cloud.invoke(document, {
      statements: [statement("a", "Allow"), statement("b", "Allow")],
    });
    const override = await cloud.invoke(document, { statements: [statement("b", "Deny")] });
    const { json } = await cloud.invoke(document, {
      sourcePolicyDocuments: [source["json"]],
      overridePolicyDocuments: [override["json"]],
    });
    const { Statement } = JSON.parse(json as string) as { Statement: { Sid: string; Effect: string }[] };
    expect(Statement.map(({ Sid, Effect }) => [Sid, Effect])).to.deep.equal([
      ["a", "Allow"],
      ["b", "Deny"],
    ]);
  });

  it("that are missing name the file to extend", async () => {
    expect(await refusalOf(cloud.invoke("aws:ec2/getKeyPair:getKeyPair", {}))).to.include(
      "packages/embedded-aws/models/functions.ts",
    );
  });
});
