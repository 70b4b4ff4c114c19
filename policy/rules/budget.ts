import type { PolicyResource } from "@pulumi/policy";
import { type BilledResource, billOf, type Usage } from "../../aws/billing";
import { pricedRegions } from "../../aws/prices";
import { types } from "../../aws/types";
import { leave } from "../mends";
import { resourceRule, stackRule } from "../rule";
import { number, type Setting } from "../settings";
import type { Stack } from "../stack";
import { asNumber, asText, type Finding, known, objects, type Properties } from "../values";

const region: Setting<string> = {
  schema: {
    type: "string",
    enum: [...pricedRegions],
    default: "us-east-1",
    description: "Region whose list prices count.",
  },
  fallback: "us-east-1",
};

/** Arguments that are known; a preview does not know all of them, and most decide no price. */
const knownIn = (properties: Properties): Properties =>
  Object.fromEntries(
    Object.keys(properties).flatMap((key) => {
      const value = known(() => properties[key]);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );

/** A resource at its cheapest: an autoscaled service with its fewest tasks, which are paid for whatever the load. */
function atLeast(resource: PolicyResource, stack: Stack): BilledResource {
  const { type, name, urn, props, propertyDependencies } = resource;
  const [target] = type === types.service ? stack.scalingTargets(resource) : [];
  const fewest = target && known(() => target.props["minCapacity"]);
  return {
    ...{ type, name, urn },
    // The bill takes a service without a load balancer for one that keeps its count.
    inputs: {
      ...knownIn(props),
      ...(target && { loadBalancers: undefined }),
      ...(fewest !== undefined && { desiredCount: fewest }),
    },
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([key, sources]) => [key, sources.map((each) => each.urn)]),
    ),
  };
}

const nobody: Usage = {
  ...{ tasks: 0, capacityUnits: 0, egress: 0, natTraffic: 0, logs: 0, images: 0, media: 0 },
};

/** Whether a budget is one in USD for a month that counts the whole stack: of one service or region it does not. */
const countsStack = ({ budgetType, timeUnit, limitUnit, costFilters }: Properties) =>
  budgetType === "COST" &&
  timeUnit === "MONTHLY" &&
  limitUnit === "USD" &&
  objects(costFilters).every(({ name }) => name === "TagKeyValue" || name === "LinkedAccount");

const dollars = (usd: number) => `$${Math.round(usd).toLocaleString("en")}`;

export const monthlyBudget = stackRule(
  {
    name: "monthly-budget",
    description: "A stack costs less than its budget by itself: with the fewest tasks, and without a user",
    severity: "medium",
    level: "advisory",
    requirements: ["GAP-12"],
    remedy: "a higher limitAmount, or fewer tasks and smaller classes",
    mends: [leave("monthlyBudget")],
    settings: { region },
  },
  function* (stack, { region: priced }) {
    for (const budget of stack.ofType(types.budget)) {
      yield* stack.judge(budget, () => {
        if (!countsStack(budget.props)) return undefined;
        const limit = asNumber(budget.props["limitAmount"]);
        const { fixed } = billOf(
          stack.all().map((each) => atLeast(each, stack)),
          nobody,
          priced,
        );
        return (
          fixed > limit &&
          `${dollars(limit)} a month, but the stack costs ${dollars(fixed)} without a user (list prices of ${priced}, fewest tasks)`
        );
      });
    }
  },
);

/** Whether a notice of a budget reaches somebody. */
const reachesSomebody = ({ subscriberSnsTopicArns, subscriberEmailAddresses }: Properties) =>
  [subscriberSnsTopicArns, subscriberEmailAddresses].some(
    (each) => each !== undefined && each !== null && !(Array.isArray(each) && each.length === 0),
  );

function noticeFault(budget: Properties, highest: number): Finding {
  const notices = objects(budget["notifications"]);
  // AWS counts in percent unless it is told otherwise.
  const percents = notices
    .filter((each) => each["comparisonOperator"] === "GREATER_THAN" && reachesSomebody(each))
    .map(({ threshold, thresholdType }) =>
      thresholdType === "ABSOLUTE_VALUE"
        ? (100 * asNumber(threshold)) / asNumber(budget["limitAmount"])
        : asNumber(threshold),
    );
  if (percents.length === 0) return "tells nobody when more is spent (notifications with GREATER_THAN)";
  const first = Math.min(...percents);
  return first > highest && `tells somebody at ${first} % of its limit only, later than at ${highest} %`;
}

export const budgetTells = resourceRule(
  {
    name: "budget-tells",
    type: types.budget,
    description: "Somebody hears of a month that costs more than its budget before it is over",
    severity: "medium",
    requirements: ["GAP-12"],
    remedy:
      'budgetType "COST", timeUnit "MONTHLY", and notifications with GREATER_THAN, a threshold up to 100 % and subscribers',
    settings: { highest: number(100, "Highest share of the limit at which somebody hears of it first (%).") },
  },
  [
    (properties, { highest }) => noticeFault(properties, highest),
    ({ budgetType, timeUnit }) =>
      !(budgetType === "COST" && timeUnit === "MONTHLY") &&
      `counts ${asText(budgetType)} in ${asText(timeUnit)}, and not the cost of a month`,
  ],
);
