import { expect } from "chai";
import { run } from "../recording/program";
import { everywhere, record } from "../recording/recording";
import { types } from "../recording/types";
import { unknown } from "../recording/wire";

const domain = "chat.example.com";
const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/1";
/** The id of the zone that the recording knows. */
const zoneId = "Z0123456789ABC";

describe("domain name", () => {
  it("gets a certificate that is proved by a record in its zone (G-51, GAP-14)", () =>
    everywhere(
      (recording, _scale, mode) => {
        const certificate = recording.one(types.certificate);
        expect(certificate.inputs).to.include({ domainName: domain, validationMethod: "DNS" });
        const proof = recording.one(types.record, "chatpop-certificate");
        expect(proof.inputs).to.include({ zoneId, allowOverwrite: true });
        // Another stack's certificate for the domain rests on the same record.
        expect(proof.retainOnDelete).to.be.true;
        expect(recording.namesOf(proof, "records")).to.deep.equal(["chatpop-certificate"]);
        if (mode === "update") {
          expect(proof.inputs).to.deep.include({
            name: `_a1.${domain}.`,
            type: "CNAME",
            records: ["_b2.acm-validations.aws."],
          });
        }
        const validation = recording.one(types.certificateValidation);
        expect(recording.sourcesOf(validation, "certificateArn")).to.deep.equal([certificate]);
        expect(recording.sourcesOf(validation, "validationRecordFqdns")).to.deep.equal([proof]);
      },
      { domain },
    ));

  it("is served with that certificate only once it is issued", () =>
    everywhere(
      (recording) => {
        const listener = recording.one(types.listener, "chatpop-https");
        expect(recording.sourcesOf(listener, "certificateArn")).to.deep.equal([
          recording.one(types.certificateValidation),
        ]);
      },
      { domain },
    ));

  it("leads to the load balancer, whatever its addresses are", () =>
    everywhere(
      (recording, _scale, mode) => {
        const alias = recording.one(types.record, "chatpop-domain");
        expect(alias.inputs).to.include({ zoneId, name: domain, type: "A" });
        expect(recording.namesOf(alias, "aliases")).to.deep.equal(["chatpop-alb"]);
        // Until then it would lead to tasks that refuse it.
        expect(alias.dependencies).to.include(
          recording.one(types.invocation, "chatpop-check-deployment").urn,
        );
        const { outputs } = { outputs: recording.one(types.loadBalancer).wireOutputs };
        expect(alias.inputs["aliases"]).to.deep.equal([
          mode === "preview"
            ? { name: unknown, zoneId: unknown, evaluateTargetHealth: false }
            : { name: outputs["dnsName"], zoneId: outputs["zoneId"], evaluateTargetHealth: false },
        ]);
      },
      { domain },
    ));

  it("with a certificate of its own leaves the DNS alone, unless a zone is named", async () => {
    const alone = await record("small", "update", { domain, certificateArn });
    expect([...alone.ofType(types.certificate), ...alone.ofType(types.record)]).to.be.empty;
    const zoned = await record("small", "update", { domain, certificateArn, hostedZone: zoneId });
    expect(zoned.ofType(types.certificate)).to.be.empty;
    expect(zoned.ofType(types.record).map(({ name }) => name)).to.deep.equal(["chatpop-domain"]);
  });

  it("is refused in a zone that cannot hold it, with both ways out", async () => {
    const config = { scale: "small", domain: "chat.example.org", hostedZone: zoneId };
    const { error } = await run({ config, preview: true });
    expect(error?.message)
      .to.contain("chatpop:domain (chat.example.org)")
      .and.to.contain("that of example.com")
      .and.to.match(/pulumi config set --stack \S+ chatpop:hostedZone/)
      .and.to.match(/pulumi config set --stack \S+ chatpop:certificateArn/);
  });

  it("is the address that the chat tells, and the origin that it trusts", async () => {
    const { run: result } = await record("small", "update", { domain });
    expect(result.outputs["url"]).to.equal(`https://${domain}`);
    expect(result.warnings.filter((each) => /domain|HTTP/.test(each))).to.deep.equal([]);
  });
});
