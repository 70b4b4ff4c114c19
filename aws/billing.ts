import { sizeOf } from "./instanceClasses";
import { hoursPerMonth, type Price, pricesOf, spotDiscount } from "./prices";
import { canonical, types } from "./types";

/** A resource as a program registers it. */
export interface BilledResource {
  /** Type token: `aws:rds/instance:Instance`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Arguments by name; unknown values are absent. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URN; with the dependencies of others it shows the task definition of a service. */
  readonly urn?: string;
  /** URNs that each argument was made of. */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** Monthly usage of the resources, which their arguments do not show. */
export interface Usage {
  /** Tasks of an autoscaled service, on average. */
  readonly tasks: number;
  /** Capacity units of the load balancer, on average over the hours. */
  readonly capacityUnits: number;
  /** GB that leave AWS for the internet. */
  readonly egress: number;
  /** GB that go out through NAT gateways. */
  readonly natTraffic: number;
  /** GB of log that are written; kept for a month. */
  readonly logs: number;
  /** GB of container images. */
  readonly images: number;
  /** GB of media. */
  readonly media: number;
}

/** Lines of a bill that belong together. */
export type BillGroup =
  "compute" | "load balancer" | "database" | "cache" | "network" | "operations" | "egress";

/** A line of a bill. */
export interface BillLine {
  /** Part of the bill. */
  readonly group: BillGroup;
  /** Item: `chatpop 25 × 0.5 vCPU`. */
  readonly what: string;
  /** Type token of the resource. */
  readonly type: string;
  /** Logical name of the resource. */
  readonly resource: string;
  /** Units in a month. */
  readonly quantity: number;
  /** Key in `priceList.json`. */
  readonly price: string;
  /** Unit of the price. */
  readonly unit: string;
  /** USD for a unit; undefined where the price is not known. */
  readonly unitPrice?: number;
  /** USD a month; 0 if the price is not known (`unitPrice` is undefined). */
  readonly usd: number;
  /** `fixed` does not depend on the load; `usage` follows people and messages. */
  readonly kind: "fixed" | "usage";
  /** Assumption behind the quantity. */
  readonly assumption?: string;
}

interface Draft {
  readonly group: BillGroup;
  readonly what: string;
  readonly quantity: number;
  readonly price: string;
  readonly usage?: boolean;
  readonly assumption?: string;
  /** Part of the list price that is paid. @default 1 */
  readonly share?: number;
}

interface Context {
  readonly usage: Usage;
  readonly resources: readonly BilledResource[];
  readonly price: (key: string) => Price | undefined;
}

type Biller = (resource: BilledResource, context: Context) => readonly Draft[];

const hours = (group: BillGroup, what: string, price: string, count = 1): Draft => ({
  group,
  what,
  price,
  quantity: count * hoursPerMonth,
});
const addresses = (group: BillGroup, what: string, count: number): readonly Draft[] =>
  count > 0 ? [hours(group, `${what}, ${round(count)} public IPv4`, "ipv4.public.hour", count)] : [];
const round = (value: number) => Math.round(10 * value) / 10;

/** The definition that a service runs: the one it was made of, or the only one there is. */
function definitionOf(
  service: BilledResource,
  resources: readonly BilledResource[],
): BilledResource | undefined {
  const definitions = resources.filter(({ type }) => type === types.taskDefinition);
  const from = service.propertyDependencies?.["taskDefinition"] ?? [];
  const made = definitions.find(({ urn }) => urn !== undefined && from.includes(urn));
  // Events of an update lack dependencies of properties: names with the same beginning belong together.
  const alike = ({ name }: BilledResource) =>
    [...name].findIndex((letter, at) => letter !== service.name[at]);
  const nearest = (one: BilledResource) => (alike(one) < 0 ? one.name.length : alike(one));
  return made ?? [...definitions].sort((one, other) => nearest(other) - nearest(one))[0];
}

const billService: Biller = (service, { usage, resources }) => {
  const inputs = definitionOf(service, resources)?.inputs ?? {};
  const [vcpu, memory] = [Number(inputs["cpu"] ?? 256) / 1_024, Number(inputs["memory"] ?? 512) / 1_024];
  const arm =
    (inputs["runtimePlatform"] as { cpuArchitecture?: string } | undefined)?.cpuArchitecture === "ARM64";
  // Only the service behind the load balancer is scaled; other services keep their count.
  const scaled = service.inputs["loadBalancers"] !== undefined;
  const count = scaled ? usage.tasks : Number(service.inputs["desiredCount"] ?? 1);
  const strategies = (service.inputs["capacityProviderStrategies"] ?? []) as readonly {
    capacityProvider?: string;
    base?: number;
  }[];
  const base = strategies.find(({ capacityProvider }) => capacityProvider === "FARGATE")?.base ?? 0;
  const onSpot = strategies.some(({ capacityProvider }) => capacityProvider === "FARGATE_SPOT");
  const onDemand = onSpot ? Math.min(count, base) : count;
  const kind = arm ? "arm" : "x86";
  const tasks = (many: number, spot: boolean): readonly Draft[] =>
    many > 0
      ? (["vcpuHour", "gbHour"] as const).map((unit) => ({
          group: "compute",
          what: `${service.name}, ${round(many)} × ${unit === "vcpuHour" ? `${vcpu} vCPU` : `${memory} GB`}${spot ? " on Spot" : ""}`,
          price: `fargate.${kind}.${unit}`,
          quantity: many * hoursPerMonth * (unit === "vcpuHour" ? vcpu : memory),
          usage: scaled,
          ...(spot && { share: 1 - spotDiscount, assumption: "Spot saves 70 %, AWS's most" }),
        }))
      : [];
  const isPublic = (service.inputs["networkConfiguration"] as { assignPublicIp?: boolean } | undefined)
    ?.assignPublicIp;
  return [
    ...tasks(onDemand, false),
    ...tasks(count - onDemand, true),
    ...(isPublic ? addresses("compute", service.name, count) : []),
  ];
};

const billDatabase: Biller = ({ name, inputs }, { resources }) => {
  const source = resources.find(({ type, inputs: each }) => type === types.database && each["instanceClass"]);
  const instanceClass = String(inputs["instanceClass"] ?? source?.inputs["instanceClass"]);
  const storage = Number(inputs["allocatedStorage"] ?? source?.inputs["allocatedStorage"] ?? 0);
  const standby = inputs["multiAz"] === true;
  return [
    hours(
      "database",
      `${name}, ${instanceClass}${standby ? " with a standby" : ""}`,
      `rds.postgres.${instanceClass}.hour`,
      standby ? 2 : 1,
    ),
    {
      group: "database",
      what: `${name}, ${storage} GiB`,
      price: standby ? "rds.gp3.multiAz.gbMonth" : "rds.gp3.gbMonth",
      quantity: storage,
    },
    ...(inputs["publiclyAccessible"] === true ? addresses("database", name, 1) : []),
  ];
};

const billProxy: Biller = ({ name }, { resources }) => {
  const database = resources.find(({ type }) => type === types.database);
  const vcpu = Math.max(2, sizeOf(String(database?.inputs["instanceClass"]))?.vcpu ?? 2);
  return [hours("database", `${name}, RDS Proxy for ${vcpu} vCPU`, "rds.proxy.vcpuHour", vcpu)];
};

const billCache: Biller = ({ name, inputs }) => {
  const [engine, nodeType] = [inputs["engine"] ?? "redis", inputs["nodeType"]].map(String);
  const nodes = Number(inputs["numCacheClusters"] ?? inputs["numCacheNodes"] ?? 1);
  return [
    hours(
      "cache",
      `${name}, ${nodes} × ${nodeType} (${engine})`,
      `elasticache.${engine}.${nodeType}.hour`,
      nodes,
    ),
  ];
};

const billLoadBalancer: Biller = ({ name, inputs }, { usage }) => {
  const zones = (inputs["subnets"] as readonly unknown[] | undefined)?.length ?? 2;
  return [
    hours("load balancer", name, "alb.hour"),
    {
      group: "load balancer",
      what: `${name}, ${round(usage.capacityUnits)} capacity units`,
      price: "alb.lcuHour",
      quantity: usage.capacityUnits * hoursPerMonth,
      usage: true,
      assumption: "the largest of connections / 3,000, GB an hour and new connections / 25 a second",
    },
    ...addresses("load balancer", name, inputs["internal"] === true ? 0 : zones),
    ...egress(usage.egress),
  ];
};

/** Upper ends of AWS's tiers: GB. */
const tiers = [100, 10_240, 51_200, 153_600, Infinity];

/** Traffic to the internet, by AWS's tiers. */
const egress = (gigabytes: number): readonly Draft[] =>
  tiers.flatMap((to, index) => {
    const from = tiers[index - 1] ?? 0;
    const quantity = Math.min(gigabytes, to) - from;
    const what = `to the internet, ${Number.isFinite(to) ? `up to ${to.toLocaleString("en")} GB` : "beyond"}`;
    return quantity > 0
      ? [{ group: "egress" as const, what, price: `egress.internet.tier${index}.gb`, quantity, usage: true }]
      : [];
  });

const perMonth =
  (group: BillGroup, what: string, price: string): Biller =>
  ({ name }) => [{ group, what: `${name}, ${what}`, price, quantity: 1 }];

/** Whether a resource is the first of its type: the usage of the whole stack is billed with it. */
const isFirst = (resource: BilledResource, { resources }: Context) =>
  resources.find(({ type }) => type === resource.type) === resource;

/** Paid items of each type, by its canonical token. A type that is neither here nor in `free` is unknown. */
const billers: Readonly<Record<string, Biller>> = {
  [types.service]: billService,
  [types.database]: billDatabase,
  [types.proxy]: billProxy,
  [types.cache]: billCache,
  [types.cacheCluster]: billCache,
  [types.loadBalancer]: billLoadBalancer,
  [types.natGateway]: (resource, context) => [
    hours("network", resource.name, "nat.hour"),
    ...(isFirst(resource, context)
      ? [
          {
            group: "network" as const,
            what: "through NAT gateways",
            price: "nat.gb",
            quantity: context.usage.natTraffic,
            usage: true,
          },
        ]
      : []),
  ],
  "aws:ec2/eip:Eip": ({ name }) => addresses("network", name, 1),
  [types.vpcEndpoint]: ({ name, inputs }) =>
    inputs["vpcEndpointType"] === "Interface"
      ? [
          hours(
            "network",
            name,
            "vpcEndpoint.interface.azHour",
            (inputs["subnetIds"] as readonly unknown[] | undefined)?.length ?? 1,
          ),
        ]
      : [hours("network", name, "vpcEndpoint.gateway.hour")],
  [types.logGroup]: (resource, context) =>
    isFirst(resource, context)
      ? [
          {
            group: "operations",
            what: "logs written",
            price: "cloudwatch.logs.ingestGb",
            quantity: context.usage.logs,
            usage: true,
          },
          {
            group: "operations",
            what: "logs kept",
            price: "cloudwatch.logs.storageGbMonth",
            quantity: context.usage.logs,
            usage: true,
          },
        ]
      : [],
  [types.alarm]: ({ name, inputs }) => {
    // An alarm over an expression is charged for every metric in it.
    const queries = inputs["metricQueries"] as readonly { metric?: unknown }[] | undefined;
    const metrics = queries ? queries.filter(({ metric }) => metric).length : 1;
    return [
      {
        group: "operations",
        what: `alarm ${name}`,
        price: "cloudwatch.alarm.month",
        quantity: Math.max(1, metrics),
      },
    ];
  },
  [types.compositeAlarm]: ({ name }) => [
    { group: "operations", what: `alarm ${name}`, price: "cloudwatch.compositeAlarm.month", quantity: 1 },
  ],
  [types.dashboard]: perMonth("operations", "dashboard", "cloudwatch.dashboard.month"),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": perMonth(
    "operations",
    "metric",
    "cloudwatch.customMetric.month",
  ),
  [types.secret]: perMonth("operations", "secret", "secretsManager.secret.month"),
  "aws:kms/key:Key": perMonth("operations", "key", "kms.key.month"),
  [types.repository]: (resource, context) => [
    {
      group: "operations",
      what: `${resource.name}, images`,
      price: "ecr.storage.gbMonth",
      quantity: isFirst(resource, context) ? context.usage.images : 0,
      usage: true,
    },
  ],
  [types.bucket]: (resource, context) => [
    {
      group: "operations",
      what: `${resource.name}, objects`,
      price: "s3.standard.gbMonth",
      quantity: isFirst(resource, context) ? context.usage.media : 0,
      usage: true,
    },
  ],
  "aws:wafv2/webAcl:WebAcl": ({ name, inputs }) => [
    { group: "network", what: `${name}, web ACL`, price: "waf.acl.month", quantity: 1 },
    {
      group: "network",
      what: `${name}, rules`,
      price: "waf.rule.month",
      quantity: (inputs["rules"] as readonly unknown[] | undefined)?.length ?? 0,
    },
  ],
  "aws:route53/zone:Zone": perMonth("network", "zone", "route53.zone.month"),
  [types.distribution]: ({ name }) => [
    {
      group: "egress",
      what: `${name}, media out`,
      price: "cloudfront.payg.egressGb",
      quantity: 0,
      usage: true,
      assumption: "media are counted with the load balancer's traffic",
    },
  ],
};

/** Types that cost nothing, or next to nothing: their calls are counted in thousands, not millions. */
const free: readonly RegExp[] = [
  /^(pulumi|random|command|docker-build|awsx):/,
  /^aws:(iam|appautoscaling|scheduler|sns|vpc|acm|budgets)\//,
  /^aws:ec2\/(?!natGateway|eip|vpcEndpoint|instance|volume|transitGateway|vpnConnection)/,
  /^aws:ecs\/(?!service)/,
  /^aws:lb\/(?!loadBalancer)/,
  /^aws:(rds|elasticache)\/(parameterGroup|subnetGroup|proxyDefaultTargetGroup|proxyTarget|user)/,
  /^aws:s3\/bucket[A-Z]/,
  /^aws:(ecr\/lifecyclePolicy|secretsmanager\/secretVersion|kms\/(alias|grant)|lambda\/(function|invocation|permission))/,
  /^aws:cloudwatch\/(event\w+|logResourcePolicy|queryDefinition)/,
  /^aws:(wafv2\/webAcl\w+|cloudfront\/(?!distribution)\w+|route53\/record|backup\/(plan|selection|vault\w*)|costexplorer\/\w+)/,
];

/** A month's bill. */
export interface Bill {
  /** In the order of the resources. */
  readonly lines: readonly BillLine[];
  /** USD a month that are paid whatever the load. */
  readonly fixed: number;
  /** USD a month that follow the load. */
  readonly usage: number;
  /** `fixed` and `usage` together; at least so much where something is unknown. */
  readonly total: number;
  /** Resources by how they were counted. */
  readonly counts: {
    readonly priced: number;
    readonly free: number;
    readonly usage: number;
    readonly unknown: number;
  };
  /** Unknown types and prices; the total does not include them. */
  readonly unknown: readonly string[];
}

/**
 * The bill of a month for resources as they were registered.
 *
 * @throws UnpricedRegion
 */
export function billOf(all: readonly BilledResource[], usage: Usage, region: string): Bill {
  const price = pricesOf(region);
  // Components are no resources of AWS.
  const resources = all
    .filter(({ type }) => !/^(chatpop:|pulumi:pulumi:)/.test(type))
    .map((each) => ({ ...each, type: canonical(each.type) }));
  const context: Context = { usage, resources, price };
  const lines: BillLine[] = [];
  const unknown = new Set<string>();
  const counts = { priced: 0, free: 0, usage: 0, unknown: 0 };
  const left = new Map<string, number>();
  for (const resource of resources) {
    const biller = billers[resource.type];
    if (!biller) {
      if (free.some((pattern) => pattern.test(resource.type))) counts.free++;
      else {
        counts.unknown++;
        unknown.add(resource.type);
      }
      continue;
    }
    const drafts = biller(resource, context).map((draft) => lineOf(draft, resource, price, left));
    for (const { unitPrice, price: key } of drafts) if (unitPrice === undefined) unknown.add(key);
    if (drafts.some(({ unitPrice }) => unitPrice === undefined)) counts.unknown++;
    else if (drafts.some(({ kind, usd }) => kind === "fixed" && usd > 0)) counts.priced++;
    else if (drafts.some(({ kind }) => kind === "usage")) counts.usage++;
    else counts.free++;
    lines.push(...drafts);
  }
  const sum = (kind: BillLine["kind"]) =>
    lines.reduce((total, line) => (line.kind === kind ? total + line.usd : total), 0);
  const [fixed, variable] = [sum("fixed"), sum("usage")];
  return { lines, fixed, usage: variable, total: fixed + variable, counts, unknown: [...unknown].sort() };
}

/** @param left Free units that are left of each price. */
function lineOf(
  draft: Draft,
  { type, name }: BilledResource,
  price: Context["price"],
  left: Map<string, number>,
): BillLine {
  const { group, what, quantity, price: key, usage = false, assumption, share = 1 } = draft;
  const found = price(key);
  const unitPrice = found?.usd ?? undefined;
  const free = Math.min(quantity, left.get(key) ?? found?.freePerMonth ?? 0);
  left.set(key, (left.get(key) ?? found?.freePerMonth ?? 0) - free);
  return {
    group,
    what,
    type,
    resource: name,
    quantity,
    price: key,
    unit: found?.unit ?? "unit",
    ...(unitPrice !== undefined && { unitPrice }),
    usd: (quantity - free) * (unitPrice ?? 0) * share,
    kind: usage ? "usage" : "fixed",
    ...(assumption && { assumption }),
  };
}
