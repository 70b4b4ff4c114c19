import { expect } from "chai";
import type { Cloud } from "./harness";
import { openCloud, refusalOf } from "./harness";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { AccountFile } from "../../provider/accountFile";
import { readFaults } from "../../provider/faults";
import { Unfinished } from "../../provider/unfinished";
import { decode } from "../../provider/wire";

const vpc = "aws:ec2/vpc:Vpc";
const inputs = { cidrBlock: "10.0.0.0/16" };

describe("faults", () => {
  let cloud: Cloud | undefined;
  afterEach(() => cloud?.close());

  it("strike at the call they name, once", async () => {
    const fault = { type: vpc, operation: "create", call: 2, error: "ThrottlingException: Rate exceeded" };
    cloud = await openCloud({ faults: JSON.stringify([fault]) });
    await cloud.create(vpc, "a", inputs);
    expect(await refusalOf(cloud.create(vpc, "b", inputs))).to.equal(
      "creating EC2 VPC (b): ThrottlingException: Rate exceeded",
    );
    const third = await cloud.create(vpc, "c", inputs);
    expect((await cloud.read(vpc, "c", third.id))?.id).to.equal(third.id);
  });

  it("strike only the resource they name, and leave the account as it was", async () => {
    const fault = { type: vpc, operation: "delete", name: "b", error: "InternalError: try again" };
    cloud = await openCloud({ faults: JSON.stringify([fault]) });
    const [a, b] = [await cloud.create(vpc, "a", inputs), await cloud.create(vpc, "b", inputs)];
    await cloud.delete(vpc, "a", a);
    expect(await refusalOf(cloud.delete(vpc, "b", b)))
      .to.include("deleting EC2 VPC")
      .and.to.include("try again");
    expect(await cloud.read(vpc, "b", b.id)).not.to.equal(undefined);
    await cloud.delete(vpc, "b", b);
  });

  it("may only delay", async () => {
    const fault = { type: vpc, operation: "create", delayMs: 1 };
    cloud = await openCloud({ faults: JSON.stringify([fault]) });
    expect((await cloud.create(vpc, "a", inputs)).id).to.match(/^vpc-/);
  });

  it("strike as many calls as they say, of any type of AWS's when they name none", async () => {
    const expired = { operation: "create", call: 2, times: "all", error: "ExpiredToken: expired" };
    cloud = await openCloud({ faults: JSON.stringify([expired]) });
    await cloud.create(vpc, "a", inputs);
    for (const [type, given] of [
      [vpc, inputs],
      ["aws:ec2/eip:Eip", { domain: "vpc" }],
      [vpc, inputs],
    ] as const)
      expect(await refusalOf(cloud.create(type, "b", given))).to.include("ExpiredToken");

    const { strike } = readFaults(
      JSON.stringify([{ type: vpc, operation: "read", call: 2, times: 2, error: "no" }]),
    );
    const ends: string[] = [];
    for (let call = 1; call <= 4; call++)
      ends.push(
        await strike(vpc, "read", "a").then(
          () => "done",
          (error: Error) => error.message,
        ),
      );
    expect(ends).to.deep.equal(["done", "no", "no", "done"]);
    expect(
      await readFaults(JSON.stringify([expired])).strike("random:index/randomId:RandomId", "create", "a"),
    ).to.equal(undefined);
  });

  it("come late on request: what was made stands, and its id goes to the engine with the error", async () => {
    const late = { type: vpc, operation: "create", late: true, error: "timeout while waiting for state" };
    cloud = await openCloud({ faults: JSON.stringify([late, { ...late, operation: "delete" }]) });
    expect(await refusalOf(cloud.create(vpc, "a", inputs))).to.equal(
      "creating EC2 VPC (a): timeout while waiting for state",
    );
    const file = new AccountFile(cloud.home, () => []);
    const made = file.read().resources.find(({ type }) => type === vpc)!;
    expect(
      await refusalOf(cloud.delete(vpc, "a", { id: made.id, inputs, outputs: made.outputs })),
    ).to.include("timeout");
    expect(file.read().resources.map(({ type }) => type)).not.to.include(vpc);

    const { metadata } = new Unfinished("it took too long", made).status();
    const status = Status.deserializeBinary(metadata!.get("grpc-status-details-bin")[0] as Buffer);
    const failure = ErrorResourceInitFailed.deserializeBinary(status.getDetailsList()[0]!.getValue_asU8());
    expect(failure.getId()).to.equal(made.id);
    expect(failure.getReasonsList()).to.deep.equal(["it took too long"]);
    expect(decode(failure.getProperties())).to.deep.include({ cidrBlock: "10.0.0.0/16" });
  });

  it("are refused with an example when they are written wrongly", () => {
    cloud = undefined;
    const refused = (text: string) =>
      expect(() => readFaults(text)).to.throw("EMBEDDED_AWS_FAULTS is not a list");
    refused("{");
    refused('{"type": "x"}');
    const wrong = (fault: object) => expect(() => readFaults(JSON.stringify([fault])));
    wrong({ type: "x", operation: "explode" }).to.throw("operation");
    wrong({ type: "x", operation: "create", cal: 1 }).to.throw('"cal"');
    expect(() => readFaults(undefined)).not.to.throw();
    expect(() => readFaults(" ")).not.to.throw();
  });
});
