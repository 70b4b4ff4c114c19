import { expect } from "chai";
import fc from "fast-check";
import { models } from "../../models/registry";
import type { Context, Model, Properties } from "../../models/model";
import type { Cloud } from "../provider/harness";
import { openCloud, refusalOf } from "../provider/harness";

const password = models.get("random:index/randomPassword:RandomPassword") as Model;
const id = "random:index/randomId:RandomId";

const draw = (inputs: Properties) => String(password.describe(inputs, "", {} as Context)["result"]);
const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length;

describe("random passwords", () => {
  it("have the length and the characters that were asked for", () => {
    const minimum = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(
        minimum,
        minimum,
        minimum,
        fc.integer({ min: 15, max: 40 }),
        (minUpper, minNumeric, minSpecial, length) => {
          const result = draw({ length, minUpper, minNumeric, minSpecial, overrideSpecial: "-_" });
          expect(result).to.match(new RegExp(`^[a-zA-Z0-9_-]{${length}}$`));
          expect(count(result, /[A-Z]/g)).to.be.at.least(minUpper);
          expect(count(result, /[0-9]/g)).to.be.at.least(minNumeric);
          expect(count(result, /[-_]/g)).to.be.at.least(minSpecial);
        },
      ),
    );
  });

  it("leave out what was switched off", () => {
    expect(draw({ length: 200, special: false, upper: false })).to.match(/^[a-z0-9]{200}$/);
    expect(draw({ length: 200, special: false, number: false })).to.match(/^[a-zA-Z]{200}$/);
  });

  it("are drawn anew each time", () => {
    const drawn = Array.from({ length: 20 }, () => draw({ length: 32 }));
    expect(new Set(drawn).size).to.equal(20);
  });

  let cloud: Cloud;
  before(async () => {
    cloud = await openCloud();
  });
  after(() => cloud.close());

  it("are refused when they cannot hold what they must, or anything at all", async () => {
    const short = cloud.create(password.type, "p", { length: 3, minUpper: 2, minLower: 2 });
    expect(await refusalOf(short)).to.include("which is 4, got 3");
    const nothing = { length: 3, lower: false, upper: false, numeric: false, special: false };
    expect(await refusalOf(cloud.create(password.type, "p", nothing))).to.include("must be true");
  });

  it("have a relative that is an id in several notations", async () => {
    const { outputs } = await cloud.create(id, "i", { byteLength: 4, prefix: "x-" });
    expect(outputs["hex"]).to.match(/^x-[0-9a-f]{8}$/);
    const value = BigInt(`0x${String(outputs["hex"]).slice(2)}`);
    expect(outputs["dec"]).to.equal(`x-${value}`);
  });
});
