import { types } from "../../../aws/types";
import type { AlarmKey } from "../../../stacks/plan/monitoring/watched";
import { remedies } from "../../../docs/remedies";
import { html, prose, table } from "../html";
import { byUrn, isAlarm, type Item, type Material } from "../material";
import { about } from "./resources";
import type { Section } from "./section";

const signs: Readonly<Record<string, string>> = {
  GreaterThanThreshold: ">",
  GreaterThanOrEqualToThreshold: "≥",
  LessThanThreshold: "<",
  LessThanOrEqualToThreshold: "≤",
};

/** Condition of an alarm: `> 80, 2 × 300 s`. */
function condition({ inputs, type }: Item): string {
  if (type === types.compositeAlarm) return "any of its alarms";
  const { threshold, comparisonOperator, evaluationPeriods, period } = inputs;
  const often = Number(evaluationPeriods) === 1 ? "once" : `${String(evaluationPeriods)} times in a row`;
  const times = period === undefined ? often : `${String(evaluationPeriods)} × ${String(period)} s`;
  return `${signs[String(comparisonOperator)] ?? "?"} ${Number(threshold).toLocaleString("en")}, ${times}`;
}

/** Parts of an alarm's description: severity, meaning, section of the runbook. */
function words({ inputs }: Item) {
  const description = String(inputs["alarmDescription"] ?? "");
  const [, severity = "", meaning = "", key = ""] = /^[^,]*, (\w+): (.*?)(?: Steps: \S+#([a-z-]+))?$/s.exec(
    description,
  ) ?? [undefined, "", description];
  return { severity, meaning, key: key as AlarmKey };
}

const stepsOf = (key: AlarmKey) =>
  remedies[key] === undefined
    ? "–"
    : html`<details>
        <summary>${remedies[key].length} steps</summary>
        <ol>
          ${remedies[key].map(
            ({ text, sh }) =>
              html`<li>
                ${prose(text.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1").replaceAll("**", ""))}${sh !== undefined && html`<pre tabindex="0">${sh}</pre>`}
              </li>`,
          )}
        </ol>
      </details>`;

/** Every alarm, with its steps in the runbook. */
export function alarmsSection({ resources, stack }: Material): Section {
  const all = byUrn(resources);
  const alarms = resources.filter(isAlarm).map((item) => ({ item, ...words(item) }));
  const order = ["critical", "warning"];
  alarms.sort((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
  const critical = alarms.filter(({ severity }) => severity === "critical").length;
  return {
    id: "alarms",
    title: "Alarms",
    body: html` <p class="lead">
        ${alarms.length} alarms, ${critical} of them critical. The steps are those of
        docs/operations/runbook.md.
      </p>
      ${table(
        "Alarms",
        ["alarm", "about", "goes off", "means", "runbook"],
        alarms.map(({ item, severity, meaning, key }) => [
          html`<code>${item.name.replace(/^chatpop-/, "").replace(`${stack}-`, "")}</code><br /><span
              class="chip ${severity === "critical" ? "violated" : "advised"}"
              >${severity}</span
            >`,
          about(item, all)
            .map(({ name }) => name)
            .join(", ") || "–",
          condition(item),
          meaning,
          stepsOf(key),
        ]),
        "wide",
      )}`,
  };
}
