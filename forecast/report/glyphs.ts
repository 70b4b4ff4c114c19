/** Families of resources, in the colours of AWS's own icons. */
export type Kind =
  "people" | "balance" | "network" | "compute" | "database" | "cache" | "storage" | "security" | "watch";

/*
 * This project's own signs, 24 × 24, drawn with strokes: a diagram may use AWS's icons, but their terms forbid a repository to redistribute them under its own licence.
 */
const signs: Readonly<Record<Kind, string>> = {
  people:
    "M9 11a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7ZM2.5 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.300M17.500 14.400c2.500.7 4 2.600 4 5.600",
  balance: "M12 3v5M12 8L5 15M12 8v7M12 8l7 7M3 15h4v5H3ZM10 15h4v5h-4ZM17 15h4v5h-4Z",
  network:
    "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18ZM3 12h18M12 3c3 2.500 4 5.500 4 9s-1 6.500-4 9c-3-2.500-4-5.500-4-9s1-6.500 4-9Z",
  compute: "M6 6h12v12H6ZM9.500 9.500h5v5h-5ZM9 3v3M15 3v3M9 18v3M15 18v3M3 9h3M3 15h3M18 9h3M18 15h3",
  database:
    "M4 6c0-1.700 3.600-3 8-3s8 1.300 8 3s-3.600 3-8 3s-8-1.300-8-3ZM4 6v12c0 1.700 3.600 3 8 3s8-1.300 8-3V6M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3",
  cache: "M13 2.500L5 13.500h6l-1 8l9-12h-6.500Z",
  storage: "M4 5h16l-2 15H6ZM4.700 10h14.600",
  security: "M12 3l8 3v6c0 4.500-3.200 7.600-8 9c-4.800-1.400-8-4.500-8-9V6ZM9 12l2.200 2.200L15.500 10",
  watch: "M3 12h4l2.500-7l4.500 14l2.500-7h4.500",
};

/** The sign of a family as SVG, its upper left corner at a point. */
export const glyph = (kind: Kind, x: number, y: number): string =>
  `<g class="glyph ${kind}" transform="translate(${x} ${y})"><rect width="36" height="36" rx="8"/><path transform="translate(6 6)" d="${signs[kind]}"/></g>`;
