import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { inThisStack } from "../stacks/settings/inThisStack";
import { type HostedZone, zoneHolds } from "../stacks/plan/domain";

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
