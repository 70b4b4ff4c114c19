import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requirements } from "../../../docs/coverage";
import { html, table } from "../html";
import type { Material } from "../material";
import type { Outcome } from "../../../policy/results";
import { outcomes, type RuleResult } from "../rules";
import type { Section } from "./section";

const guide = () => readFileSync(join(__dirname, "../../../docs/guide.md"), "utf8");
const worstFirst = outcomes.map(({ outcome }) => outcome);

/** The worst result of the rules for a requirement; undefined without a rule. */
function outcomeOf(rules: readonly RuleResult[]): Outcome | undefined {
  return worstFirst.find((outcome) => rules.some((rule) => rule.outcome === outcome));
}

const words: Readonly<Partial<Record<Outcome, string>>> = {
  violated: "✗ broken",
  advised: "! advised against",
  deferred: "~ known after the update",
  accepted: "= accepted with a reason",
  holds: "✓ holds",
  notApplicable: "– not at this scale",
  disabled: "× rule disabled",
};

/** The guide's requirements, each ticked by the rules that judge the graph. */
export function checklistSection({ rules }: Material): Section {
  const rows = requirements(guide()).map((each) => {
    const keeping = rules.filter((rule) => rule.requirements.includes(each.id));
    return { ...each, keeping, outcome: outcomeOf(keeping) };
  });
  const judged = rows.filter(({ outcome }) => outcome !== undefined);
  const held = judged.filter(({ outcome }) => outcome === "holds").length;
  return {
    id: "checklist",
    title: "The guide's checklist",
    body: html` <p class="lead">
        Rules of the pack judge ${judged.length} of ${rows.length} requirements in this stack's own resources:
        <b>${held} hold</b>. docs/guide-coverage.md has the tests that name the others.
      </p>
      <details>
        <summary>All ${judged.length}</summary>
        ${table(
          "Requirements",
          ["guide", "result", "requirement", "kept by"],
          judged.map(({ id, text, keeping, outcome }) => [
            id,
            html`<span class="chip ${outcome}">${words[outcome!]}</span>`,
            text.replaceAll("`", "").replaceAll("**", ""),
            keeping.map(({ name }) => html`<code>${name}</code> `),
          ]),
          "wide",
        )}
      </details>`,
  };
}
