import type { PolicyResource } from "@pulumi/policy";
import { guideScaleOf } from "../../stacks/capacity";
import { guide } from "../../stacks/guide";
import { leave } from "../mends";
import { stackRule } from "../rule";
import { scheduledActions } from "../scaling";

interface Limits {
  readonly minCapacity?: number;
  readonly maxCapacity?: number;
}

const limitsOf = ({ props }: PolicyResource) => (props["scalableTargetAction"] ?? {}) as Limits;

export const scheduledLimits = stackRule(
  {
    name: "scheduled-limits",
    description:
      "By the clock autoscaling may go lower for a while, with a task in two zones from 1,000 rooms, but still as high",
    severity: "high",
    requirements: ["G-176", "G-20", "G-74"],
    remedy:
      "a morning that raises minCapacity again for every night that lowers it, and the same maxCapacity all day",
    mends: [leave("scheduledScaling")],
  },
  function* (stack) {
    const { minimum, maximum } = guide[guideScaleOf(stack.rooms())].tasks;
    const least = Math.min(2, minimum);
    for (const service of stack.chatServices()) {
      const actions = scheduledActions(stack, service);
      for (const action of actions) {
        yield* stack.judge(action, () => {
          const value = limitsOf(action).minCapacity ?? least;
          return (
            value < least && `minCapacity ${value} is below ${least}: one zone could take everybody along`
          );
        });
        yield* stack.judge(action, () => {
          const value = limitsOf(action).maxCapacity ?? maximum;
          return value < maximum && `maxCapacity ${value} is below the ${maximum} tasks that a surge needs`;
        });
        yield* stack.judge(action, () => {
          const raised = actions.some((each) => (limitsOf(each).minCapacity ?? 0) >= minimum);
          const value = limitsOf(action).minCapacity ?? minimum;
          return (
            value < minimum && !raised && `minCapacity ${value} is never raised to ${minimum} tasks again`
          );
        });
      }
    }
  },
);
