import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk.bundled.js";
import type { Graph, GraphNode, Place } from "./graph";

/** A rectangle in the picture. */
export interface Box {
  /** Of the node, subnet or frame. */
  readonly id: string;
  /** Left edge (pixels, like the others). */
  readonly x: number;
  /** Upper edge. */
  readonly y: number;
  /** From left to right. */
  readonly width: number;
  /** From top to bottom. */
  readonly height: number;
}

/** A point of an arrow. */
export interface Point {
  /** Pixels from the left. */
  readonly x: number;
  /** Pixels from the top. */
  readonly y: number;
}

/** An arrow with the place of its ports. */
export interface Arrow {
  /** Identifier of the box that it leaves. */
  readonly from: string;
  /** Identifier of the box that it leads to. */
  readonly to: string;
  /** Its corners, the head last. */
  readonly points: readonly Point[];
  /** Its ports; undefined where it has none. */
  readonly label?: Box & { readonly text: string };
}

/** Positions in the picture. */
export interface Picture {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** By the identifier of a node, subnet or frame. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** In the order of the graph's edges. */
  readonly arrows: readonly Arrow[];
}

/** Sizes of boxes; the drawing's texts are cut to fit them. */
export const sizes = { node: { width: 220, height: 56 }, subnet: { width: 200, height: 28 } } as const;
const gap = 16;
const margin = 20;

/** Frames around nodes: title and place. */
export const frames = [
  { id: "vpc", title: "VPC" },
  { id: "public", title: "Public subnets" },
  { id: "private", title: "Private subnets" },
  { id: "region", title: "Services of the region" },
] as const;

const padding = { "elk.padding": "[top=44,left=20,bottom=20,right=20]" };
const groupPadding = { "elk.padding": "[top=34,left=14,bottom=14,right=14]" };
const layered = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.spacing.nodeNodeBetweenLayers": "44",
  "elk.spacing.nodeNode": "24",
  "elk.spacing.edgeLabel": "4",
  "elk.spacing.edgeNode": "18",
  "elk.layered.spacing.edgeNodeBetweenLayers": "18",
  "elk.json.shapeCoords": "ROOT",
  "elk.json.edgeCoords": "ROOT",
};
const boxOf = ({ id }: GraphNode): ElkNode => ({ id, ...sizes.node });

/** Lays the architecture out; the result is the same at every run. */
export async function layout({ nodes, groups, edges, subnets }: Graph): Promise<Picture> {
  const grouped = new Set(groups.flatMap((group) => group.nodes));
  const at = (place: Place): readonly ElkNode[] => [
    ...nodes.filter((node) => node.place === place && !grouped.has(node.id)).map(boxOf),
    ...groups
      .filter((group) => group.place === place)
      .map((group) => ({
        id: group.id,
        layoutOptions: groupPadding,
        children: nodes.filter(({ id }) => group.nodes.includes(id)).map(boxOf),
      })),
  ];
  const zones = (place: Place) => subnets.filter((subnet) => subnet.place === place);
  const tier = (place: "public" | "private"): ElkNode => ({
    id: place,
    layoutOptions: { "elk.padding": "[top=60,left=20,bottom=20,right=20]" },
    children: [...at(place)],
  });
  const placeOf = (id: string) => [...nodes, ...groups].find((each) => each.id === id)?.place;
  const upwards = (from: string, to: string) => placeOf(from) === "private" && placeOf(to) === "public";
  const inner: ElkNode = {
    id: "inner",
    layoutOptions: layered,
    children: [
      ...at("outside"),
      { id: "vpc", layoutOptions: padding, children: [tier("public"), tier("private")] },
    ],
    edges: edges.map(({ from, to, ports }, index): ElkExtendedEdge => ({
      id: `edge-${index}`,
      // An arrow from a lower tier to a higher one is laid out in reverse, so that the higher tier stays on top.
      sources: [upwards(from, to) ? to : from],
      targets: [upwards(from, to) ? from : to],
      ...(ports.length > 0 && {
        labels: [{ text: ports.join(", "), width: 8 + 7 * ports.join(", ").length, height: 16 }],
      }),
    })),
  };
  const chat = await new ELK().layout(inner);
  const boxes = new Map<string, Box>();
  const collect = ({ children = [] }: ElkNode): void => {
    for (const { id, x = 0, y = 0, width = 0, height = 0, ...child } of children) {
      boxes.set(id, { id, x, y, width, height });
      collect({ id, ...child });
    }
  };
  collect(chat);
  const titles = 160;
  const broadest = Math.max(zones("public").length, zones("private").length) * (sizes.subnet.width + gap);
  const drawn = boxes.get("vpc");
  const width = Math.max(chat.width ?? 0, (drawn?.x ?? 0) * 2 + titles + broadest + 2 * margin);
  const vpc = drawn && { ...drawn, width: width - 2 * drawn.x };
  if (vpc) boxes.set("vpc", vpc);
  for (const place of ["public", "private"] as const) {
    const box = boxes.get(place);
    if (!box || !vpc) continue;
    const right = vpc.x + vpc.width - margin;
    boxes.set(place, { ...box, x: vpc.x + margin, width: vpc.width - 2 * margin });
    // The subnets stand beside the title, from the right.
    zones(place).forEach(({ id }, index, all) => {
      const x = right - (all.length - index) * (sizes.subnet.width + gap);
      boxes.set(id, { id, x, y: box.y + 14, ...sizes.subnet });
    });
  }
  const aside = nodes.filter(({ place }) => place === "region");
  const columns = Math.max(
    1,
    Math.floor(((vpc?.width ?? width) - 2 * margin + gap) / (sizes.node.width + gap)),
  );
  const top = (chat.height ?? 0) + gap;
  aside.forEach(({ id }, index) => {
    const x = (vpc?.x ?? 0) + margin + (index % columns) * (sizes.node.width + gap);
    const y = top + 44 + Math.floor(index / columns) * (sizes.node.height + gap);
    boxes.set(id, { id, x, y, ...sizes.node });
  });
  const height = 44 + Math.ceil(aside.length / columns) * (sizes.node.height + gap) + 4;
  boxes.set("region", { id: "region", x: vpc?.x ?? 0, y: top, width: vpc?.width ?? width, height });
  const arrows = (chat.edges ?? []).map((edge, index): Arrow => {
    const [section] = edge.sections ?? [];
    const [label] = edge.labels ?? [];
    const points = section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [];
    return {
      from: edges[index]!.from,
      to: edges[index]!.to,
      points: upwards(edges[index]!.from, edges[index]!.to) ? points.reverse() : points,
      ...(label && {
        label: {
          id: `label-${index}`,
          text: label.text ?? "",
          x: label.x ?? 0,
          y: label.y ?? 0,
          width: label.width ?? 0,
          height: label.height ?? 0,
        },
      }),
    };
  });
  return { width, height: top + height, boxes, arrows };
}
