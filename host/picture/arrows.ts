import { HUB } from "../../firmware/index.js";
import { LIES, lieText } from "../events/events.js";
import type { FrameEvent } from "../events/events.js";
import { microsecondsOf } from "../plan/plan.js";
import { duelText, shortText, valuesIn } from "../trace/payload.js";
import { leftAt } from "./axis.js";
import { SIZE, lineOf } from "./layout.js";
import type { Layout, Row } from "./layout.js";
import { element, escapeXml, path, text, widthOf } from "./svg.js";

/** Frames as arrows. What became of one shows in its colour, in its stroke and in its end. */

export type Look = "beacon" | "heard" | "lie" | "hub" | (typeof LIES)[number] | "lost" | "late";

export const lookOf = ({ from, fate, lie }: FrameEvent): Look => {
  if (fate === "lost") return "lost";
  if (fate !== "heard") return "late";
  if (from === HUB) return "beacon";
  if (typeof lie === "string") return lie;
  return lie ? "lie" : "heard";
};

/** Where the arrow of a frame that is lost on its way ends. */
const LOST_AT = 0.6;
/** So far before a line an arrow ends, and behind it, it begins. */
const CLEAR = 2;
const VALUES_TOLD = 8;

const nameOf = ({ rows }: Layout, end: number): string =>
  (end === HUB ? "hub" : rows[end]!.board.name);

/** What a pointer over the arrow is told. */
const tellOf = (
  layout: Layout, frame: FrameEvent, values: readonly string[] | undefined,
): string => {
  const { network, header } = layout;
  const { cycle, round, from, to, fate, lie, t } = frame;
  const began = layout.axis.columns[0]?.began ?? 0;
  const milliseconds = microsecondsOf(network, t - began) / 1000;
  const says = from === HUB ? "beacon" : `frame of ${nameOf(layout, from)}`;
  const said = values ? ` says ${values.slice(0, VALUES_TOLD).join(" ")}${
    values.length > VALUES_TOLD ? " …" : ""}` : "";
  const when = header.cycles > 1 ? `cycle ${cycle}, round ${round}` : `round ${round}`;
  const became = [fate, lieText(lie), `${milliseconds} ms`].filter(Boolean).join(", ");
  return `${when}: ${says} to ${nameOf(layout, to)}${said}; ${became}`;
};

export const arrowsOf = (layout: Layout, frames: readonly FrameEvent[]): string => {
  const { axis, network } = layout;
  const order: readonly Look[] = ["beacon", "heard", "late", "lost", "lie", "hub", ...LIES];
  return order.flatMap((look) => frames.filter((frame) => lookOf(frame) === look).map((frame) => {
    const up = frame.to === HUB;
    const duel = frame.from === HUB ? undefined : duelText(network, frame.bytes);
    const values = frame.from === HUB ? undefined : duel ? [duel]
      : valuesIn(network, frame.bytes)?.map((value) => shortText(network, value));
    const y1 = lineOf(layout, up || network.wiring ? frame.from : HUB);
    const y2 = lineOf(layout, frame.to);
    const down = Math.sign(y2 - y1);
    const x1 = axis.at(leftAt(frame));
    const x2 = axis.at(frame.t);
    const reach = look === "lost" ? LOST_AT : 1;
    const toX = x1 + (x2 - x1) * reach;
    const toY = y1 + CLEAR * down + (y2 - y1 - 2 * CLEAR * down) * reach;
    return element("path", {
      class: `frame ${look}`, d: path("M", x1, y1 + CLEAR * down, "L", toX, toY),
      "marker-end": `url(#${look})`,
    }, `<title>${escapeXml(tellOf(layout, frame, values))}</title>`);
  })).join("\n");
};

/** Beside a line, on the side where the fewest arrows are. */
const beside = (row: Row): number => row.y + (row.above ? -6 : SIZE.small + 3);

/** A word at an arrow's end: what is written, best first, and about where. */
interface Word {
  readonly row: Row;
  readonly x: number;
  readonly ways: readonly string[];
  readonly look: Look;
}

const SLACK = 3;

/**
 * Words that have room; those further to the left come first. What has no room in any way is left
 * out: the arrow itself tells it to a pointer.
 */
const place = (words: readonly Word[], left: number, right: number): string => {
  const taken = new Map<Row, number>();
  const sorted = words.toSorted((one, other) => one.x - other.x);
  return sorted.flatMap(({ row, x, ways, look }, index) => {
    const next = sorted.slice(index + 1).find((other) => other.row === row);
    for (const said of ways) {
      const width = widthOf(said, SIZE.small, true);
      const from = x - width / 2;
      const room = next ? (x + next.x) / 2 : right;
      if (from < (taken.get(row) ?? left) || from + width + SLACK > room) continue;
      taken.set(row, from + width + SLACK);
      return [text(from, beside(row), SIZE.small, said, { class: `said ${look}` })];
    }
    return [];
  }).join("\n");
};

/** What commanders say in round 1; and at each arrow's end, whose frame it is and what it says. */
export const saidOf = (layout: Layout, frames: readonly FrameEvent[]): string => {
  const { axis, network, rows } = layout;
  const words = frames.filter((frame) => frame.from !== HUB && frame.fate === "heard")
    .flatMap((frame): Word[] => {
      const up = frame.to === HUB;
      const value = frame.round === 1 ? valuesIn(network, frame.bytes)?.[0] : undefined;
      const duel = duelText(network, frame.bytes);
      const said = duel ? [duel] : value === undefined ? [] : [shortText(network, value)];
      const row = rows[up ? frame.from : frame.to]!;
      if (up) {
        const end = axis.at(leftAt(frame)) - 4;
        return said.map((way) => (
          { row, x: end - widthOf(way, SIZE.small, true) / 2, ways: [way], look: "heard" }
        ));
      }
      const { name } = rows[frame.from]!.board;
      return [{
        row, x: axis.at(frame.t), ways: [...said.map((way) => `${name} ${way}`), name],
        look: lookOf(frame),
      }];
    });
  return place(words, axis.left, axis.right);
};
