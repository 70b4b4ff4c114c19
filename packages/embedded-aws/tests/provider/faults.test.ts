import { expect } from "chai";
import type { Cloud } from "./harness";
import { openCloud, refusalOf } from "./harness";
import { readFaults } from "../../provider/faults";

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
