import { canonical, types } from "../../../aws/types";
import type { Bill } from "../../../aws/billing";
import { panelOf } from "../drawing";
import type { Graph } from "../graph";
import { type Child, html, type Markup, table } from "../html";
import { byUrn, isAlarm, type Item, madeOf, type Material } from "../material";
import { dollars, type Section } from "./section";

/** Resources that an alarm watches; its topic is none of them. */
export const about = (alarm: Item, all: ReadonlyMap<string, Item>): readonly Item[] =>
  madeOf(alarm, all).filter(({ type }) => !type.startsWith("aws:sns/") && canonical(type) !== types.cluster);

/** The engine's placeholders for an unknown value and for a secret. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signature = "4dabf18193072939515e22adb298388d";
const hidden = /^(__defaults|tags|tagsAll|code|policy|assumeRolePolicy|dashboardBody|alarmDescription)$/;
const longest = 160;

/** A value of a setting as one line. */
function shown(value: unknown): string {
  if (value === unknown || typeof value === "symbol") return "known after the update";
  if (typeof value === "string") return value.length > longest ? `${value.slice(0, longest)}…` : value;
  if (typeof value !== "object" || value === null) return String(value);
  if (signature in value || value.constructor.name === "Secret") return "secret";
  if (Array.isArray(value)) return value.map(shown).join(", ");
  const pairs = Object.entries(value).map(([key, each]) => `${key} ${shown(each)}`);
  const text = pairs.join("; ");
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function settingsTable({ inputs }: Item): Child {
  const rows = Object.entries(inputs).filter(([key]) => !hidden.test(key));
  if (rows.length === 0) return html`<p class="note">no settings</p>`;
  return html`<dl>
    ${rows.map(
      ([key, value]) =>
        html`<dt>${key}</dt>
          <dd>${shown(value)}</dd>`,
    )}
  </dl>`;
}

/** The panel of a box in the picture. */
function panel(
  members: readonly Item[],
  title: string,
  bill: Bill,
  alarms: (item: Item) => readonly Item[],
): Markup {
  const [first] = members as [Item];
  const id = panelOf(first.urn);
  const lines = bill.lines.filter(({ resource, type }) =>
    members.some((member) => member.name === resource && canonical(member.type) === type),
  );
  const total = lines.reduce((sum, { usd }) => sum + usd, 0);
  const watching = [...new Set(members.flatMap(alarms))];
  return html`<article class="panel" id="${id}" tabindex="-1" aria-labelledby="${id}-title">
    <a class="close" href="#architecture" aria-label="Close">×</a>
    <h3 id="${id}-title">${title}</h3>
    <p class="note">${canonical(first.type)}</p>
    <h4>Price</h4>
    ${
      lines.length === 0
        ? html`<p>free</p>`
        : html`<p><b>${dollars(total)} a month</b></p>
            <ul>
              ${lines.map(({ what, usd }) => html`<li>${what}: $${usd.toFixed(2)}</li>`)}
            </ul>`
    }
    <h4>Alarms</h4>
    ${
      watching.length === 0
        ? html`<p>none of its own</p>`
        : html`<ul>
            ${watching.map(({ name }) => html`<li><code>${name}</code></li>`)}
          </ul>`
    }
    <h4>Settings</h4>
    ${members.slice(0, 6).map((member) => html`${members.length > 1 && html`<h5>${member.name}</h5>`}${settingsTable(member)}`)}
    ${members.length > 6 && html`<p class="note">… and ${members.length - 6} more</p>`}
  </article>`;
}

/** Panels of all boxes in the picture. */
export function panels(graph: Graph, { resources }: Material, bill: Bill): readonly Markup[] {
  const all = byUrn(resources);
  const watched = resources.filter(isAlarm).map((alarm) => ({ alarm, of: about(alarm, all) }));
  const alarms = (item: Item) => watched.flatMap(({ alarm, of }) => (of.includes(item) ? [alarm] : []));
  return [
    ...graph.nodes.flatMap(({ members, title }) =>
      members.length > 0 ? [panel(members, title, bill, alarms)] : [],
    ),
    ...graph.groups.map(({ item, title }) => panel([item], title, bill, alarms)),
    ...graph.subnets.map(({ item, zone }) => panel([item], `Subnet in ${zone || "its zone"}`, bill, alarms)),
  ];
}

/** All resources by type. */
export function resourcesSection({ resources }: Material): Section {
  const kinds = new Map<string, string[]>();
  for (const { type, name } of resources) {
    if (/^(chatpop:|pulumi:)/.test(type)) continue;
    const token = canonical(type);
    kinds.set(token, [...(kinds.get(token) ?? []), name]);
  }
  const rows = [...kinds].sort(([one], [other]) => one.localeCompare(other));
  const total = rows.reduce((sum, [, names]) => sum + names.length, 0);
  return {
    id: "resources",
    title: "Resources",
    body: html`<p class="lead">${total} resources of ${rows.length} types.</p>
      <details>
        <summary>All</summary>
        ${table(
          "Resources",
          ["type", "count", "names"],
          rows.map(([type, names]) => [html`<code>${type}</code>`, names.length, names.join(", ")]),
          "wide",
        )}
      </details>`,
  };
}
