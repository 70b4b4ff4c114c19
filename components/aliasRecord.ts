import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";

/** The domain and its target. */
export interface AliasRecordArgs {
  /** Host name that users open: `chat.example.com`. Another one replaces the record. */
  readonly domain: string;
  /** Id of the public zone for the record. Another one replaces the record. */
  readonly hostedZoneId: pulumi.Input<string>;
  /** Host name and zone that AWS gave the load balancer. */
  readonly target: { readonly dnsName: pulumi.Input<string>; readonly zoneId: pulumi.Input<string> };
  /** Resources that must exist first: tasks that do not know the domain yet refuse its requests. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Points the domain to the load balancer by an alias, because its addresses change at any time. */
export class AliasRecord extends pulumi.ComponentResource {
  constructor(name: string, args: AliasRecordArgs, opts?: pulumi.ComponentResourceOptions) {
    super("chatpop:network:AliasRecord", name, {}, opts);
    const { dnsName, zoneId } = args.target;
    new route53.Record(
      `${name}-domain`,
      {
        zoneId: args.hostedZoneId,
        name: args.domain,
        type: "A",
        // Route 53 has no other target to fall back on.
        aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: false }],
      },
      { parent: this, dependsOn: [...args.dependsOn] },
    );
    this.registerOutputs({});
  }
}
