import { canonical, types } from "../../aws/types";
import { byUrn, type Item, madeOf } from "./material";
import type { Kind } from "./glyphs";

/** Place of a resource. */
export type Place = "outside" | "public" | "private" | "region";

/** A box of the architecture. */
export interface GraphNode {
  /** Unique in the picture. */
  readonly id: string;
  /** Resources behind it, alike; none for the people. */
  readonly members: readonly Item[];
  /** `Load balancer`. */
  readonly title: string;
  /** Its most important setting: `10–40 tasks`. */
  readonly detail: string;
  /** Family, which decides glyph and colour. */
  readonly kind: Kind;
  /** Place of the box. */
  readonly place: Place;
}

/** An arrow: the source may open connections to the target. */
export interface GraphEdge {
  /** Identifier of the box that it leaves. */
  readonly from: string;
  /** Identifier of the box that it leads to. */
  readonly to: string;
  /** Ports, where a security group names them. */
  readonly ports: readonly string[];
}

/** A subnet in its zone. */
export interface SubnetBox {
  /** Unique in the picture. */
  readonly id: string;
  /** The subnet. */
  readonly item: Item;
  /** Availability zone. */
  readonly zone: string;
  /** Address range. */
  readonly cidr: string;
  /** `public` if its route table leads to an internet gateway. */
  readonly place: "public" | "private";
}

/** A security group with more than one box in it: its arrows begin and end at its frame. */
export interface GroupBox {
  /** Unique in the picture. */
  readonly id: string;
  /** The security group. */
  readonly item: Item;
  /** `Security group tasks`. */
  readonly title: string;
  /** Place of its nodes. */
  readonly place: Place;
  /** Identifiers of the nodes in it. */
  readonly nodes: readonly string[];
}

/** Architecture of the resources. */
export interface Graph {
  /** Boxes, in the order of registration. */
  readonly nodes: readonly GraphNode[];
  /** Frames around some of them. */
  readonly groups: readonly GroupBox[];
  /** Arrows between boxes and frames. */
  readonly edges: readonly GraphEdge[];
  /** Subnets, by their zones. */
  readonly subnets: readonly SubnetBox[];
  /** Address range of the VPC. */
  readonly vpc: string;
}

interface Drawn {
  readonly kind: Kind;
  readonly title: string;
  readonly detail: (item: Item, all: readonly Item[]) => string;
  /** Whether several of them share a box. */
  readonly together?: boolean;
}

const text = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

const tasksOf = (item: Item, all: readonly Item[]): string => {
  const target = all.find(({ type }) => canonical(type) === types.scalingTarget);
  return target && item.inputs["loadBalancers"] !== undefined
    ? `${text(target.inputs["minCapacity"])}–${text(target.inputs["maxCapacity"])} Fargate tasks`
    : `${text(item.inputs["desiredCount"])} Fargate tasks`;
};

const drawn: Readonly<Record<string, Drawn>> = {
  [types.loadBalancer]: { kind: "balance", title: "Load balancer", detail: () => "application, sticky" },
  [types.service]: { kind: "compute", title: "Service", detail: tasksOf },
  [types.database]: {
    kind: "database",
    title: "PostgreSQL",
    detail: ({ inputs }) =>
      `${text(inputs["instanceClass"])}${inputs["multiAz"] === true ? ", standby" : ""}`,
  },
  [types.proxy]: { kind: "database", title: "RDS Proxy", detail: () => "connection pool" },
  [types.cache]: { kind: "cache", title: "Cache", detail: ({ inputs }) => text(inputs["nodeType"]) },
  [types.cacheCluster]: { kind: "cache", title: "Cache", detail: ({ inputs }) => text(inputs["nodeType"]) },
  [types.natGateway]: { kind: "network", title: "NAT gateway", detail: () => "way out", together: true },
  [types.function]: {
    kind: "compute",
    title: "Function",
    detail: ({ inputs }) => `${text(inputs["memorySize"]) || "128"} MB`,
  },
  [types.repository]: { kind: "compute", title: "Images", detail: () => "ECR repository" },
  [types.bucket]: { kind: "storage", title: "Bucket", detail: () => "S3" },
  [types.secret]: { kind: "security", title: "Secrets", detail: () => "Secrets Manager", together: true },
  "aws:kms/key:Key": { kind: "security", title: "Keys", detail: () => "KMS", together: true },
  [types.topic]: { kind: "watch", title: "Alarm topic", detail: () => "SNS" },
  [types.logGroup]: { kind: "watch", title: "Logs", detail: () => "CloudWatch", together: true },
  [types.alarm]: { kind: "watch", title: "Alarms", detail: () => "CloudWatch", together: true },
  [types.distribution]: { kind: "network", title: "CDN", detail: () => "CloudFront" },
  "aws:scheduler/schedule:Schedule": {
    kind: "compute",
    title: "Schedules",
    detail: () => "EventBridge",
    together: true,
  },
  "aws:wafv2/webAcl:WebAcl": { kind: "security", title: "Web firewall", detail: () => "WAF" },
};

/** Subnets of a resource, also through its subnet group or the database that it copies. */
function subnetsOf(item: Item, all: ReadonlyMap<string, Item>, seen = new Set<string>()): readonly Item[] {
  if (seen.has(item.urn)) return [];
  seen.add(item.urn);
  const own = madeOf(item, all, types.subnet);
  if (own.length > 0) return own;
  const groups = [types.databaseSubnetGroup, types.cacheSubnetGroup];
  const source = item.propertyDependencies?.["replicateSourceDb"] ?? [];
  return [
    ...groups.flatMap((type) => madeOf(item, all, type)),
    ...source.flatMap((urn) => all.get(urn) ?? []),
  ].flatMap((each) => subnetsOf(each, all, seen));
}

/** Whether a subnet's route table leads to an internet gateway. */
function isPublic(subnet: Item, items: readonly Item[], all: ReadonlyMap<string, Item>): boolean {
  const tables = items
    .filter(({ type }) => canonical(type) === types.routeTableAssociation)
    .filter((each) => madeOf(each, all).includes(subnet))
    .flatMap((each) => madeOf(each, all, "aws:ec2/routeTable:RouteTable"));
  return items
    .filter(({ type }) => canonical(type) === types.route)
    .some((route) => {
      const made = madeOf(route, all);
      return (
        made.some(({ type }) => type === types.internetGateway) && made.some((each) => tables.includes(each))
      );
    });
}

/** A title with the words of a name that add to it: `Service outbox-relay`. */
function named(title: string, name: string): string {
  const known = ["chatpop", "worker", ...title.toLowerCase().split(" ")];
  const own = name.split("-").filter((word) => !known.includes(word));
  return own.length > 0 ? `${title} ${own.join("-")}` : title;
}

const people: GraphNode = {
  id: "people",
  members: [],
  title: "People",
  detail: "the internet",
  kind: "people",
  place: "outside",
};

function nodesOf(items: readonly Item[], place: (item: Item) => Place): readonly GraphNode[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const type = canonical(item.type);
    const form = drawn[type];
    if (!form) continue;
    const key = form.together ? type : item.urn;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].map((members): GraphNode => {
    const [first] = members as [Item];
    const { kind, title, detail, together } = drawn[canonical(first.type)]!;
    const count = members.length;
    return {
      id: first.urn,
      members,
      title: together ? (count > 1 ? `${count} × ${title}` : title) : named(title, first.name),
      detail: detail(first, items),
      kind,
      place: place(first),
    };
  });
}

/** Security groups with several nodes in the same place. */
function groupsOf(
  items: readonly Item[],
  nodes: readonly GraphNode[],
  all: ReadonlyMap<string, Item>,
): readonly GroupBox[] {
  return items
    .filter(({ type }) => canonical(type) === types.securityGroup)
    .flatMap((item): readonly GroupBox[] => {
      const inside = nodes.filter(({ members }) =>
        madeOf(members[0]!, all, types.securityGroup).includes(item),
      );
      const place = inside[0]?.place;
      return inside.length > 1 && place && inside.every((node) => node.place === place)
        ? [
            {
              id: item.urn,
              item,
              title: named("Security group", item.name),
              place,
              nodes: inside.map(({ id }) => id),
            },
          ]
        : [];
    });
}

/** Arrows between boxes, by the rules of the security groups. */
function arrows(
  items: readonly Item[],
  nodes: readonly GraphNode[],
  groups: readonly GroupBox[],
  all: ReadonlyMap<string, Item>,
): readonly GraphEdge[] {
  const found = new Map<string, { from: string; to: string; ports: Set<string> }>();
  const add = (from: string, to: string, port: string) => {
    const edge = found.get(`${from} ${to}`) ?? { from, to, ports: new Set<string>() };
    if (port !== "") edge.ports.add(port);
    found.set(`${from} ${to}`, edge);
  };
  /** The frame of a security group, or the nodes in it. */
  const inGroup = (rule: Item, property: string): readonly string[] => {
    const urns = rule.propertyDependencies?.[property] ?? [];
    const group = urns.map((urn) => all.get(urn)).find((each) => each?.type === types.securityGroup);
    if (!group) return [];
    if (groups.some(({ id }) => id === group.urn)) return [group.urn];
    return nodes.flatMap(({ id, members }) =>
      members.some((member) => madeOf(member, all, types.securityGroup).includes(group)) ? [id] : [],
    );
  };
  const ways = nodes.filter(({ kind, place }) => kind === "network" && place === "public");
  const placeOf = (id: string) => [...nodes, ...groups].find((each) => each.id === id)?.place;
  for (const rule of items) {
    const type = canonical(rule.type);
    const { inputs } = rule;
    const ports = text(inputs["fromPort"]);
    const self = inGroup(rule, "securityGroupId");
    const open = inputs["cidrIpv4"] ?? inputs["cidrIpv6"];
    if (type === types.ingressRule) {
      const sources = open ? [people.id] : inGroup(rule, "referencedSecurityGroupId");
      for (const source of sources) for (const target of self) add(source, target, ports);
    }
    if (type === types.egressRule && open) {
      for (const source of self) {
        // In a public subnet it needs no NAT gateway.
        if (placeOf(source) === "private") for (const way of ways) add(source, way.id, ports);
      }
    }
  }
  for (const { id, members } of nodes) {
    // A replica follows its source without a rule.
    for (const urn of members.flatMap((member) => member.propertyDependencies?.["replicateSourceDb"] ?? [])) {
      add(urn, id, "");
    }
  }
  return [...found.values()].map(({ from, to, ports }) => ({
    from,
    to,
    ports: [...ports].sort((one, other) => Number(one) - Number(other)),
  }));
}

/** The architecture of registered resources. */
export function graphOf(items: readonly Item[]): Graph {
  const all = byUrn(items);
  const subnets = items
    .filter(({ type }) => canonical(type) === types.subnet)
    .map((item): SubnetBox => ({
      id: item.urn,
      item,
      zone: text(item.inputs["availabilityZone"]),
      cidr: text(item.inputs["cidrBlock"]),
      place: isPublic(item, items, all) ? "public" : "private",
    }))
    .sort((one, other) => one.zone.localeCompare(other.zone) || one.cidr.localeCompare(other.cidr));
  const place = (item: Item): Place => {
    const [first] = subnetsOf(item, all);
    return subnets.find(({ item: subnet }) => subnet === first)?.place ?? "region";
  };
  const nodes = nodesOf(items, place);
  const groups = groupsOf(items, nodes, all);
  return {
    nodes: [people, ...nodes],
    groups,
    edges: arrows(items, nodes, groups, all),
    subnets,
    vpc: text(items.find(({ type }) => canonical(type) === types.vpc)?.inputs["cidrBlock"]),
  };
}
