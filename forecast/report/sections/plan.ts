import { answer, type Answer, type Question } from "../../capacity/planner";
import { measuredWith } from "../../capacity/parts";
import { type Child, html, table } from "../html";
import type { Material } from "../material";
import { count, dollars, percent, type Section } from "./section";

/** The planner's question for the stack's settings. */
export const questionOf = ({ demand, settings, habits, region }: Material): Question => ({
  rooms: demand.rooms,
  users: demand.usersPerRoom,
  settings,
  habits,
  region,
});

const level = (share: number) => (share > 1 ? "bad" : share > 0.8 ? "near" : "good");

/** A bar with the used share of a part. */
function gauge(share: number | undefined): Child {
  if (share === undefined) return html`<span class="note">no limit</span>`;
  const wide = Math.min(100, Math.round(100 * share));
  return html`<span class="gauge ${level(share)}"><span style="width:${wide}%"></span></span>
    <b>${percent(share)}</b>`;
}

const settingsText = (settings: Readonly<Record<string, string>>) =>
  Object.entries(settings)
    .map(([key, value]) => `chatpop:${key} ${value}`)
    .join(", ");

function remedies({ remedies: found, parts, binding }: Answer): Child {
  const name = parts.find(({ key }) => key === binding)!.part;
  if (found.length === 0) return undefined;
  return html`<h3>What gives ${name} more room</h3>
    ${table(
      "Remedies",
      ["setting", "used then", "whole chat", "price"],
      found.map((each) => [
        html`<code>${settingsText(each.settings)}</code>`,
        percent(each.used),
        each.holds ? "holds" : "does not hold",
        each.usdMore === undefined
          ? "unknown"
          : Math.abs(each.usdMore) < 0.5
            ? "same"
            : `${each.usdMore > 0 ? "+" : ""}${dollars(each.usdMore)} a month`,
      ]),
    )}`;
}

/** Head-room of every part. */
export function planSection(material: Material): Section & { readonly answer: Answer } {
  const found = answer(questionOf(material));
  const { parts, binding, holds, headRoom, next, tasks } = found;
  const fullest = parts.find(({ key }) => key === binding)!;
  const sorted = [...parts].sort((one, other) => (other.used ?? -1) - (one.used ?? -1));
  return {
    id: "plan",
    title: "Head-room",
    answer: found,
    body: html` <p class="lead">
        ${
          holds
            ? html`Full load fits. <b>${fullest.part}</b> is fullest: ${percent(headRoom)} are left.`
            : html`Full load does <b>not</b> fit: ${fullest.part} needs ${percent(fullest.used ?? 0)} of what
                there is.`
        }
        ${next && html` Next in the guide: at ${count(next.rooms)} rooms ${next.changes.join("; ")}.`}
      </p>
      ${table(
        "Head-room of every part",
        ["part", "used", "need", "have", "full at", "known"],
        sorted.map((part) => [
          part.part,
          gauge(part.used),
          `${count(part.need, part.need < 10 ? 1 : 0)} ${part.unit}`,
          part.have === undefined ? "–" : count(part.have, part.have < 10 ? 1 : 0),
          part.roomsAtMost === undefined ? "–" : `${count(part.roomsAtMost)} rooms`,
          html`<span title="${part.source}">${part.certainty}</span>`,
        ]),
      )}
      ${remedies(found)}
      <p class="note">
        ${tasks.minimum} to ${tasks.maximum} tasks; the guide has ${tasks.guide.minimum} to
        ${tasks.guide.maximum}. Measured: ${measuredWith}.
      </p>`,
  };
}
