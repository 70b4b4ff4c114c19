import { expect } from "chai";
import fc from "fast-check";
import { addressPlan, type Cidr, formatCidr, maximumZones, parseCidr } from "../../aws/addresses";

/** Any network without host bits, with a prefix in the given range. */
const cidrs = (least: number, most: number) =>
  fc
    .record({ address: fc.nat(2 ** 32 - 1), prefix: fc.integer({ min: least, max: most }) })
    .map(({ address, prefix }): Cidr => {
      const size = 2 ** (32 - prefix);
      return { base: Math.floor(address / size) * size, prefix };
    });

/** First and last address. */
const range = (cidr: string) => {
  const { base, prefix } = parseCidr(cidr)!;
  return { first: base, last: base + 2 ** (32 - prefix) - 1 };
};

describe("networks in CIDR notation", () => {
  it("are read back as they were written", () => {
    fc.assert(
      fc.property(cidrs(0, 32), (cidr) => {
        expect(parseCidr(formatCidr(cidr))).to.deep.equal(cidr);
      }),
    );
  });

  it("are written as people know them", () => {
    expect(formatCidr({ base: 0, prefix: 0 })).to.equal("0.0.0.0/0");
    expect(formatCidr({ base: 10 * 2 ** 24 + 1 * 2 ** 8, prefix: 24 })).to.equal("10.0.1.0/24");
    expect(formatCidr({ base: 2 ** 32 - 1, prefix: 32 })).to.equal("255.255.255.255/32");
  });

  for (const wrong of [
    "10.0.0.1/16",
    "10.0.0.0/33",
    "256.0.0.0/8",
    "10.0.0/16",
    "10.0.0.0",
    "::/0",
    " 10.0.0.0/16",
    "",
  ]) {
    it(`refuse ${JSON.stringify(wrong)}`, () => expect(parseCidr(wrong)).to.be.undefined);
  }
});

describe("the address plan", () => {
  // The blocks that the setting vpcCidr accepts.
  const vpcs = cidrs(16, 21);
  const blocks = (vpc: string, zones: number) =>
    addressPlan(vpc, zones).flatMap(({ publicCidr, privateCidr }) => [publicCidr, privateCidr]);

  it("puts every subnet inside the VPC, and none into another", () => {
    fc.assert(
      fc.property(vpcs, fc.integer({ min: 1, max: maximumZones }), (vpc, zones) => {
        const outer = range(formatCidr(vpc));
        const inner = blocks(formatCidr(vpc), zones)
          .map(range)
          .sort((a, b) => a.first - b.first);
        expect(inner).to.have.length(2 * zones);
        expect(inner[0]!.first).to.be.at.least(outer.first);
        expect(inner.at(-1)!.last).to.be.at.most(outer.last);
        inner.slice(1).forEach((next, index) => expect(next.first).to.be.above(inner[index]!.last));
      }),
    );
  });

  it("makes subnets that AWS accepts (/16 to /28) with room for a few hundred tasks", () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        for (const block of blocks(formatCidr(vpc), maximumZones)) {
          expect(parseCidr(block)!.prefix).to.be.within(16, 24);
        }
      }),
    );
  });

  it("never re-numbers a zone when another one is added", () => {
    fc.assert(
      fc.property(vpcs, fc.integer({ min: 1, max: maximumZones - 1 }), (vpc, zones) => {
        const [before, after] = [zones, zones + 1].map((each) => addressPlan(formatCidr(vpc), each));
        expect(after!.slice(0, zones)).to.deep.equal(before);
      }),
    );
  });

  it("is the documented one for the default VPC", () => {
    expect(addressPlan("10.0.0.0/16", 2)).to.deep.equal([
      { publicCidr: "10.0.0.0/19", privateCidr: "10.0.128.0/19" },
      { publicCidr: "10.0.32.0/19", privateCidr: "10.0.160.0/19" },
    ]);
  });

  it("refuses what is not a network", () => {
    expect(() => addressPlan("10.0.0.1/16", 2)).to.throw(RangeError, "10.0.0.1/16");
  });
});
