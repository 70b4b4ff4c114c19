import * as acm from "@pulumi/aws/acm";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";

/** What is certified, and where the proof goes. */
export interface CertificateArgs {
  /** Host name that the certificate is for. */
  readonly domain: string;
  /** Public zone in which the domain is proved. */
  readonly zoneId: pulumi.Input<string>;
}

/** A certificate from ACM, which renews it for as long as the proof stands in the zone. */
export class Certificate extends pulumi.ComponentResource {
  /** Known only once the certificate is issued: a listener takes no other. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:network:Certificate", name, {}, opts);

    const certificate = new acm.Certificate(
      `${name}-certificate`,
      { domainName: args.domain, validationMethod: "DNS", tags: { Name: args.domain } },
      { parent: this },
    );
    // One domain, one proof.
    const proof = certificate.domainValidationOptions.apply(([option]) => option!);
    const record = new route53.Record(
      `${name}-certificate`,
      {
        zoneId: args.zoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        records: [proof.resourceRecordValue],
        ttl: 300,
        // ACM asks for the same record for every certificate of a domain, so that it may be there already.
        allowOverwrite: true,
      },
      // It proves the domain for the certificates of other stacks too, which ACM would no longer renew.
      { parent: this, retainOnDelete: true },
    );
    const validation = new acm.CertificateValidation(
      `${name}-certificate`,
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
      // Minutes as a rule; when the registrar does not name the zone's servers, no wait is long enough.
      { parent: this, customTimeouts: { create: "30m" } },
    );

    this.arn = validation.certificateArn;
    this.registerOutputs({ arn: this.arn });
  }
}
