import type { Compared, Outcome } from "../emulate/compare.js";
import { element, escapeXml, text, widthOf } from "./svg.js";

/**
 * A comparison of algorithms as one picture: a row each, with what a decision takes and how many
 * decisions came through each trial. Where two boards held different things the bar is red. Of
 * commits, after how many cycles a board waited for an outcome.
 */

const ROW = 34;
const TOP = 96;
const CELL = 92;
const BAR = 66;
const COST = 150;
const GAP = 16;
const HELD = "#157a5b";
const SPLIT = "#c9480a";
const COSTS = "#2b6ca3";
const QUIET = "#5b6770";
const GROUND = "#e6ebf0";

/** What is said above the picture. */
export interface Heading {
  readonly title: string;
  readonly cycles: number;
}

export const compareName = ({ algorithm, leader, leases }: Compared): string =>
  (leader !== null ? `${algorithm}, ${leader} leader`
    : leases !== null ? `${algorithm}, no leases` : algorithm);

/** After how many cycles of all trials a board waited for an outcome; "-": it is no commit. */
export const blockedText = ({ outcomes }: Compared): string =>
  (outcomes.some(({ blocked }) => blocked !== null)
    ? String(outcomes.reduce((sum, { blocked, promised }) =>
      sum + (promised ? blocked ?? 0 : 0), 0)) : "-");

/** What a decision takes, beside what takes the longest. */
const costOf = (x: number, y: number, us: number | null, most: number): string => {
  if (us === null) return text(x, y + 4, 12, "never", { fill: SPLIT, "font-weight": 600 });
  const width = ((COST - 70) * us) / most;
  return element("rect", { x, y: y - 7, width, height: 14, rx: 2, fill: COSTS }) +
    text(x + width + 6, y + 4, 12, `${(us / 1000).toFixed(1)} ms`);
};

/** How many decisions all shared, of as many cycles; and in how many they were apart. */
const cellOf = (
  x: number, y: number, { decided, split, promised }: Outcome, cycles: number,
): string => {
  const share = (count: number) => (BAR * Math.min(count, cycles)) / cycles;
  if (!promised) return text(x, y + 4, 12, "not promised", { fill: QUIET });
  const said = split ? `${decided}, split ${split}` : String(decided);
  return [
    element("rect", { x, y: y - 12, width: BAR, height: 10, fill: GROUND }),
    element("rect", { x, y: y - 12, width: share(decided), height: 10, fill: HELD }),
    split ? element("rect", {
      x: x + Math.min(share(decided), BAR - share(split)), y: y - 12, width: share(split),
      height: 10, fill: SPLIT,
    }) : "",
    text(x, y + 11, 12, said, split ? { fill: SPLIT, "font-weight": 600 } : {}),
  ].join("");
};

/**
 * @param all those that these boards can run come into the picture
 * @returns the text of an SVG, the same for the same numbers
 */
export const comparedPicture = (
  all: readonly Compared[], { title, cycles }: Heading,
): string => {
  const rows = all.filter(({ unfit }) => unfit === null);
  const names = rows.map(compareName);
  const left = GAP + Math.max(90, ...names.map((name) => widthOf(name, 13, true))) + GAP;
  const cells = left + COST + GAP;
  const trials = rows[0]?.outcomes.map(({ trial }) => trial) ?? [];
  const sentences = rows.flatMap(({ assumes, breaks }, at) =>
    [`${names[at]!}: ${assumes}.`, `what breaks it: ${breaks}.`]);
  const blocked = cells + CELL * trials.length;
  const width = Math.max(blocked + CELL + GAP,
    ...sentences.map((one) => 2 * GAP + widthOf(one, 12) + GAP));
  const below = TOP + ROW * rows.length + 14;
  const height = below + 20 * sentences.length + 8;
  const most = Math.max(1, ...rows.map(({ us_a_decision: us }) => us ?? 0));
  return `${element("svg", {
    xmlns: "http://www.w3.org/2000/svg", width: Math.ceil(width), height,
    viewBox: `0 0 ${Math.ceil(width)} ${height}`, role: "img", "font-family": "sans-serif",
  }, "\n", [
    element("title", {}, escapeXml(title)),
    element("rect", { width: Math.ceil(width), height, fill: "#ffffff" }),
    text(GAP, 28, 15, title, { "font-weight": 600 }),
    text(left, 70, 12, "time of a decision", { fill: QUIET }),
    text(cells, 52, 12, `decisions that all correct boards shared in ${cycles} cycles, where`,
      { fill: QUIET }),
    ...trials.map((trial, at) => text(cells + CELL * at, 70, 12, trial, { "font-weight": 600 })),
    text(blocked, 52, 12, "cycles, of all", { fill: QUIET }),
    text(blocked, 70, 12, "blocked", { "font-weight": 600 }),
    ...rows.map((one, at) => {
      const y = TOP + ROW * at + 6;
      return [
        text(GAP, y + 4, 13, names[at]!, { "font-weight": 600 }),
        costOf(left, y, one.us_a_decision, most),
        ...one.outcomes.map((outcome, trial) => cellOf(cells + CELL * trial, y, outcome, cycles)),
        text(blocked, y + 4, 12, blockedText(one)),
      ].join("");
    }),
    ...sentences.map((one, at) =>
      text(GAP * (1 + at % 2), below + 20 * at + 8, 12, one, { fill: QUIET })),
  ].join("\n"), "\n")}\n`;
};
