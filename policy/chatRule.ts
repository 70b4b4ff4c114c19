import type { StackValidationPolicy } from "@pulumi/policy";
import { type About, type Check, type Documented, grouped, stackRule } from "./rule";
import type { Settings, Values } from "./settings";
import type { Finding, Properties } from "./values";

/** Parts of the chat: its services, the task definitions that they run, and the target groups in front of them. */
type Part = "chatServices" | "chatTasks" | "chatTargets";

/**
 * A rule about each resource of a part of the chat, and about nothing else of that type: a stack may also run workers,
 * Grafana, or a function behind the load balancer.
 *
 * @param checks Each reads as few properties as it can: a value that is unknown in a preview defers the check that
 * reads it, and no other.
 */
export function chatRule<S extends Settings>(
  about: About<S> & { readonly of: Part },
  checks: readonly Check<(properties: Properties, config: Values<S>) => Finding>[],
): StackValidationPolicy & Documented {
  return stackRule(about, function* (stack, config) {
    for (const resource of stack[about.of]()) {
      for (const { of, judge } of checks.map((check) => grouped(about.name, check))) {
        if (stack.is(of)) yield* stack.judge(resource, () => judge(resource.props, config));
      }
    }
  });
}
