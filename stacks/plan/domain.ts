import type { CompleteSettings } from "./complete";
import { zoneId } from "../settings/network";

/** A Route 53 zone, by what is known of it. */
export type HostedZone = { readonly zoneId: string } | { readonly name: string };

/** How users reach the chat over HTTPS. */
export interface DomainPlan {
  /** Host name that users open. */
  readonly name: string;
  /** Zone that gets the domain's record; undefined leaves the DNS to the operator, who then brings a certificate. */
  readonly hostedZone?: HostedZone;
  /** Certificate that is there already; undefined requests one and proves it in the zone. */
  readonly certificateArn?: string;
}

/** The zone in which a domain is expected: what follows its first label, or itself when it has only two. */
export function zoneOf(domain: string): string {
  const labels = domain.split(".");
  return labels.length > 2 ? labels.slice(1).join(".") : domain;
}

/** Whether a zone can hold a domain; of a zone that is given by its id only AWS knows. */
export function zoneHolds(zone: string, domain: string): boolean {
  return zoneId.test(zone) || domain === zone || domain.endsWith(`.${zone}`);
}

/**
 * | certificateArn | hostedZone | certificate                  | record of the domain |
 * | -------------- | ---------- | ---------------------------- | -------------------- |
 * | –              | –          | requested, proved in the zone | in the domain's zone |
 * | –              | given      | requested, proved in the zone | in that zone         |
 * | given          | –          | the given one                | left to the operator |
 * | given          | given      | the given one                | in that zone         |
 */
export function domainPlan({ domain, hostedZone, certificateArn }: CompleteSettings): DomainPlan | undefined {
  if (domain === undefined) return undefined;
  const zone = hostedZone ?? (certificateArn === undefined ? zoneOf(domain) : undefined);
  return {
    name: domain,
    ...(zone !== undefined && { hostedZone: zoneId.test(zone) ? { zoneId: zone } : { name: zone } }),
    ...(certificateArn !== undefined && { certificateArn }),
  };
}
