import { types } from "../../recording/types";
import { merge, options, remove, set } from "../mutations";
import type { Cases } from "./case";

const target = `${types.autoscalingTarget} chatpop-backend`;
const policy = `${types.autoscalingPolicy} chatpop-cpu`;
const service = `${types.service} chatpop-backend-service`;
const tracking = "targetTrackingScalingPolicyConfiguration";
const cpu = { type: types.autoscalingPolicy, name: "chatpop-cpu" };

export const autoscaling: Cases = {
  violations: [
    {
      what: "a minimum below the scale's (G-20, G-170)",
      scale: "large",
      config: { minTasks: "4" },
      policy: "task-range-for-scale",
      blames: target,
      says: /minCapacity 4 is below the 10 tasks of 5,000 rooms/,
    },
    {
      what: "a maximum below the scale's (G-20)",
      scale: "medium",
      mutation: set({ type: types.autoscalingTarget }, "maxCapacity", 4),
      policy: "task-range-for-scale",
      blames: target,
      says: /maxCapacity 4 is below the 6 tasks/,
    },
    {
      what: "no scaling on CPU (G-75, G-157)",
      scale: "small",
      mutation: remove(cpu),
      policy: "cpu-scaling",
      blames: service,
      says: /nothing scales the service on CPU/,
    },
    {
      what: "no autoscaling at all (G-157)",
      scale: "small",
      mutation: (resources) => remove(cpu)(remove({ type: types.autoscalingTarget })(resources)),
      policy: "cpu-scaling",
      blames: service,
      says: /nothing scales the service on CPU/,
    },
    {
      what: "a CPU target that comes too late (G-21)",
      scale: "small",
      mutation: merge(cpu, tracking, { targetValue: 90 }),
      policy: "cpu-scaling",
      blames: policy,
      says: /CPU target 90 % is not within 40–70 %/,
    },
    {
      what: "a CPU target that keeps tasks idle",
      scale: "small",
      mutation: merge(cpu, tracking, { targetValue: 20 }),
      policy: "cpu-scaling",
      blames: policy,
      says: /CPU target 20 %/,
    },
    {
      what: "scale-ins in quick succession (G-75, GAP-33)",
      scale: "medium",
      mutation: merge(cpu, tracking, { scaleInCooldown: 60 }),
      policy: "cpu-scaling",
      blames: policy,
      says: /scales in every 60 s, faster than every 300 s/,
    },
    {
      what: "a scale-out that is left to AWS's slow default (G-75)",
      scale: "medium",
      mutation: merge(cpu, tracking, { scaleOutCooldown: undefined }),
      policy: "cpu-scaling",
      blames: policy,
      says: /scales out every 300 s, slower than every 180 s/,
    },
    {
      what: "a task count that every update sets back (GAP-31)",
      scale: "medium",
      mutation: options({ type: types.service }, { ignoreChanges: [] }),
      policy: "scaling-owns-task-count",
      blames: service,
      says: /sets the number of tasks back/,
    },
  ],
  allowances: [
    { what: "more tasks than the guide's", scale: "medium", config: { sizing: "measured" } },
    { what: "scaling on requests besides", scale: "small", config: { requestsPerTarget: "1000" } },
    {
      what: "a CPU target of 60 % (GAP-33)",
      scale: "large",
      mutation: merge(cpu, tracking, { targetValue: 60 }),
    },
    {
      what: "a service that names no count",
      scale: "small",
      mutation: (resources) =>
        set(
          { type: types.service },
          "desiredCount",
          undefined,
        )(options({ type: types.service }, { ignoreChanges: [] })(resources)),
    },
  ],
};
