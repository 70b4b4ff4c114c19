import { types } from "../../recording/types";
import { all, container, merge, remove, set } from "../mutations";
import type { Cases } from "./case";

const relay = "chatpop-worker-outbox-relay";
const chat = `${types.taskDefinition} chatpop-backend`;
const relayService = { type: types.service, name: relay };
const schedule = { type: types.schedule, name: "chatpop-schedule-cleanup-expired-photos" };
const family = "arn:aws:ecs:us-east-1:123456789012:task-definition/chatpop-backend-test";
const withOutbox = { environment: [{ name: "OUTBOX_ENABLED", value: "True" }] };

export const workers: Cases = {
  violations: [
    {
      what: "no relay at 5,000 rooms (G-23, G-171, GAP-7)",
      scale: "large",
      config: { outbox: "false" },
      policy: "outbox-from-5000-rooms",
      says: /5,000 rooms, but no service that could relay an outbox/,
    },
    {
      what: "a chat that writes no outbox at 5,000 rooms (G-171)",
      scale: "large",
      mutation: container({ environment: [{ name: "POSTGRES_REPLICA_HOST", value: "replica" }] }),
      policy: "outbox-from-5000-rooms",
      blames: chat,
      says: /OUTBOX_ENABLED is not True/,
    },
    {
      what: "an outbox without a relay, at any scale (GAP-7)",
      scale: "small",
      mutation: container(withOutbox),
      policy: "outbox-has-relay",
      blames: chat,
      says: /no service runs relay_outbox/,
    },
    {
      what: "an outbox with a worker that does something else",
      scale: "small",
      config: { outbox: "true" },
      mutation: container({ command: ["python", "manage.py", "clearsessions"] }, relay),
      policy: "outbox-has-relay",
      blames: chat,
      says: /no service runs relay_outbox/,
    },
    {
      what: "a relay that is scaled to nothing",
      scale: "small",
      config: { outbox: "true" },
      mutation: set(relayService, "desiredCount", 0),
      policy: "outbox-has-relay",
      blames: chat,
      says: /no service runs relay_outbox/,
    },
    {
      what: "relays on Spot alone (G-175)",
      scale: "large",
      mutation: set(relayService, "capacityProviderStrategies", [
        { capacityProvider: "FARGATE", weight: 0 },
        { capacityProvider: "FARGATE_SPOT", weight: 1 },
      ]),
      policy: "relay-outlives-spot",
      blames: `${types.service} ${relay}`,
      says: /every relay runs on Spot/,
    },
    {
      what: "a schedule of whichever revision is the newest (GAP-30)",
      scale: "small",
      mutation: merge(schedule, "target", { ecsParameters: { taskDefinitionArn: family } }),
      policy: "schedule-by-revision",
      blames: `${types.schedule} chatpop-schedule-cleanup-expired-photos`,
      says: /chatpop-backend-test names no revision/,
    },
  ],
  allowances: [
    { what: "an outbox with its relay at any scale", scale: "small", config: { outbox: "true" } },
    { what: "no outbox below 5,000 rooms", scale: "medium", config: { outbox: "false" } },
    {
      what: "workers of one's own on Spot alone (G-175)",
      scale: "medium",
      config: { workers: `{"mailer":{"command":"./mail"}}` },
    },
    {
      what: "a relay that runs On-Demand by its launch type",
      scale: "large",
      mutation: all(
        set(relayService, "capacityProviderStrategies", undefined),
        set(relayService, "launchType", "FARGATE"),
      ),
    },
    { what: "no scheduled command", scale: "medium", mutation: remove(schedule) },
  ],
};
