import { type EChartsOption, init } from "echarts";
import { type Markup, raw } from "./html";

/*
 * ECharts draws with fixed colours. Each of these is a placeholder for a colour of the page, which depends on light or dark mode, and is replaced in the finished picture.
 */
const tokens = {
  text: "#010101",
  note: "#010102",
  line: "#010103",
  guide: "#010104",
  own: "#010105",
  load: "#010106",
  bad: "#010107",
  c1: "#010108",
  c2: "#010109",
  c3: "#01010a",
  c4: "#01010b",
  c5: "#01010c",
  c6: "#01010d",
  c7: "#01010e",
} as const;

/** Colours of a chart, by name of the page's style sheet. */
export const ink = tokens;
/** Colours of a chart's parts, in order. */
export const palette: readonly string[] = [
  tokens.c1,
  tokens.c2,
  tokens.c3,
  tokens.c4,
  tokens.c5,
  tokens.c6,
  tokens.c7,
];

const label = { color: tokens.note, fontSize: 12 };

/** An axis in the page's colours. */
export const axis = {
  axisLabel: label,
  nameTextStyle: label,
  axisLine: { show: true, lineStyle: { color: tokens.line } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: tokens.line } },
} as const;

/** A legend in the page's colours. */
export const legend = {
  textStyle: { color: tokens.text, fontSize: 12 },
  itemWidth: 14,
  itemHeight: 10,
  // Without a browser ECharts underestimates the width of texts.
  itemGap: 20,
  icon: "roundRect",
} as const;

/** A chart as SVG; the text is the same at every run. */
export function chart(name: string, width: number, height: number, option: EChartsOption): Markup {
  const picture = init(null, null, { renderer: "svg", ssr: true, width, height });
  picture.setOption({
    animation: false,
    backgroundColor: "transparent",
    textStyle: { fontFamily: "system-ui, sans-serif" },
    ...option,
  });
  const svg = picture.renderToSVGString();
  // Without dispose, the picture keeps the process alive.
  picture.dispose();
  const coloured = Object.entries(tokens).reduce(
    (text, [key, colour]) => text.replaceAll(colour, `var(--${key})`),
    svg,
  );
  const id = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return raw(
    coloured
      // ECharts numbers ids by the pictures of a process; they must be unique within the page.
      .replaceAll(/zr\d+-/g, `${id}-`)
      .replaceAll(/ (class|pointer-events)="[^"]*"/g, "")
      .replace(/<style.*?<\/style>\n?/s, "")
      .replace(
        /<svg [^>]*>/,
        `<svg class="chart" role="img" aria-label="${name}" viewBox="0 0 ${width} ${height}">`,
      ),
  );
}
