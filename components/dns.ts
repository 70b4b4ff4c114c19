import * as acm from "@pulumi/aws/acm";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { inThisStack } from "../stacks/configuration";
import { type HostedZone, zoneHolds } from "../stacks/domain";

/**
 * Finds the public zone of a domain.
 *
 * @returns The zone's id.
 * @throws RunError that says how to name another zone, when there is none or it cannot hold the domain.
 */
export function hostedZoneId(domain: string, zone: HostedZone): pulumi.Output<string> {
  const named = "name" in zone ? `called ${zone.name}` : `with the id ${zone.zoneId}`;
  const remedy = inThisStack(
    '\n  If it lies in another zone: pulumi config set chatpop:hostedZone "<the zone\'s name or id>"' +
      "\n  If its DNS is not in Route 53: pulumi config set chatpop:certificateArn '<ARN of an ACM certificate for it>'",
  );
  const found = route53
    .getZone("name" in zone ? { ...zone, privateZone: false } : zone)
    .catch((error: Error) => {
      throw new pulumi.RunError(
        `chatpop:domain (${domain}) needs a public Route 53 zone ${named}: ${error.message.replace(/^.*returned an error: /s, "")}${remedy}`,
      );
    });
  return pulumi.output(found).apply(({ zoneId, name, privateZone }) => {
    if (!privateZone && zoneHolds(name.replace(/\.$/, ""), domain)) return zoneId;
    throw new pulumi.RunError(
      `chatpop:domain (${domain}) cannot lie in the zone ${named}, which is ${privateZone ? "private" : `that of ${name}`}.${remedy}`,
    );
  });
}

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

/** The name and what it leads to. */
export interface AliasRecordArgs {
  /** Host name that users open: `chat.example.com`. */
  readonly domain: string;
  /** Public zone that gets the record. */
  readonly zoneId: pulumi.Input<string>;
  /** Host name and zone that AWS gave the load balancer. */
  readonly target: { readonly dnsName: pulumi.Input<string>; readonly zoneId: pulumi.Input<string> };
  /** What must stand first: tasks that do not know the domain yet refuse whoever it leads to them. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Leads the domain to the load balancer, whose addresses change at any time. */
export class AliasRecord extends pulumi.ComponentResource {
  constructor(name: string, args: AliasRecordArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:network:AliasRecord", name, {}, opts);
    const { dnsName, zoneId } = args.target;
    new route53.Record(
      `${name}-domain`,
      {
        zoneId: args.zoneId,
        name: args.domain,
        type: "A",
        // There is no other target to fall back on.
        aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: false }],
      },
      { parent: this, dependsOn: [...args.dependsOn] },
    );
    this.registerOutputs({});
  }
}
