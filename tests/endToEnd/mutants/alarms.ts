import { mistaken } from "../../policy/cases/alarms";
import { type Mutant, set } from "./mutant";

/** Mistakes in alarms and in their recipients. */
export const alarms: readonly Mutant[] = [
  ...Object.entries(mistaken).map(([key, threshold]): Mutant => ({
    resource: ["MetricAlarm", `chatpop-small-${key}`],
    change: set({ threshold }),
    breaks: [`alarm-${key}`],
  })),
  {
    resource: ["MetricAlarm", "chatpop-small-database-free-storage"],
    change: set({ threshold: 5 }),
    breaks: ["alarm-database-free-storage", "alarm-unit"],
  },
  {
    resource: ["CompositeAlarm", "chatpop-chat-is-down"],
    change: set({ alarmActions: [], alarmRule: 'ALARM("one") AND ALARM("other")' }),
    breaks: ["alarm-action", "composite-goes-off"],
  },
  {
    resource: ["MetricAlarm", "chatpop-small-no-healthy-task"],
    change: set({ treatMissingData: "notBreaching" }),
    breaks: ["alarm-goes-off"],
  },
  {
    resource: ["EventRule", "chatpop-command-failed"],
    change: set({ state: "DISABLED" }),
    breaks: ["event-rule-goes-off"],
  },
  {
    resource: ["Topic", "chatpop-alerts"],
    change: set({ kmsMasterKeyId: "alias/aws/sns" }),
    breaks: ["alarm-topic-key"],
  },
  {
    resource: ["EventTarget", "chatpop-deployment-failed"],
    change: set({ rule: "elsewhere" }),
    breaks: [
      "failed-deployment-told@Service chatpop-backend-service",
      "notices-arrive@EventRule chatpop-deployment-failed",
    ],
  },
  // A first preview does not know that this one, which is about the same cluster, is about something else.
  {
    resource: ["EventTarget", "chatpop-command-failed"],
    change: set({ rule: "elsewhere" }),
    breaks: ["notices-arrive@EventRule chatpop-command-failed"],
  },
  {
    resource: ["MetricAlarm", "chatpop-small-lost-messages"],
    change: set({ metricName: "LostMesages" }),
    breaks: ["alarm-has-data"],
  },
  {
    resource: ["Dashboard", "chatpop"],
    change: set({ dashboardBody: '{"widgets":[]}' }),
    breaks: ["dashboard@ReplicationGroup chatpop-redis"],
  },
];
