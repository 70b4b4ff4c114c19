import { z } from "zod";
import { matching, structured, wholeNumber } from "./types";

const choice = z.union([
  z.strictObject({ threshold: z.number().nonnegative() }),
  z.strictObject({ enabled: z.literal(false), reason: z.string().min(10) }),
]);

/** An operator's choice for one alarm: another threshold (in the metric's unit), or silence with its reason. */
export type AlarmChoice = Readonly<z.output<typeof choice>>;

/** Settings of alarms, their recipients and the budget. */
export const alarmSettings = {
  alarmEmail: matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, {
    description: "E-mail address that receives the alarms; AWS first sends it a link to confirm.",
    allowed: "an e-mail address",
    example: "on-call@example.com",
  }).optional(),
  alarmWebhook: matching(/^https:\/\/[^\s/]+\/\S*$/, {
    description: "URL that receives the alarms by POST; set it with --secret if it contains a key.",
    allowed: "an https URL that confirms an SNS subscription",
    example: "https://events.example.com/sns",
  }).optional(),
  runbookUrl: matching(/^(https:\/\/[^\s#]+|docs\/operations\/runbook\.md)$/, {
    description:
      "URL of the runbook that alarms link to; it has a section for each alarm, under the alarm's name.",
    allowed: "an https URL without #",
    example: "https://wiki.example.com/chatpop",
  }).optional(),
  alarms: structured(z.record(z.string(), choice), {
    description:
      "Alarms that differ from docs/operations/runbook.md: another threshold, or turned off with a reason.",
    allowed:
      'a JSON object of alarms, each with {"threshold": a number in its unit} or with {"enabled": false, "reason": at least ten characters}',
    example: `'{"database-cpu":{"threshold":85}}'`,
  }).optional(),
  monthlyBudget: wholeNumber(
    1,
    10_000_000,
    "Monthly budget of the stack (USD); AWS Budgets and Cost Anomaly Detection report to the alarms' recipients. " +
      "They find the costs by the tag Stack: activate it as a cost allocation tag.",
  ).optional(),
};
