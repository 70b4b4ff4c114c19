import { containerRules, type Inputs, type Mutant, naiveContainers, set } from "./mutant";

const relay = "chatpop-worker-outbox-relay";
const relayContainers = JSON.stringify([
  {
    name: "outbox-relay",
    image: "chatpop-backend:1.4.2",
    essential: true,
    command: ["python", "manage.py", "relay_outbox"],
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": "chat", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "ecs" },
    },
    stopTimeout: 120,
  },
]);

/** Mistakes that show from 5,000 rooms. */
export const large: readonly Mutant[] = [
  {
    resource: ["Instance", "chatpop-db-replica"],
    change: set({ instanceClass: "db.t3.medium" }),
    breaks: ["read-replica-from-5000-rooms"],
  },
  {
    resource: ["Instance", "chatpop-db"],
    change: set({ parameterGroupName: "default.postgres15" }),
    breaks: ["database-parameter-group"],
  },
  {
    resource: ["Plan", "chatpop-backup"],
    change: (inputs) => ({
      ...inputs,
      rules: (inputs["rules"] as Inputs[]).map((rule) => ({
        ...rule,
        copyActions: (rule["copyActions"] as Inputs[]).map((copy) => ({
          ...copy,
          lifecycle: { deleteAfter: 1 },
        })),
      })),
    }),
    breaks: ["backup-copies-elsewhere"],
  },
  {
    resource: ["ReplicationGroup", "chatpop-redis"],
    change: set({ snapshotRetentionLimit: 0 }),
    breaks: ["cache-snapshots-from-5000-rooms"],
  },
  {
    resource: ["Service", "chatpop-backend-service"],
    change: set({ deploymentMaximumPercent: 200 }),
    breaks: ["deployment-in-steps-from-5000-rooms"],
  },
  {
    resource: ["ScheduledAction", "chatpop-morning"],
    change: set({ scalableTargetAction: { minCapacity: 5, maxCapacity: 20 } }),
    breaks: ["scheduled-limits", "scheduled-limits@ScheduledAction chatpop-night"],
  },
  {
    resource: ["TaskDefinition", "chatpop-backend"],
    change: set({ containerDefinitions: naiveContainers({ name: "CHANNEL_LAYER", value: "core" }) }),
    breaks: [
      ...containerRules,
      "channel-layer-for-demand@Target chatpop-backend",
      "database-proxy-from-1000-rooms",
      "outbox-from-5000-rooms",
      "tasks-read-from-replica",
    ],
  },
  // A first preview knows the command of a container only where it knows all of it.
  {
    resource: ["TaskDefinition", relay],
    change: set({ containerDefinitions: relayContainers }),
    breaks: ["container-logs"],
  },
  {
    resource: ["Service", relay],
    change: set({ capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }] }),
    breaks: ["relay-outlives-spot"],
  },
];
