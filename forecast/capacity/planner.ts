import { demandOf, guideScaleOf, guideTasks } from "../../stacks/capacity";
import {
  connectionScalingFromRooms,
  guide,
  outboxFromRooms,
  outboxRecommendedFromRooms,
  proxyFromRooms,
  replicaFromRooms,
} from "../../stacks/guide";
import { makePlan, type Plan } from "../../stacks/plan";
import { type Habits, priceOf, usualHabits } from "../../stacks/plan/price";
import { summary } from "../../stacks/plan/summary";
import { relayCarries, relayName } from "../../stacks/plan/workers";
import { parseSettings, SettingsError } from "../../stacks/settings";
import { bindingOf, holds, type Part, partsOf } from "./parts";

/** A question to the planner. */
export interface Question {
  /** Rooms that are open at the same time. */
  readonly rooms: number;
  /** Users of a room. */
  readonly users: number;
  /** Messages a second over all rooms. @default the guide's line */
  readonly messages?: number;
  /** Further settings in the form of the stack file: `{ taskCpu: "1024" }`. @default {} */
  readonly settings?: Readonly<Record<string, string>>;
  /** @default `usualHabits` */
  readonly habits?: Habits;
  /** Region whose prices count. @default us-east-1 */
  readonly region?: string;
}

/** A part with the size at which it is full. */
export interface PartLine extends Part {
  /** Rooms of the same kind at which it is full without a change of the Plan; undefined if no size fills it. */
  readonly roomsAtMost?: number;
}

/** A change of settings with its effect, found by a plan with it. */
export interface Remedy {
  /** The settings, as `pulumi config set chatpop:<key> <value>` takes them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Share of the binding part afterwards. */
  readonly used: number;
  /** Whether every part then holds. */
  readonly holds: boolean;
  /** Change of the monthly cost (USD) with the tasks for the load; undefined if a price is unknown. */
  readonly usdMore?: number;
}

/** The planner's answer. */
export interface Answer {
  /** The load of the question. */
  readonly demand: Plan["demand"];
  /** Every setting that was given or follows from the question. */
  readonly settings: Readonly<Record<string, string>>;
  /** Limits of autoscaling and the first count, beside the guide's. */
  readonly tasks: {
    readonly minimum: number;
    readonly desired: number;
    readonly maximum: number;
    readonly guide: { readonly minimum: number; readonly desired: number; readonly maximum: number };
  };
  /** The Plan in the form of the stack output `plan`. */
  readonly plan: ReturnType<typeof summary>;
  /** Every part, whether it is full or not. */
  readonly parts: readonly PartLine[];
  /** Key of the fullest part. */
  readonly binding: string;
  /** Whether every part carries the load. */
  readonly holds: boolean;
  /** Free share of the fullest part. */
  readonly headRoom: number;
  /** Remedies that give the fullest part more room; those that suffice come first. */
  readonly remedies: readonly Remedy[];
  /** The next row of the guide, as rooms grow. */
  readonly next?: { readonly rooms: number; readonly changes: readonly string[] };
  /** Monthly cost (USD) with autoscaling's tasks under full load. */
  readonly usdPerMonth: number;
  /** Unknown prices, which `usdPerMonth` does not include. */
  readonly unpriced: readonly string[];
  /** Warnings that the program would show at an update. */
  readonly advisories: readonly string[];
}

const raw = ({ rooms, users, messages, settings = {} }: Question): Record<string, string> => ({
  scale: guideScaleOf(rooms),
  rooms: String(rooms),
  usersPerRoom: String(users),
  ...(messages !== undefined && { messagesPerSecond: String(messages) }),
  ...settings,
});

/** The Plan that answers a question. @throws SettingsError */
export const planFor = (question: Question): Plan => makePlan(parseSettings(raw(question)));

/** Tasks at which autoscaling settles under full load. */
const heldTasks = ({ autoscaling, demand }: Plan, parts: readonly Part[]) => {
  const byCpu = Math.ceil(
    (100 * (parts.find(({ key }) => key === "task-cpu")?.need ?? 0)) / autoscaling.cpu.target,
  );
  const byConnections = autoscaling.connections
    ? Math.ceil(demand.connections / autoscaling.connections.target)
    : 0;
  return Math.min(Math.max(byCpu, byConnections, autoscaling.minimum), autoscaling.maximum);
};

const priceFor = (plan: Plan, { habits = usualHabits, region = "us-east-1" }: Question) =>
  priceOf(plan, region, { habits, tasks: heldTasks(plan, partsOf(plan, plan.demand, habits)) });

const mostRooms = 1_000_000;

/** The largest whole number up to `most` that fits; a condition that fits a number also fits all smaller ones. */
function largest(most: number, fits: (value: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The demand of `rooms` rooms with the message rate of the question's rooms. */
const demandAt = ({ users, rooms: asked, messages }: Question, rooms: number) =>
  demandOf(rooms, users, messages === undefined ? undefined : Math.ceil((messages * rooms) / asked));

/** Changes that may help, for any fullest part; a trial of each later removes the useless ones. */
function candidates(
  plan: Plan,
  parts: readonly Part[],
  given: Readonly<Record<string, string>> = {},
): readonly Readonly<Record<string, string>>[] {
  const { autoscaling, task } = plan;
  const enough = Math.ceil((parts.find(({ key }) => key === "task-cpu")?.need ?? 1) / 0.7);
  const step = <T extends string>(ladder: readonly T[], current: string) =>
    ladder[ladder.indexOf(current as T) + 1];
  const database = step(
    ["db.t3.small", "db.t3.medium", "db.m5.large", "db.m5.xlarge", "db.m5.2xlarge"],
    plan.database.instanceClass,
  );
  const cache = step(
    ["cache.t3.micro", "cache.t3.small", "cache.m5.large", "cache.m5.4xlarge"],
    plan.cache.nodeType,
  );
  const relay = plan.workers.find(({ name }) => name === relayName);
  const workers = JSON.parse(given["workers"] ?? "{}") as Readonly<Record<string, object>>;
  const more = relay && {
    [relayName]: {
      ...workers[relayName],
      tasks: Math.ceil(plan.demand.messagesPerSecond / (0.7 * relayCarries(relay))),
    },
  };
  return [
    ...(more ? [{ workers: JSON.stringify({ ...workers, ...more }) }] : []),
    ...(enough > autoscaling.maximum ? [{ maxTasks: String(enough) }] : []),
    { sizing: "measured" },
    { server: "uvicorn" },
    { channelLayer: "pubsub" },
    { cacheShards: String(plan.cache.shards + 1) },
    ...(task.cpu < 1_024 ? [{ taskCpu: "1024", taskMemory: "2048" }] : []),
    ...(task.memory < 2_048 ? [{ taskMemory: "2048" }] : []),
    ...(database ? [{ databaseClass: database }] : []),
    ...(cache ? [{ cacheNodeType: cache }] : []),
    { databaseMaxStorage: String(Math.min(65_536, 4 * plan.database.maxStorage)) },
    ...(plan.workers.length > 0 ? [] : [{ outbox: "false" }]),
  ];
}

/** Tries every candidate and keeps those that leave the fullest part more room. */
function remediesFor(question: Question, plan: Plan, parts: readonly Part[]): readonly Remedy[] {
  const { key, used: before = 0 } = bindingOf(parts);
  const price = priceFor(plan, question);
  return candidates(plan, parts, question.settings)
    .flatMap((settings): Remedy[] => {
      const changed = { ...question, settings: { ...question.settings, ...settings } };
      try {
        const after = planFor(changed);
        const tried = partsOf(after, after.demand, question.habits);
        const used = tried.find((each) => each.key === key)?.used ?? 0;
        if (used >= before - 1e-9) return [];
        const then = priceFor(after, question);
        const known = then.unknown.length === 0 && price.unknown.length === 0;
        const usdMore = known ? then.total - price.total : undefined;
        return [{ settings, used, holds: holds(tried), usdMore }];
      } catch (error) {
        if (error instanceof SettingsError) return [];
        throw error;
      }
    })
    .sort(
      (one, other) =>
        Number(other.holds) - Number(one.holds) ||
        (one.usdMore ?? Infinity) - (other.usdMore ?? Infinity) ||
        0,
    );
}

const thresholds: readonly { readonly rooms: number; readonly change: string }[] = [
  { rooms: proxyFromRooms, change: "an RDS Proxy becomes required (G-6)" },
  { rooms: connectionScalingFromRooms, change: "scaling on connections begins (G-21)" },
  { rooms: outboxRecommendedFromRooms, change: "the outbox is recommended (G-23)" },
  {
    rooms: guide.medium.rooms,
    change: `${guide.medium.databaseClass} and ${guide.medium.cacheNodeType} at least (G-161, G-162)`,
  },
  { rooms: replicaFromRooms, change: "a read replica becomes required (G-7)" },
  { rooms: outboxFromRooms, change: "the outbox becomes required (G-171)" },
  {
    rooms: guide.large.rooms,
    change: `${guide.large.databaseClass} and ${guide.large.cacheNodeType} at least (G-168, G-169)`,
  },
];

function nextOf(rooms: number): Answer["next"] {
  const ahead = thresholds.filter((each) => each.rooms > rooms);
  const at = Math.min(...ahead.map((each) => each.rooms));
  return ahead.length > 0
    ? { rooms: at, changes: ahead.filter((each) => each.rooms === at).map(({ change }) => change) }
    : undefined;
}

/** The answer: needs of the size, the fullest part, and remedies. @throws SettingsError, UnpricedRegion */
export function answer(question: Question): Answer {
  const plan = planFor(question);
  const parts = partsOf(plan, plan.demand, question.habits);
  const binding = bindingOf(parts);
  const lines = parts.map((part): PartLine => {
    const usedAt = (rooms: number) =>
      partsOf(plan, demandAt(question, rooms), question.habits).find(({ key }) => key === part.key)?.used ??
      0;
    const rooms =
      usedAt(mostRooms) <= 1 ? undefined : largest(mostRooms, (each) => each === 0 || usedAt(each) <= 1);
    return { ...part, ...(rooms !== undefined && { roomsAtMost: rooms }) };
  });
  const { autoscaling, service } = plan;
  const price = priceFor(plan, question);
  return {
    demand: plan.demand,
    settings: raw(question),
    tasks: {
      minimum: autoscaling.minimum,
      desired: service.desiredTasks,
      maximum: autoscaling.maximum,
      guide: guideTasks(plan.demand),
    },
    plan: summary(plan),
    parts: lines,
    binding: binding.key,
    holds: holds(parts),
    headRoom: 1 - (binding.used ?? 0),
    remedies: remediesFor(question, plan, parts),
    next: nextOf(question.rooms),
    usdPerMonth: price.total,
    unpriced: price.unknown,
    advisories: plan.advisories,
  };
}

/** The most rooms of this kind for which the Plan holds; the Plan's sizes grow with the rooms. */
export const roomsUntil = (question: Question): number =>
  largest(100_000, (rooms) => {
    if (rooms === 0) return true;
    const { messagesPerSecond } = demandAt(question, rooms);
    try {
      const asked = {
        ...question,
        rooms,
        ...(question.messages !== undefined && { messages: messagesPerSecond }),
      };
      const plan = planFor(asked);
      return holds(partsOf(plan, plan.demand, question.habits));
    } catch (error) {
      if (error instanceof SettingsError) return false;
      throw error;
    }
  });
