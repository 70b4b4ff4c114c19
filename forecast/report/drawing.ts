import { glyph } from "./glyphs";
import type { Graph, GraphNode } from "./graph";
import { idOf, type Markup, raw } from "./html";
import { type Box, frames, layout, type Picture } from "./layout";

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A text, cut to a width (pixels). */
const cut = (text: string, width: number, letter: number) => {
  const most = Math.floor(width / letter);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
};

/** Identifier of a resource's panel. */
export const panelOf = (urn: string): string => `r-${idOf(urn.split("::").slice(-2).join("-"))}`;

const label = (x: number, y: number, className: string, text: string) =>
  `<text x="${x}" y="${y}" class="${className}">${escaped(text)}</text>`;

function nodeText({ title, detail, kind, members }: GraphNode, { x, y, width, height }: Box): string {
  const inside = [
    `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>`,
    glyph(kind, x + 10, y + 10),
    label(x + 56, y + 25, "title", cut(title, width - 62, 7)),
    label(x + 56, y + 42, "detail", cut(detail, width - 62, 6.4)),
  ].join("");
  const [first] = members;
  return first
    ? `<a class="node" href="#${panelOf(first.urn)}">${inside}</a>`
    : `<g class="node">${inside}</g>`;
}

const frameText = (title: string, id: string, { x, y, width, height }: Box) =>
  `<g class="frame ${id}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="14"/>${label(x + 16, y + 24, "title", title)}</g>`;

const path = (points: Picture["arrows"][number]["points"]) =>
  points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");

/** The architecture as SVG; its colours are the page's. */
export async function drawing(graph: Graph): Promise<Markup> {
  const picture = await layout(graph);
  const boxAt = (id: string) => picture.boxes.get(id);
  const margin = 8;
  const names: Readonly<Record<string, string>> = { vpc: `VPC ${graph.vpc}` };
  const shapes = [
    ...frames.flatMap(({ id, title }) => {
      const box = boxAt(id);
      return box && box.height > 0 ? [frameText(names[id] ?? title, id, box)] : [];
    }),
    ...graph.groups.flatMap(({ id, title, item }) => {
      const box = boxAt(id);
      return box ? [`<a href="#${panelOf(item.urn)}">${frameText(title, "group", box)}</a>`] : [];
    }),
    ...picture.arrows.map(
      ({ points }) => `<path class="arrow" d="${path(points)}" marker-end="url(#head)"/>`,
    ),
    ...graph.subnets.flatMap(({ id, zone, cidr, item }) => {
      const box = boxAt(id);
      return box
        ? [
            `<a class="subnet" href="#${panelOf(item.urn)}">` +
              `<rect class="box" x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="15"/>` +
              `${label(box.x + 14, box.y + 20, "detail", cut(`${zone || "zone"} · ${cidr}`, box.width - 24, 6.6))}</a>`,
          ]
        : [];
    }),
    ...picture.arrows.flatMap(({ label: ports }) =>
      ports
        ? [
            `<g class="ports"><rect x="${ports.x}" y="${ports.y}" width="${ports.width}" height="${ports.height}" rx="4"/>` +
              `<text x="${ports.x + ports.width / 2}" y="${ports.y + 12}" text-anchor="middle">${escaped(ports.text)}</text></g>`,
          ]
        : [],
    ),
    ...graph.nodes.flatMap((node) => {
      const box = boxAt(node.id);
      return box ? [nodeText(node, box)] : [];
    }),
  ];
  const [width, height] = [picture.width + 2 * margin, picture.height + 2 * margin];
  return raw(
    `<svg class="architecture" role="group" aria-label="Architecture" viewBox="${-margin} ${-margin} ${width} ${height}" width="${width}" height="${height}">` +
      `<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L8 4L0 8Z"/></marker></defs>` +
      `${shapes.join("")}</svg>`,
  );
}
