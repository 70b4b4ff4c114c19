import { readFileSync } from "node:fs";
import { join } from "node:path";
import { drawing } from "./drawing";
import { graphOf } from "./graph";
import { html, raw } from "./html";
import type { Material } from "./material";
import { alarmsSection } from "./sections/alarms";
import { checklistSection } from "./sections/checklist";
import { costSection } from "./sections/cost";
import { planSection } from "./sections/plan";
import { policiesSection } from "./sections/policies";
import { panels, resourcesSection } from "./sections/resources";
import { count, dollars, percent, type Section } from "./sections/section";
import { surgesSection } from "./sections/surges";
import { versionsSection } from "./sections/versions";

const file = (name: string) => readFileSync(join(__dirname, name), "utf8");

/** A figure at the top of the page. */
const tile = (value: string, what: string, tone = "") =>
  html`<div class="tile ${tone}"><b>${value}</b><span>${what}</span></div>`;

/** The report as one HTML file that needs nothing else. */
export async function page(material: Material): Promise<string> {
  const { stack, demand, region, rules, warnings, date } = material;
  const graph = graphOf(material.resources);
  const plan = planSection(material);
  const cost = costSection(material);
  const { expected } = cost.cost;
  const broken = rules.filter(({ outcome }) => outcome === "violated").length;
  const advised = rules.filter(({ outcome }) => outcome === "advised").length;
  const architecture: Section = {
    id: "architecture",
    title: "Architecture",
    body: html` <p class="lead">
        Drawn from the registered resources. An arrow leads from who may open a connection to whom, at the
        ports that the security groups name. Each box opens its settings, price and alarms.
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label="Architecture">${await drawing(graph)}</div>
      <p class="note">
        The signs are this project's own, in the colours of AWS's families:
        <span class="key compute">compute</span> <span class="key database">database</span>
        <span class="key network">network</span> <span class="key storage">storage</span>
        <span class="key security">security</span> <span class="key watch">watching</span>
      </p>
      ${panels(graph, material, expected)}`,
  };
  const sections: readonly Section[] = [
    architecture,
    plan,
    cost,
    surgesSection(material),
    policiesSection(material),
    checklistSection(material),
    alarmsSection(material),
    resourcesSection(material),
    versionsSection(material),
  ];
  const load = `${count(demand.rooms)} rooms × ${count(demand.usersPerRoom)} users`;
  const text = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
        />
        <title>ChatPop ${stack}: ${load}</title>
        <style>
          ${raw(file("style.css"))}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">To the content</a>
        <header>
          <p class="eyebrow">ChatPop on AWS · ${region} · ${date}</p>
          <h1>${stack}: ${load}</h1>
          <div class="tiles">
            ${tile(count(demand.connections), "connections")}
            ${tile(count(demand.messagesPerSecond), "messages a second")}
            ${tile(dollars(expected.total), "a month")}
            ${tile(percent(plan.answer.headRoom), "head-room", plan.answer.holds ? "good" : "bad")}
            ${tile(broken > 0 ? `${broken} broken` : "none broken", `of ${rules.length} rules, ${advised} advised`, broken > 0 ? "bad" : "good")}
          </div>
          ${
            warnings.length > 0 &&
            html`<details class="warnings">
              <summary>${warnings.length} warnings of the program</summary>
              <ul>
                ${warnings.map((each) => html`<li>${each}</li>`)}
              </ul>
            </details>`
          }
          <nav aria-label="Sections">
            ${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}
          </nav>
        </header>
        <main id="content">
          ${sections.map(
            ({ id, title, body }) =>
              html`<section id="${id}" aria-labelledby="${id}-heading">
                <h2 id="${id}-heading">${title}</h2>
                ${body}
              </section>`,
          )}
        </main>
        <script>
          ${raw(file("behaviour.js"))};
        </script>
      </body>
    </html> `;
  return text.text;
}
