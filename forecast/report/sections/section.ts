import { type Child, html, type Markup } from "../html";

/** A part of the report. */
export interface Section {
  /** Its address in the page. */
  readonly id: string;
  /** Its heading. */
  readonly title: string;
  /** Text below the heading. */
  readonly body: Child;
}

/** Dollars without cents. */
export const dollars = (usd: number): string =>
  `${usd < 0 ? "-" : ""}$${Math.round(Math.abs(usd)).toLocaleString("en")}`;

/** A number with separated thousands. */
export const count = (value: number, digits = 0): string =>
  value.toLocaleString("en", { maximumFractionDigits: digits });

/** A share in percent. */
export const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** A picture with a sentence below it. */
export const figure = (picture: Child, caption: Child): Markup =>
  html`<figure>
    <div class="scroll" tabindex="0" role="group" aria-label="Picture">${picture}</div>
    <figcaption>${caption}</figcaption>
  </figure>`;
