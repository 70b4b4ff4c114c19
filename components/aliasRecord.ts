import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";

/** The name and what it leads to. */
export interface AliasRecordArgs {
  /** Host name that users open: `chat.example.com`. */
  readonly domain: string;
  /** Public zone that gets the record. */
  readonly hostedZoneId: pulumi.Input<string>;
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
        zoneId: args.hostedZoneId,
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
