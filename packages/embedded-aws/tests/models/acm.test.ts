import { expect } from "chai";
import { zone } from "../../models/route53";
import { selfSigned } from "./selfSigned";
import { refuses, World } from "./world";

const imported = selfSigned("chat.example.com");

describe("certificate", () => {
  refuses("acm/certificate", () => imported, [
    [
      "text that is no certificate",
      { certificateBody: "chat.example.com" },
      /Could not parse the certificate/,
    ],
    ["text that is no key", { privateKey: "secret" }, /Could not parse the private key/],
    ["no key", { privateKey: undefined }, /needs its private key/],
    ["a domain of its own", { domainName: "chat.example.com" }, /names its own domain/],
    ["nothing at all", { certificateBody: undefined, privateKey: undefined }, /give domainName/],
    [
      "a request without validation",
      { certificateBody: undefined, privateKey: undefined, domainName: "chat.example.com" },
      /needs validationMethod/,
    ],
  ]);

  it("is valid at once when imported, and after a DNS record when requested", () => {
    const world = new World();
    expect(world.create("acm/certificate", imported).outputs).to.include({
      status: "ISSUED",
      type: "IMPORTED",
      domainName: "chat.example.com",
    });
    const requested = world.create("acm/certificate", {
      domainName: "chat.example.com",
      validationMethod: "DNS",
    });
    const validation = { certificateArn: requested.id };
    expect(() => world.create("acm/certificateValidation", validation)).to.throw(/PENDING_VALIDATION/);
    const [option] = requested.outputs.domainValidationOptions as Record<string, string>[];
    const proof = { zoneId: zone.id, name: option!.resourceRecordName, type: "CNAME", ttl: 60 };
    const wrong = world.create("route53/record", { ...proof, records: ["chat.example.com"] });
    expect(() => world.create("acm/certificateValidation", validation)).to.throw(/with ACM's value/);
    world.remove(wrong);
    world.create("route53/record", { ...proof, records: [option!.resourceRecordValue] });
    world.create("acm/certificateValidation", validation);
  });

  it("is proved by one record for all certificates of its domain", () => {
    const world = new World();
    const request = { domainName: "chat.example.com", validationMethod: "DNS" };
    const proofs = [request, request].map(
      (each) => world.create("acm/certificate", each).outputs.domainValidationOptions,
    );
    expect(proofs[0]).to.deep.equal(proofs[1]);
  });
});
