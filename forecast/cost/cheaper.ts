import { type Bill, billOf } from "../../aws/billing";
import { pricesOf, yearly } from "../../aws/prices";
import { guideMetrics } from "../../stacks/guideMetrics";
import { makePlan, type Plan } from "../../stacks/plan";
import { type Habits, paidResources, priceOf, usageOf, usualHabits } from "../../stacks/plan/price";
import { parseSettings, SettingsError } from "../../stacks/settings";
import { holds, partsOf } from "../capacity/parts";
import { curves } from "../simulation/curves";
import { serviceOf } from "../simulation/comparison";
import { play } from "../simulation/simulation";
import { hoursOf } from "./hours";

/** A way to pay less. */
export interface Saving {
  /** Name: `tasks on Graviton`. */
  readonly what: string;
  /** Settings of this way; absent if only the account's owner can take it. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Further steps, or all steps without a setting. */
  readonly how?: string;
  /** Monthly saving (USD); an unpublished discount of AWS counts at its lower end. */
  readonly usd: number;
  /** Drawback, in one clause. */
  readonly risk: string;
  /** Whether full load still fits. */
  readonly holds: boolean;
}

interface Context {
  readonly raw: Readonly<Record<string, string>>;
  readonly plan: Plan;
  readonly bill: Bill;
  readonly habits: Habits;
  readonly region: string;
}

interface Candidate {
  readonly what: string;
  readonly settings: (context: Context) => Readonly<Record<string, string>> | undefined;
  readonly risk: string;
  readonly how?: string;
}

/** Graviton's classes of the same size. */
const graviton: readonly (readonly [RegExp, string])[] = [
  [/\.t3\./, ".t4g."],
  [/\.m5\./, ".m7g."],
];
const onGraviton = (instanceClass: string): string | undefined => {
  const found = graviton.find(([from]) => from.test(instanceClass));
  return found && instanceClass.replace(found[0], found[1]);
};

/** Alternatives by a setting, each of which is planned and priced. */
const candidates: readonly Candidate[] = [
  {
    what: "tasks on Graviton",
    settings: ({ plan }) => (plan.task.architecture === "arm64" ? undefined : { architecture: "arm64" }),
    risk: "the image has to be built for linux/arm64; its speed was not measured",
  },
  {
    what: "database on Graviton",
    settings: ({ plan }) => setIf("databaseClass", onGraviton(plan.database.instanceClass)),
    risk: "the database restarts",
  },
  {
    what: "cache on Graviton",
    settings: ({ plan }) => setIf("cacheNodeType", onGraviton(plan.cache.nodeType)),
    risk: "sockets reconnect once",
  },
  {
    what: "Valkey in place of Redis",
    settings: ({ plan }) =>
      // The same node is fixed, because the Plan would choose another size with another engine.
      plan.cache.engine === "redis"
        ? { cacheEngine: "valkey", cacheNodeType: plan.cache.nodeType }
        : undefined,
    risk: "going back replaces the cache",
  },
  {
    what: "workers on Spot",
    settings: ({ raw, plan }) => {
      const movable = plan.workers.filter(({ onDemandTasks }) => onDemandTasks > 0);
      if (movable.length === 0) return undefined;
      const given = JSON.parse(raw["workers"] ?? "{}") as Record<string, object>;
      const changed = movable.map(({ name }) => [name, { ...given[name], onDemandTasks: 0 }] as const);
      return { workers: JSON.stringify({ ...given, ...Object.fromEntries(changed) }) };
    },
    risk: "AWS takes them back with two minutes' notice, the outbox's relay as well: messages wait",
  },
  {
    what: "one NAT gateway",
    settings: ({ plan }) => (plan.network.natGateways > 1 ? { egress: "nat" } : undefined),
    risk: "when its zone is lost, no new task starts until it is back",
  },
  {
    what: "no NAT gateway",
    settings: ({ plan }) => (plan.network.natGateways > 0 ? { egress: "public-ip" } : undefined),
    risk: "every task has a public address; its security group keeps everybody out",
  },
  {
    what: "only the guide's alarms",
    settings: ({ raw, plan }) => {
      const reason = "no metric of the guide";
      const off = Object.values(plan.monitoring.alarms).flatMap(({ key }) =>
        key in guideMetrics ? [] : [[key, { enabled: false, reason }] as const],
      );
      const given = JSON.parse(raw["alarms"] ?? "{}") as object;
      return off.length > 0
        ? { alarms: JSON.stringify({ ...given, ...Object.fromEntries(off) }) }
        : undefined;
    },
    risk: "no alarm for lost messages, a full disk or a failing relay",
  },
];

const setIf = (key: string, value: string | undefined) =>
  value === undefined ? undefined : { [key]: value };

const sumOf = ({ lines }: Bill, prefix: RegExp) =>
  lines.reduce((total, line) => (prefix.test(line.price) ? total + line.usd : total), 0);

/** Fewer tasks at night, priced over a day's curve: a constant load would show no saving. */
function nightly({ raw, plan, habits, region }: Context): Saving | undefined {
  const { minimum, maximum, schedule } = plan.autoscaling;
  const night = Math.max(1, Math.ceil(minimum / 2));
  if (schedule.length > 0 || night >= minimum) return undefined;
  const day = curves.find(({ name }) => name === "day")!;
  const service = serviceOf(plan);
  const price = (taskHours: number) =>
    billOf(paidResources(plan), usageOf(plan.demand, taskHours / 24, habits, hoursOf(day)), region).total;
  const limits = [
    { from: 0, minimum: night, maximum },
    { from: 8 * 60, minimum, maximum },
  ];
  const scheduled = play(day, { ...service, schedule: limits });
  const usd = price(play(day, service).taskHours) - price(scheduled.taskHours);
  return {
    what: "fewer tasks from midnight to eight, over a day's curve",
    settings: {
      scheduledScaling: JSON.stringify({
        night: { schedule: "cron(0 0 * * ? *)", minTasks: night },
        morning: { schedule: "cron(0 8 * * ? *)", minTasks: minimum },
      }),
    },
    usd,
    risk: "sockets of the tasks that end reconnect; a surge at night finds fewer tasks",
    holds: holds(partsOf(makePlan(parseSettings(raw)))),
  };
}

/** Alternatives without a setting: contracts, and a CDN in front of the sockets. */
function contracts({ bill, region, plan, habits }: Context): readonly Saving[] {
  const fits = holds(partsOf(plan, plan.demand, habits));
  const price = pricesOf(region);
  const cdn = price("cloudfront.payg.egressGb");
  const gigabytes = bill.lines.reduce(
    (total, line) => (line.price.startsWith("egress.") ? total + line.quantity : total),
    0,
  );
  const throughCdn = Math.max(0, gigabytes - (cdn?.freePerMonth ?? 0)) * (cdn?.usd ?? Infinity);
  const percent = (share: number) => Math.round(100 * share);
  const { savingsPlan, reservedDatabase } = yearly;
  return [
    {
      what: `Compute Savings Plan for a year (${percent(savingsPlan.min)} to ${percent(savingsPlan.max)} %, unverified)`,
      how: "buy it in the account, for the fewest tasks",
      usd: savingsPlan.min * sumOf(bill, /^fargate\./),
      risk: "it is paid for a year, used or not",
      holds: fits,
    },
    {
      what: `reserved database and cache nodes for a year (${percent(reservedDatabase.min)} to ${percent(reservedDatabase.max)} %, unverified)`,
      how: "buy them in the account, once the classes are settled",
      usd: reservedDatabase.min * sumOf(bill, /^(rds\.postgres|elasticache)\./),
      risk: "another class later is not covered",
      holds: fits,
    },
    {
      what: "CloudFront in front of the sockets",
      how: "a distribution whose origin is the load balancer; not part of the program",
      usd: sumOf(bill, /^egress\./) - throughCdn,
      risk: "one more service in the way of every socket, not measured; all of it is counted at its first tier's price",
      holds: fits,
    },
  ];
}

/**
 * Ways to pay less for a stack with these settings, the largest saving first, without those that save nothing.
 *
 * @param raw Settings in the form of the stack file, with the scale.
 * @throws SettingsError, UnpricedRegion
 */
export function cheaper(
  raw: Readonly<Record<string, string>>,
  region: string,
  habits: Habits = usualHabits,
): readonly Saving[] {
  const plan = makePlan(parseSettings(raw));
  const tasks = plan.service.desiredTasks;
  const bill = priceOf(plan, region, { habits });
  const context: Context = { raw, plan, bill, habits, region };
  const bySetting = candidates.flatMap(({ what, settings, risk, how }): Saving[] => {
    const changed = settings(context);
    if (!changed) return [];
    try {
      const after = makePlan(parseSettings({ ...raw, ...changed }));
      const found = priceOf(after, region, { habits, tasks });
      // Without this, an alternative with an unknown price would seem free.
      if (found.unknown.length > bill.unknown.length) return [];
      const fits = holds(partsOf(after, after.demand, habits));
      return [
        { what, settings: changed, ...(how && { how }), usd: bill.total - found.total, risk, holds: fits },
      ];
    } catch (error) {
      if (error instanceof SettingsError) return [];
      throw error;
    }
  });
  const scheduled = nightly(context);
  return [...bySetting, ...(scheduled ? [scheduled] : []), ...contracts(context)]
    .filter(({ usd }) => usd >= 0.5)
    .sort((one, other) => other.usd - one.usd);
}

/** The settings of a saving as a command would set them. */
export const settingsText = ({ settings, how }: Saving): string =>
  settings
    ? Object.entries(settings)
        .map(
          ([key, value]) =>
            `pulumi config set chatpop:${key} ${/[\s{}"]/.test(value) ? `'${value}'` : value}`,
        )
        .join(" && ")
    : (how ?? "");
