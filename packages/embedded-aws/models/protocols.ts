// Protocols of security group rules, as EC2 and the provider read them: in any case, by name or by number.
import { text } from "./schema";

const numbers: Readonly<Record<string, string>> = {
  all: "-1",
  "6": "tcp",
  "17": "udp",
  "1": "icmp",
  "58": "icmpv6",
};

/** A protocol as the program writes it. */
export const protocol = text(
  /^(-1|all|tcp|udp|icmp|icmpv6|\d|\d\d|1\d\d|2[0-4]\d|25[0-5])$/i,
  "a protocol: tcp, udp, icmp, icmpv6, a number from 0 to 255, or -1 for all",
);

/** The protocol by its name; `-1` is all. */
export function protocolOf(given: unknown): string {
  const name = String(given).toLowerCase();
  return numbers[name] ?? name;
}

/** The fault of a rule's ports; undefined if EC2 accepts them. */
export function portFault(given: unknown, fromPort?: number, toPort?: number): string | undefined {
  const protocolName = protocolOf(given);
  if (protocolName === "tcp" || protocolName === "udp") {
    if (fromPort === undefined || toPort === undefined)
      return "InvalidParameterValue: must specify both fromPort and toPort with TCP/UDP";
    return fromPort > toPort || fromPort < 0
      ? `InvalidParameterValue: invalid TCP/UDP port range (${fromPort}, ${toPort})`
      : undefined;
  }
  const icmp = protocolName === "icmp" || protocolName === "icmpv6";
  if (icmp && [fromPort, toPort].some((each = -1) => each < -1 || each > 255))
    return `InvalidParameterValue: ICMP type and code (${fromPort}, ${toPort}) must be -1 to 255`;
  return undefined;
}
