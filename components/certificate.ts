import * as acm from "@pulumi/aws/acm";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";

/** The domain, and the zone for its proof. */
export interface CertificateArgs {
  /** Host name of the certificate: `chat.example.com`. Another one replaces the certificate. */
  readonly domain: string;
  /** Id of the public zone for the validation record. */
  readonly zoneId: pulumi.Input<string>;
}

/** An ACM certificate. ACM renews it as long as the validation record exists in the zone. */
export class Certificate extends pulumi.ComponentResource {
  /** ARN, known only once the certificate is issued: a listener accepts no other. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:network:Certificate", name, {}, opts);

    const certificate = new acm.Certificate(
      `${name}-certificate`,
      { domainName: args.domain, validationMethod: "DNS", tags: { Name: args.domain } },
      { parent: this },
    );
    // One domain has one validation record.
    const proof = certificate.domainValidationOptions.apply(([option]) => option!);
    const record = new route53.Record(
      `${name}-certificate`,
      {
        zoneId: args.zoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        records: [proof.resourceRecordValue],
        ttl: 300,
        // All certificates of a domain share one record, so it may exist already.
        allowOverwrite: true,
      },
      // The record stays: ACM needs it to renew the certificates of other stacks for the same domain.
      { parent: this, retainOnDelete: true },
    );
    const validation = new acm.CertificateValidation(
      `${name}-certificate`,
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
      // Validation takes minutes. If the registrar does not name the zone's servers, it never ends.
      { parent: this, customTimeouts: { create: "30m" } },
    );

    this.arn = validation.certificateArn;
    this.registerOutputs({ arn: this.arn });
  }
}
