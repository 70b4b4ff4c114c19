import type { CompleteSettings } from "./complete";
import { zoneId } from "../settings/network";

/** A Route 53 zone, by id or by name. */
export type HostedZone = { readonly zoneId: string } | { readonly name: string };

/** Host name, zone and certificate for HTTPS. */
export interface DomainPlan {
  /** Host name that users open. */
  readonly name: string;
  /** Zone for the domain's record; undefined leaves the DNS to the operator, who then provides a certificate. */
  readonly hostedZone?: HostedZone;
  /** Existing certificate; undefined requests one and validates it in the zone. */
  readonly certificateArn?: string;
}

/** Expected zone of a domain: the part after the first label, or the domain itself if it has two labels. */
export function zoneOf(domain: string): string {
  const labels = domain.split(".");
  return labels.length > 2 ? labels.slice(1).join(".") : domain;
}

/** Whether a zone can hold a domain; true for a zone given by id, because only AWS knows its name. */
export function zoneHolds(zone: string, domain: string): boolean {
  return zoneId.test(zone) || domain === zone || domain.endsWith(`.${zone}`);
}

/** A domain for a zone that is given by its name, or for any other. */
export const domainIn = (zone: string | undefined): string =>
  `chat.${zone === undefined || zoneId.test(zone) ? "example.com" : zone}`;

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
