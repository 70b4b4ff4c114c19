import { expect } from "chai";
import { getZone, zone } from "../../models/route53";
import { refuses, World } from "./world";

const dnsName = "chatpop-1.us-east-1.elb.amazonaws.com";
const target = { name: dnsName, zoneId: "Z35SXDOTRQ7X7K", evaluateTargetHealth: false };
const prepare = (world: World) => {
  world.put("aws:lb/loadBalancer:LoadBalancer", "alb", { dnsName, zoneId: target.zoneId });
  return { zoneId: zone.id, name: "chat.example.com", type: "A", aliases: [target] };
};
const values = { aliases: undefined, records: ["192.0.2.1"], ttl: 60 };

describe("record of a hosted zone", () => {
  refuses("route53/record", prepare, [
    ["a zone that does not exist", { zoneId: "Z0DEAD" }, /NoSuchHostedZone/],
    ["a zone's name", { zoneId: "example.com" }, /is not the id of a hosted zone/],
    [
      "a target that does not exist",
      { aliases: [{ ...target, name: "x.example.net" }] },
      /target was not found/,
    ],
    [
      "a target in the domain's own zone",
      { aliases: [{ ...target, zoneId: zone.id }] },
      /does not lie within the target zone/,
    ],
    ["an alias with values", { records: ["192.0.2.1"] }, /conflicts with "aliases"/],
    ["an alias with a ttl", { ttl: 60 }, /ttl of its target/],
    ["an alias as a CNAME", { type: "CNAME" }, /type A or AAAA/],
    ["values without a ttl", { ...values, ttl: undefined }, /needs a ttl/],
    ["nothing", { aliases: undefined }, /give records, or an alias/],
    ["a URL", { name: "https://chat.example.com" }, /not a host name/],
  ]);

  it("is there once, with its full name", () => {
    const world = new World();
    const inputs = { ...prepare(world), ...values };
    expect(world.create("route53/record", { ...inputs, name: "chat" }).outputs).to.include({
      fqdn: "chat.example.com",
    });
    expect(() => world.create("route53/record", inputs)).to.throw(/but it already exists/);
    world.create("route53/record", { ...inputs, type: "TXT" });
  });
});

describe("hosted zone", () => {
  it("is found by its name or its id, and only if it is public", () => {
    for (const asked of [{ name: "example.com" }, { name: "example.com." }, { zoneId: zone.id }]) {
      expect(getZone(asked)).to.include({ zoneId: zone.id, name: "example.com", privateZone: false });
    }
    expect(() => getZone({ name: "example.com", privateZone: true })).to.throw(/no matching/);
    expect(() => getZone({ name: "com" })).to.throw(/no matching Route 53 Hosted Zone found/);
    expect(() => getZone({ zoneId: "Z0DEAD" })).to.throw(/NoSuchHostedZone/);
  });
});
