import { html, idOf, ids, table } from "../html";
import type { Material } from "../material";
import { outcomes, type RuleResult } from "../rules";
import type { Section } from "./section";

const markOf = (rule: RuleResult) => outcomes.find(({ outcome }) => outcome === rule.outcome);

const reasons = (rule: RuleResult) =>
  rule.findings.length > 0
    ? html`<details open>
        <summary>${rule.findings.length === 1 ? "reason" : `${rule.findings.length} reasons`}</summary>
        ${rule.findings.map((each) => html`<p>${each}</p>`)}
      </details>`
    : html`<details>
        <summary>remedy</summary>
        <p>${rule.remedy}.</p>
      </details>`;

/** Results of the policy pack, with filters. */
export function policiesSection({ rules }: Material): Section {
  const counted = outcomes
    .map((each) => ({ ...each, rules: rules.filter(({ outcome }) => outcome === each.outcome) }))
    .filter((each) => each.rules.length > 0);
  const sorted = counted.flatMap((each) => each.rules);
  const unknown = rules.filter(({ outcome }) => outcome === undefined);
  return {
    id: "policies",
    title: "Policies",
    body: html` <p class="lead">
        ${rules.length} rules:
        ${counted.map(({ word, rules: some }) => `${word} ${some.length}`).join(", ")}${unknown.length > 0 && `, not run ${unknown.length}`}.
      </p>
      <div class="filters" data-filters="rules">
        <label>Find <input type="search" placeholder="rule or concern" data-find /></label>
        ${counted.map(({ outcome, mark, word, rules: some }) => html`<label class="chip ${outcome}"><input type="checkbox" checked value="${outcome}" /> <span aria-hidden="true">${mark}</span> ${word} (${some.length})</label>`)}
      </div>
      <div data-filtered="rules">
        ${table(
          "Rules",
          ["rule", "result", "what must hold", "guide", "why"],
          [...sorted, ...unknown].map((rule) => [
            html`<span id="rule-${idOf(rule.name)}" data-outcome="${rule.outcome ?? ""}"
              ><code>${rule.name}</code><br /><span class="note">${rule.concern}</span></span
            >`,
            html`<span class="chip ${rule.outcome ?? ""}"
              ><span aria-hidden="true">${markOf(rule)?.mark ?? "?"}</span>
              ${markOf(rule)?.word ?? "not run"}</span
            >`,
            `${rule.description}.`,
            ids(rule.requirements),
            reasons(rule),
          ]),
          "wide",
        )}
      </div>`,
  };
}
