import { types } from "../../recording/types";
import { add, all, container, merge, set } from "../mutations";
import type { Cases } from "./case";

const targetGroup = `${types.targetGroup} chatpop-tg`;
const loadBalancer = `${types.loadBalancer} chatpop-alb`;
const taskDefinition = `${types.taskDefinition} chatpop-backend`;
const service = `${types.service} chatpop-backend-service`;
const group = { type: types.targetGroup };

export const websocket: Cases = {
  violations: [
    {
      what: "stickiness that is off (G-5, G-55)",
      scale: "small",
      mutation: merge(group, "stickiness", { enabled: false }),
      policy: "sticky-sessions",
      blames: targetGroup,
      says: /the target group is not sticky/,
    },
    {
      what: "no word of stickiness (G-5, G-154)",
      scale: "medium",
      mutation: set(group, "stickiness", undefined),
      policy: "sticky-sessions",
      blames: targetGroup,
      says: /the target group is not sticky/,
    },
    {
      what: "stickiness for an hour (G-55)",
      scale: "large",
      mutation: merge(group, "stickiness", { cookieDuration: 3_600 }),
      policy: "sticky-sessions",
      blames: targetGroup,
      says: /stickiness lasts 3600 s instead of 86400 s/,
    },
    {
      what: "stickiness by an application cookie without a name (GAP-21)",
      scale: "small",
      mutation: merge(group, "stickiness", { cookieName: undefined }),
      policy: "sticky-sessions",
      blames: targetGroup,
      says: /names no cookie/,
    },
    {
      what: "an older name of the same resource type",
      scale: "small",
      mutation: (resources) =>
        set(
          group,
          "stickiness",
          undefined,
        )(resources).map((each) =>
          each.type === types.targetGroup ? { ...each, type: "aws:alb/targetGroup:TargetGroup" } : each,
        ),
      policy: "sticky-sessions",
      blames: "aws:alb/targetGroup:TargetGroup chatpop-tg",
      says: /the target group is not sticky/,
    },
    {
      what: "an idle timeout below the ping (GAP-23)",
      scale: "small",
      mutation: set({ type: types.loadBalancer }, "idleTimeout", 15),
      policy: "idle-timeout",
      blames: loadBalancer,
      says: /15 s cuts sockets between two pings/,
    },
    {
      what: "an idle timeout that is left to AWS's 60 s (GAP-23)",
      scale: "medium",
      mutation: set({ type: types.loadBalancer }, "idleTimeout", undefined),
      policy: "idle-timeout",
      blames: loadBalancer,
      says: /60 s is not below the server's keep-alive/,
    },
    {
      what: "a drain of five minutes, AWS's default (GAP-24)",
      scale: "large",
      mutation: set(group, "deregistrationDelay", undefined),
      policy: "drain-time",
      blames: targetGroup,
      says: /drains for 300 s, more than 120 s/,
    },
    {
      what: "a server that is killed after 30 s, ECS's default (GAP-17)",
      scale: "small",
      mutation: container({ stopTimeout: undefined }),
      policy: "stop-timeout",
      blames: taskDefinition,
      says: /chatpop-backend is killed after 30 s/,
    },
    {
      what: "fewer files than sockets",
      scale: "large",
      mutation: container({ ulimits: [{ name: "nofile", softLimit: 1_024, hardLimit: 4_096 }] }),
      policy: "open-files",
      blames: taskDefinition,
      says: /may open 1024 files only/,
    },
    {
      what: "a health check of another page (G-54)",
      scale: "small",
      mutation: merge(group, "healthCheck", { path: "/" }),
      policy: "target-health-check",
      blames: targetGroup,
      says: /asks \/, where the chat has no page/,
    },
    {
      what: "a health check that takes refusal for health (GAP-1)",
      scale: "small",
      mutation: merge(group, "healthCheck", { matcher: "200-299,400" }),
      policy: "target-health-check",
      blames: targetGroup,
      says: /takes 200-299,400 for health/,
    },
    {
      what: "a health check every five minutes (G-54)",
      scale: "medium",
      mutation: merge(group, "healthCheck", { interval: 300 }),
      policy: "target-health-check",
      blames: targetGroup,
      says: /every 300 s only/,
    },
    {
      what: "targets that are instances (G-53)",
      scale: "small",
      mutation: set(group, "targetType", undefined),
      policy: "target-by-address",
      blames: targetGroup,
      says: /of type instance/,
    },
    {
      what: "a deployment that stops tasks first (GAP-24)",
      scale: "small",
      mutation: set({ type: types.service }, "deploymentMinimumHealthyPercent", 50),
      policy: "no-task-before-its-successor",
      blames: service,
      says: /fall to 50 %/,
    },
    {
      what: "a deployment that may start nothing while it may stop nothing (GAP-24)",
      scale: "small",
      mutation: set({ type: types.service }, "deploymentMaximumPercent", 100),
      policy: "no-task-before-its-successor",
      blames: service,
      says: /can start no task beside the old ones \(deploymentMaximumPercent 100\)/,
    },
    {
      what: "a deployment that never gives up (GAP-17)",
      scale: "medium",
      mutation: merge({ type: types.service }, "deploymentCircuitBreaker", { rollback: false }),
      policy: "no-task-before-its-successor",
      blames: service,
      says: /for ever/,
    },
    {
      what: "no time to start (GAP-17)",
      scale: "small",
      mutation: set({ type: types.service }, "healthCheckGracePeriodSeconds", undefined),
      policy: "health-check-grace-period",
      blames: service,
      says: /replaced after 0 s/,
    },
    {
      what: "twice the tasks during a deployment of the large scale (GAP-24)",
      scale: "large",
      mutation: set({ type: types.service }, "deploymentMaximumPercent", 200),
      policy: "deployment-in-steps-from-5000-rooms",
      blames: service,
      says: /up to 200 %/,
    },
    {
      what: "full load on new tasks at the large scale (GAP-24)",
      scale: "large",
      mutation: set(group, "slowStart", 0),
      policy: "deployment-in-steps-from-5000-rooms",
      blames: targetGroup,
      says: /full share of requests after 0 s/,
    },
  ],
  allowances: [
    { what: "the load balancer's own cookie", scale: "small", config: { stickiness: "lb_cookie" } },
    { what: "the overlay's health page", scale: "small", config: { healthCheckPath: "/healthz" } },
    {
      what: "a duration that is left to AWS, which has the same",
      scale: "small",
      mutation: merge(group, "stickiness", { cookieDuration: undefined }),
    },
    {
      what: "a network load balancer, which has no cookies and no idle timeout of this kind",
      scale: "small",
      mutation: all(
        set(group, "stickiness", undefined),
        set(group, "protocol", "TCP"),
        set({ type: types.loadBalancer }, "loadBalancerType", "network"),
        set({ type: types.loadBalancer }, "idleTimeout", undefined),
      ),
    },
    {
      what: "open files that are left to Fargate, which allows as many",
      scale: "small",
      mutation: container({ ulimits: [] }),
    },
    {
      what: "deployments by CodeDeploy, which takes them back itself",
      scale: "large",
      mutation: all(
        set({ type: types.service }, "deploymentController", { type: "CODE_DEPLOY" }),
        set({ type: types.service }, "deploymentCircuitBreaker", undefined),
        set({ type: types.service }, "deploymentMaximumPercent", undefined),
      ),
    },
    {
      what: "a function behind the load balancer",
      scale: "small",
      mutation: add(types.targetGroup, "hook", { targetType: "lambda" }),
    },
    {
      what: "a worker that names no load balancer",
      scale: "small",
      mutation: add(types.service, "worker", {
        loadBalancers: [],
        deploymentMinimumHealthyPercent: 0,
        desiredCount: 1,
      }),
    },
    {
      what: "a worker's service with habits of its own",
      scale: "large",
      mutation: (resources) => [
        ...resources,
        ...resources
          .filter(({ type }) => type === types.service)
          .map((each) => ({
            ...each,
            name: "worker",
            urn: `${each.urn}-worker`,
            wireInputs: { desiredCount: 1 },
            wireOutputs: { desiredCount: 1 },
            propertyDependencies: {},
          })),
      ],
    },
  ],
};
