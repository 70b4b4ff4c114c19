import { expect } from "chai";
import fc from "fast-check";
import { domainPlan, zoneHolds, zoneOf } from "../../../stacks/plan/domain";
import { complete } from "../../../stacks/plan/complete";
import type { Settings } from "../../../stacks/settings";

const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1";
const id = "Z0123456789ABCDEFGHIJ";
const planned = (settings: Omit<Settings, "scale">) => domainPlan(complete({ scale: "small", ...settings }));

describe("domain", () => {
  const name = "chat.example.com";
  const rows: readonly (readonly [string, Omit<Settings, "scale">, object])[] = [
    ["alone: a certificate and a record in its zone", {}, { hostedZone: { name: "example.com" } }],
    ["with a zone's name: both in that zone", { hostedZone: name }, { hostedZone: { name } }],
    ["with a zone's id: both in that zone", { hostedZone: id }, { hostedZone: { zoneId: id } }],
    ["with a certificate: nothing in the DNS", { certificateArn }, { certificateArn }],
    [
      "with a certificate and a zone: a record only",
      { certificateArn, hostedZone: id },
      { certificateArn, hostedZone: { zoneId: id } },
    ],
  ];
  for (const [what, settings, expected] of rows) {
    it(`${what} (G-51)`, () => {
      expect(planned({ domain: name, ...settings })).to.deep.equal({ name, ...expected });
    });
  }

  it("is not there unless it is given", () => {
    expect(planned({})).to.equal(undefined);
  });

  it("of two labels is its own zone, a longer one lies in the zone above", () => {
    expect(zoneOf("example.com")).to.equal("example.com");
    expect(zoneOf("chat.eu.example.com")).to.equal("eu.example.com");
  });

  it("always lies in the zone in which it is expected, and in no other's namesake", () => {
    fc.assert(
      fc.property(fc.domain(), (domain) => {
        expect(zoneHolds(zoneOf(domain), domain)).to.be.true;
        expect(zoneHolds(`x${zoneOf(domain)}`, domain)).to.be.false;
      }),
    );
  });
});
