import { element, path } from "./svg.js";

/** Colours that the colour-blind tell apart, and never alone: each has its own stroke and end. */

const INK = "#1f2933";
const QUIET = "#5b6770";
const FRAME = "#2b6ca3";
const BEACON = "#9aa5b1";
const LIE = "#b5127f";
const LOSS = "#c9480a";
const HELD = "#157a5b";

export const STYLE = `
text { font-family: system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: ${INK}; }
path { fill: none; }
.paper { fill: #ffffff; }
.strong, .entry, .order, .onbadge, .said { font-weight: 600; }
.entry { font-weight: 400; }
.quiet { fill: ${QUIET}; }
.column.even { fill: #eef3f8; }
.column.odd { fill: #f7f9fb; }
.deadline { stroke: ${QUIET}; stroke-width: 1.2; stroke-dasharray: 5 4; }
.line { stroke: ${INK}; stroke-width: 1.8; }
.line.hub { stroke: ${BEACON}; stroke-width: 5; }
.line.liar { stroke: ${LIE}; stroke-dasharray: 12 4; }
.line.failing { stroke: ${LOSS}; stroke-dasharray: 12 4; }
text.liar, text.said.lie, text.said.hub { fill: ${LIE}; }
text.said.double, text.said.forged, text.said.withheld { fill: ${LIE}; }
text.failing { fill: ${LOSS}; }
.failure { font-style: italic; }
.frame { stroke-width: 1.7; }
.frame.beacon { stroke: ${BEACON}; stroke-width: 1; }
.frame.heard { stroke: ${FRAME}; }
.frame.lie { stroke: ${LIE}; stroke-width: 2.2; stroke-dasharray: 7 4; }
.frame.hub { stroke: ${LIE}; stroke-width: 2.2; stroke-dasharray: 9 2 2 2; }
.frame.double { stroke: ${LIE}; stroke-width: 2.2; stroke-dasharray: 7 4; }
.frame.forged { stroke: ${LIE}; stroke-width: 2.2; stroke-dasharray: 2 3; }
.frame.withheld { stroke: ${LIE}; stroke-width: 1.2; }
.frame.lost { stroke: ${LOSS}; stroke-width: 2; stroke-dasharray: 2 4; }
.frame.late { stroke: ${LOSS}; stroke-width: 2; stroke-dasharray: 2 4; }
.said { paint-order: stroke; stroke: #ffffff; stroke-width: 3; stroke-linejoin: round; }
text.said.heard { fill: ${FRAME}; }
.decision { fill: ${INK}; }
.differs { fill: #ffffff; stroke: ${LOSS}; stroke-width: 1.5; }
text.broken { fill: ${LOSS}; }
.badge.held { fill: ${HELD}; }
.badge.failed { fill: ${LOSS}; }
.badge.loose { fill: ${QUIET}; }
.onbadge { fill: #ffffff; }
.mark { stroke: #ffffff; stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
`;

const marker = (id: string, size: number, refX: number, sign: string, turns = false): string =>
  element("marker", {
    id, markerUnits: "userSpaceOnUse", markerWidth: size, markerHeight: size, refX, refY: size / 2,
    orient: turns ? "auto" : "0",
  }, sign);

const head = (id: string, size: number, fill: string, stroke = "none"): string => {
  const d = path("M", 0, size * 0.12, "L", size, size / 2, "L", 0, size * 0.88, "Z");
  const style = `fill:${fill};stroke:${stroke}`;
  return marker(id, size, size - 0.5, element("path", { d, style }), true);
};

export const MARKERS = element("defs", {}, ...[
  head("beacon", 6, BEACON), head("heard", 9, FRAME), head("lie", 11, LIE),
  head("hub", 11, LIE),
  head("double", 11, LIE), head("forged", 11, LIE), head("withheld", 11, "#ffffff", LIE),
  marker("lost", 12, 6, element("path", {
    d: "M 1.5 1.5 L 10.5 10.5 M 10.5 1.5 L 1.5 10.5", style: `stroke:${LOSS};stroke-width:2.4`,
  })),
  marker("late", 10, 5, element("circle", {
    cx: 5, cy: 5, r: 3.8, style: `fill:#ffffff;stroke:${LOSS};stroke-width:2`,
  })),
  element("pattern", {
    id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)",
  }, element("path", { d: "M 0 0 V 6", style: "stroke:#cfd8e1;stroke-width:2" })),
].map((sign) => `\n${sign}`), "\n");
