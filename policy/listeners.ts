import type { PolicyResource } from "@pulumi/policy";
import { types } from "../aws/types";
import type { Stack } from "./stack";

/** Listeners, and rules of them, that lead to a target group. */
export const leadingTo = (stack: Stack, group: PolicyResource): readonly PolicyResource[] => [
  ...stack.madeOf(group, types.listener, "defaultActions"),
  ...stack.madeOf(group, types.listenerRule, "actions"),
];

/** Load balancers that lead to a service, as far as this stack shows them. */
export const balancersOf = (stack: Stack, service: PolicyResource): readonly PolicyResource[] =>
  stack
    .sources(service, "loadBalancers", types.targetGroup)
    .flatMap((group) => leadingTo(stack, group))
    .flatMap((each) => [each, ...stack.sources(each, "listenerArn", types.listener)])
    .flatMap((listener) => stack.sources(listener, "loadBalancerArn", types.loadBalancer));
