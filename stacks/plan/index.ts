import { advisories } from "./advisories";
import { contradictions } from "./rules";
import { type Decisions, decide } from "./decisions";
import { complete } from "./complete";
import { type MonitoringPlan, monitoringPlan } from "./monitoring";
import { type Settings, SettingsError } from "../settings";

/** Every decision of a deployment. */
export interface Plan extends Decisions {
  /** Alarms, their recipients, and the dashboard. */
  readonly monitoring: MonitoringPlan;
  /** Warnings for the operator. */
  readonly advisories: readonly string[];
}

/**
 * Decides everything about a deployment.
 *
 * @param stack Name of the Pulumi stack.
 * @throws SettingsError when settings contradict each other.
 */
export function makePlan(settings: Settings, stack = "chatpop"): Plan {
  const complaints = contradictions(settings);
  if (complaints.length > 0) throw new SettingsError(complaints.join("\n"));
  const s = complete(settings);
  const decisions = decide(s, stack);
  return { ...decisions, monitoring: monitoringPlan(decisions, s), advisories: advisories(s) };
}
