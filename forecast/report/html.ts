/** Text that is HTML already. */
export class Markup {
  constructor(readonly text: string) {}
}

/** A child of a template; `undefined` and `false` show nothing. */
export type Child = string | number | Markup | undefined | false | readonly Child[];

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

function textOf(child: Child): string {
  if (child === undefined || child === false) return "";
  if (child instanceof Markup) return child.text;
  if (Array.isArray(child)) return (child as readonly Child[]).map(textOf).join("");
  return escaped(String(child));
}

/** Text that is HTML already, from a picture or a style sheet of this project. */
export const raw = (text: string): Markup => new Markup(text);

/** A template of HTML; it escapes every child except `Markup`. */
export const html = (parts: TemplateStringsArray, ...children: readonly Child[]): Markup =>
  new Markup(parts.map((part, index) => part + textOf(children[index])).join(""));

/** A table that scrolls on its own if it is wider than the page. */
export const table = (
  name: string,
  head: readonly Child[],
  rows: readonly (readonly Child[])[],
  align: string = "",
): Markup =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${name}">
    <table class="${align}">
      <thead>
        <tr>
          ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

/** Identifier of an element, made of any text. */
export const idOf = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

/** Code in a text: between back-ticks. */
export const prose = (text: string): readonly Child[] =>
  text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));

/** Requirements, none of which breaks at its hyphen. */
export const ids = (names: readonly string[]): Markup =>
  html`${names.map((name, index) => html`<span class="id">${name}${index < names.length - 1 ? ", " : ""}</span>`)}`;
