/** An IPv4 network in CIDR notation, taken apart. */
export interface Cidr {
  /** First address as a number. */
  readonly base: number;
  /** Prefix length, 0 … 32. */
  readonly prefix: number;
}

/** Reads `10.0.0.0/16`; undefined when it is not an IPv4 network or has host bits set. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  return base % 2 ** (32 - prefix) === 0 ? { base, prefix } : undefined;
}

/** Writes a network as `10.0.0.0/16`. */
export function formatCidr({ base, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}

/** Networks that a VPC cannot use: this host, loopback, link-local, multicast and reserved. */
const unusable = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"].map((text) =>
  parseCidr(text)!,
);

/** Whether hosts can have the network's addresses. */
export const isUsable = (network: Cidr): boolean => !unusable.some((each) => overlaps(each, network));

const overlaps = (a: Cidr, b: Cidr) => {
  const size = 2 ** (32 - Math.min(a.prefix, b.prefix));
  return Math.floor(a.base / size) === Math.floor(b.base / size);
};

/** Most zones that the address plan has room for. */
export const maximumZones = 4;

/** Subnets of one availability zone. */
export interface ZoneAddresses {
  /** The load balancer, NAT gateways, and tasks with public addresses: `10.0.0.0/19`. */
  readonly publicCidr: string;
  /** Database, cache, and tasks behind a NAT gateway: `10.0.128.0/19`. */
  readonly privateCidr: string;
}

/**
 * Cuts a VPC into eight equal blocks, four public and four private ones, one of each for a zone. A zone's blocks
 * depend on its position alone, so adding a zone never re-numbers the others: a subnet that changes its CIDR is
 * replaced, together with everything in it.
 */
export function addressPlan(vpcCidr: string, zones: number): readonly ZoneAddresses[] {
  const vpc = parseCidr(vpcCidr);
  if (!vpc) throw new RangeError(`${vpcCidr} is not an IPv4 network`);
  const prefix = vpc.prefix + 3;
  const block = (index: number) => formatCidr({ base: vpc.base + index * 2 ** (32 - prefix), prefix });
  return Array.from({ length: zones }, (_, zone) => ({
    publicCidr: block(zone),
    privateCidr: block(maximumZones + zone),
  }));
}
