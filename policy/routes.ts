import type { PolicyResource } from "@pulumi/policy";
import { types } from "../aws/types";
import { has, type Stack } from "./stack";
import { asNumber, asText, type Entries, type Finding, findingIn, known } from "./values";

/** A route, in a table or by itself. */
interface Route {
  readonly gatewayId?: unknown;
  readonly cidrBlock?: unknown;
  readonly destinationCidrBlock?: unknown;
}

/** Whether a route leads to a NAT gateway that itself leads to other networks only, not to the internet. */
const leadsToPrivateNat = (stack: Stack, route: PolicyResource) =>
  stack
    .sources(route, "natGatewayId", types.natGateway)
    .some(({ props }) => known(() => props["connectivityType"]) === "private");

const routesOf = (stack: Stack, table: PolicyResource) => stack.madeOf(table, types.route, "routeTableId");

/** Judges every route of a table; `unknown` is what a route counts as of which that cannot be said yet. */
const someRoute = (
  stack: Stack,
  table: PolicyResource,
  holds: (route: Route) => Finding,
  unknown: boolean,
): boolean =>
  [
    () => findingIn(table.props["routes"] as Entries<Route>, holds),
    ...routesOf(stack, table)
      .filter((route) => !leadsToPrivateNat(stack, route))
      .map(
        ({ props }) =>
          () =>
            holds(props),
      ),
  ].some((leads) => Boolean((known(() => [leads()]) ?? [unknown])[0]));

const toInternet = ({ gatewayId }: Route): Finding => asText(gatewayId).startsWith("igw-") && "leads out";
const toEverywhere = ({ cidrBlock, destinationCidrBlock }: Route): Finding =>
  (cidrBlock ?? destinationCidrBlock) === "0.0.0.0/0" && "leads out";

/** Whether a route table, by itself or by a route of its own, leads to where the internet can answer. */
const lets = (stack: Stack, table: PolicyResource): boolean =>
  stack.sources(table, "routes", types.internetGateway).length > 0 ||
  routesOf(stack, table).some(
    (route) => stack.sources(route, "gatewayId", types.internetGateway).length > 0,
  ) ||
  someRoute(stack, table, toInternet, false);

const tablesOf = (stack: Stack, subnet: PolicyResource): readonly PolicyResource[] =>
  stack
    .madeOf(subnet, types.routeTableAssociation, "subnetId")
    .flatMap((association) => stack.sources(association, "routeTableId", types.routeTable));

/** Whether a subnet has a route to the internet that also lets the internet in. */
export const isPublic = (stack: Stack, subnet: PolicyResource): boolean =>
  tablesOf(stack, subnet).some((table) => lets(stack, table));

/** Whether the stack shows that the internet does not reach a subnet: its route table has routes, and none to a gateway. */
export function isPrivate(stack: Stack, subnet: PolicyResource): boolean {
  const tables = tablesOf(stack, subnet);
  return tables.length > 0 && tables.every((table) => !has(table, "routes") && !lets(stack, table));
}

/** Whether the stack shows that a subnet's own route table leads nowhere; one whose table it does not show may lead anywhere. */
export function leadsNowhere(stack: Stack, subnet: PolicyResource): boolean {
  const tables = tablesOf(stack, subnet);
  return (
    tables.length > 0 &&
    tables.every((table) => !has(table, "routes") && !someRoute(stack, table, toEverywhere, true))
  );
}

/** The whole of an egress in one of AWS's forms: from which port to which, by which protocol. */
interface Egress {
  readonly protocol?: unknown;
  readonly ipProtocol?: unknown;
  readonly fromPort?: unknown;
  readonly toPort?: unknown;
}

const covers = (port: number, { protocol, ipProtocol, fromPort, toPort }: Egress) =>
  asText(protocol ?? ipProtocol) === "-1" || (asNumber(fromPort) <= port && port <= asNumber(toPort));

/** Whether the groups of a resource show that it reaches nothing on a port; one with rules elsewhere may. */
export function reachesNothing(stack: Stack, groups: readonly PolicyResource[], port: number): boolean {
  return (
    groups.length > 0 &&
    groups.every((group) => {
      const rules = [
        ...stack.madeOf(group, types.egressRule, "securityGroupId"),
        ...stack
          .madeOf(group, types.securityGroupRule, "securityGroupId")
          .filter(({ props }) => props["type"] === "egress"),
      ];
      return !has(group, "egress") && rules.length > 0 && !rules.some(({ props }) => covers(port, props));
    })
  );
}
