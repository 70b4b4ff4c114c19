import { z } from "zod";
import { matching, structured, wholeNumber } from "./types";

const choice = z.union([
  z.strictObject({ threshold: z.number().nonnegative() }),
  z.strictObject({ enabled: z.literal(false), reason: z.string().min(10) }),
]);

/** What an operator says of one alarm: another threshold in the metric's unit, or silence with its reason. */
export type AlarmChoice = Readonly<z.output<typeof choice>>;

/** Settings of who is told what. */
export const alarmSettings = {
  alarmEmail: matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, {
    description: "Address that is written to when an alarm goes off; AWS asks it to confirm first.",
    allowed: "an e-mail address",
    example: "on-call@example.com",
  }).optional(),
  alarmWebhook: matching(/^https:\/\/[^\s/]+\/\S*$/, {
    description: "Address that alarms are posted to; set it with --secret when it holds a key.",
    allowed: "an https URL that confirms an SNS subscription",
    example: "https://events.example.com/sns",
  }).optional(),
  runbookUrl: matching(/^(https:\/\/[^\s#]+|docs\/operations\/runbook\.md)$/, {
    description: "Page of the runbook that alarms point to; its sections are called as the alarms are.",
    allowed: "an https URL without #",
    example: "https://wiki.example.com/chatpop",
  }).optional(),
  alarms: structured(z.record(z.string(), choice), {
    description: "Alarms with another threshold than docs/operations/runbook.md says, or without one.",
    allowed:
      'a JSON object of alarms, each with {"threshold": a number in its unit} or with {"enabled": false, "reason": at least ten characters}',
    example: `'{"database-cpu":{"threshold":85}}'`,
  }).optional(),
  monthlyBudget: wholeNumber(
    1,
    10_000_000,
    "USD that the stack may cost in a month; AWS Budgets and Cost Anomaly Detection report to the alarms' recipients. " +
      "Costs are found by the tag Stack, which has to be activated as a cost allocation tag.",
  ).optional(),
};
