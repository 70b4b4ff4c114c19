import { addressPlan, type ZoneAddresses } from "../../aws/addresses";
import type { CompleteSettings } from "./complete";

/** The VPC with its zones, its ways in and its way out. */
export interface NetworkPlan {
  /** `10.0.0.0/16`; another one replaces everything in the VPC. */
  readonly vpcCidr: string;
  /** One entry for each availability zone in use. */
  readonly zones: readonly ZoneAddresses[];
  /** NAT gateways: none, one for all zones, or one for each zone. */
  readonly natGateways: number;
  /** Whether tasks stand in public subnets with addresses of their own (reachable from the load balancer only). */
  readonly tasksArePublic: boolean;
  /** IPv4 networks that may reach the load balancer. */
  readonly allowedCidrs: readonly string[];
  /** Flows that the VPC records; undefined records none. */
  readonly flowLogs?: "REJECT" | "ALL";
}

/** Whether everybody may reach the load balancer. */
export const isOpen = (allowedCidrs: readonly string[]): boolean => allowedCidrs.includes("0.0.0.0/0");

const natGateways = (s: CompleteSettings) => ({ "public-ip": 0, nat: 1, "nat-per-zone": s.zones })[s.egress];

/** The network, and how tasks get out of it. */
export function networkPlan(s: CompleteSettings): NetworkPlan {
  return {
    vpcCidr: s.vpcCidr,
    zones: addressPlan(s.vpcCidr, s.zones),
    natGateways: natGateways(s),
    tasksArePublic: s.egress === "public-ip",
    allowedCidrs: s.allowedCidrs,
    flowLogs: ({ reject: "REJECT", all: "ALL", none: undefined } as const)[s.flowLogs],
  };
}
