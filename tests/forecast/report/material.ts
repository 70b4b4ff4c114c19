import type { Material } from "../../../forecast/report/material";
import { rulesFrom } from "../../../forecast/report/rules";
import { resultsText } from "../../../policy/closing";
import { concerns } from "../../../policy/pack";
import type { Demand } from "../../../stacks/capacity";
import type { Scale } from "../../../stacks/guide";
import { usualHabits } from "../../../stacks/plan/price";
import { analyze } from "../../policy/analysis";
import { record } from "../../recording/recording";

/** Material of a scale's report, as a preview leaves it, without an engine. */
export async function recorded(
  scale: Scale,
  config: Readonly<Record<string, string>> = {},
): Promise<Material> {
  const { registrations, run } = await record(scale, "preview", config);
  const found = await analyze(registrations);
  return {
    stack: scale,
    region: "us-east-1",
    demand: (run.outputs["plan"] as { demand: Demand }).demand,
    settings: { scale, ...config },
    resources: registrations,
    rules: rulesFrom(
      resultsText(concerns, "json"),
      found.map(({ policy, message }) => ({ policyName: policy, message })),
    ),
    warnings: run.warnings,
    habits: usualHabits,
    date: "2026-11-30",
  };
}
