import { HUB } from "../../firmware/index.js";
import { VALUE_MAX, visible } from "../base/text.js";
import type { Header, TraceEvent } from "../events/events.js";
import { verdictText } from "../events/names.js";
import type { Verdicted } from "../events/names.js";
import { boardsText, commanderText } from "../network/turns.js";
import { microsecondsOf } from "../plan/plan.js";
import { shortText } from "../trace/payload.js";
import { arrowsOf, saidOf } from "./arrows.js";
import {
  NAME_GAP, NOT_JUDGED, SIZE, UNDECIDED, inputText, layOut, nameWidth, triedText,
} from "./layout.js";
import type { Layout, Row } from "./layout.js";
import { legendOf } from "./legend.js";
import { MARKERS, STYLE } from "./style.js";
import { element, escapeXml, path, text, widthOf } from "./svg.js";

/** A space-time diagram of a cycle: boards are lines, time goes to the right, frames are arrows. */

export interface Choice {
  readonly cycle: number;
  /** Of the relayed frames, only those to this board are shown. */
  readonly receiver?: number;
}

const COLUMNS_TOP = 88;
/** Below the last line: what stands under the columns, and the legend. */
const FOOT = 34;

const columnsOf = ({ axis, lines, network, deadlines }: Layout): string => {
  const bottom = lines.bottom + FOOT;
  const shown = axis.columns.map(({ round, from, to, length }, index) => {
    const milliseconds = (microsecondsOf(network, length) / 1000).toFixed(1);
    return [
      element("rect", {
        class: `column ${index % 2 ? "odd" : "even"}`, x: from, y: COLUMNS_TOP, width: to - from,
        height: bottom - COLUMNS_TOP,
      }),
      text(from + 8, COLUMNS_TOP + 20, SIZE.head, round ? `round ${round}` : "decide", {
        class: "strong",
      }),
      text((from + to) / 2, bottom + 16, SIZE.small, `${milliseconds} ms`, {
        class: "quiet", "text-anchor": "middle",
      }),
    ].join("");
  });
  const cuts = axis.quiet.map(({ from, to }) =>
    element("rect", {
      class: "cut", x: from + 5, y: lines.top - 16, width: to - from - 10,
      height: bottom - lines.top + 8, fill: "url(#hatch)",
    }));
  const dashed = deadlines.map((time) => {
    const x = axis.at(time);
    return element("path", { class: "deadline", d: path("M", x, COLUMNS_TOP + 42, "V", bottom) }) +
      text(x, COLUMNS_TOP + 37, SIZE.small, "deadline", {
        class: "quiet", "text-anchor": "middle",
      });
  });
  return [...shown, ...cuts, ...dashed].join("\n");
};

const failing = ({ failure }: Row): string =>
  (failure ? (failure.liar ? " liar" : " failing") : "");

const linesOf = ({ axis, rows, hub, margin, lines }: Layout): string => [
  element("path", { class: "line hub", d: path("M", lines.from, hub, "H", axis.right) }),
  text(margin, hub + 5, SIZE.head, "hub", { class: "strong" }),
  ...rows.map((row) => {
    const { board, y, failure } = row;
    return [
      element("path", {
        class: `line${failing(row)}`, d: path("M", lines.from, y, "H", axis.right),
      }),
      text(margin, y - 1, SIZE.head, board.name, { class: `strong${failing(row)}` }),
      failure
        ? text(margin + nameWidth(row) + NAME_GAP, y - 1, SIZE.text, failure.text, {
          class: `failure${failing(row)}`,
        })
        : "",
      text(margin, y + 15, SIZE.small, inputText(row), { class: "quiet" }),
    ].join("");
  }),
].join("\n");

/** Whether correct boards hold different things, in one entry of their vectors or in the order. */
const split = (held: readonly (string | undefined)[]): boolean =>
  new Set(held.filter((one) => one !== undefined)).size > 1;

const tableOf = ({ network, cycle, rows, table, axis }: Layout): string => {
  // A learner has no vector, and no entry (LEARN.1).
  const count = table.columns.length;
  const held = (column: number, board: number): string | undefined => {
    if (column < count && board >= count) return undefined;
    const shown = column < count ? cycle.vectors[board]?.[column] : cycle.orders[board];
    return cycle.vectors[board] && shown !== undefined ? shortText(network, shown) : undefined;
  };
  const columns = [...table.columns, table.order];
  const differs = columns.map((_, column) => split(rows.map((_row, board) => held(column, board))));
  const cells = rows.flatMap(({ board: { number }, y, failure }) => {
    const words = failure ? NOT_JUDGED : cycle.vectors[number] ? "" : UNDECIDED;
    if (words) {
      const look = failure ? "quiet" : "broken";
      return [text(table.from, y + 5, SIZE.text, words, { class: look })];
    }
    const tried = triedText(network, cycle, number);
    return [
      element("circle", { class: "decision", cx: axis.right, cy: y, r: 4.5 }),
      tried && text(table.from, y + 22, SIZE.small, tried, { class: "quiet tried" }),
      ...columns.flatMap((x, column) => {
        const shown = held(column, number);
        if (shown === undefined) return [];
        const width = widthOf(shown, SIZE.text, true) + 6;
        const broken = differs[column] ? " broken" : "";
        const look = `${column < count ? "entry" : "order"}${broken}`;
        return [
          broken && element("rect", {
            class: "differs", x: x - width / 2, y: y - 11, width, height: 22, rx: 3,
          }),
          text(x, y + 5, SIZE.text, shown, { class: look, "text-anchor": "middle" }),
        ];
      }),
    ];
  });
  return [
    text(table.from, COLUMNS_TOP + 20, SIZE.head, "vector", { class: "strong" }),
    text(table.order, COLUMNS_TOP + 20, SIZE.head, "order", {
      class: "strong", "text-anchor": "middle",
    }),
    ...rows.slice(0, count).map(({ board }) =>
      text(table.columns[board.number]!, COLUMNS_TOP + 38, SIZE.text, board.name, {
        class: "quiet", "text-anchor": "middle",
      })),
    ...cells,
  ].join("\n");
};

/** What the network is, and what was asked to go wrong. */
const subtitleOf = ({ network, header }: Layout): string => {
  const { file, shape, type } = network;
  const decision = typeof file.decision === "string" ? file.decision : "own decision";
  const troubles = [...header.traitors, ...header.faults, ...header.windows ?? []].join(", ");
  return [
    `${boardsText(network)}, ${shape.traitors} may be faulty${commanderText(network)}`,
    `${type.name}, ${decision}`, `seed ${header.seed}`, troubles || "no faults",
  ].join(" · ");
};

/** Of ballots, by what two properties are broken. */
const LAWS: Readonly<Record<"agreement" | "validity", readonly string[]>> = {
  agreement: ["agreement", "CS2"], validity: ["validity", "CS1", "CS3"],
};

/** The verdict; of a trace of before, which has none, what its two properties say. */
const verdictIn = ({ cycle }: Layout): Verdicted => {
  const { verdict, agreement, validity, asynchronous } = cycle;
  if (verdict !== undefined) return { ...cycle, verdict };
  if (agreement && validity) return { agreement, verdict: "held" };
  if (asynchronous && !cycle.decisions) return { agreement, verdict: "not promised" };
  return {
    agreement, verdict: "broken",
    broken: (["agreement", "validity"] as const).filter((name) => !cycle[name]),
  };
};

type Look = "held" | "failed" | "loose";

/** What the judge makes of a property, who asks nothing where nothing is promised. */
const lookOf = (layout: Layout, name: "agreement" | "validity"): Look => {
  const { verdict, broken = [] } = verdictIn(layout);
  const { cycle } = layout;
  if (broken.some((one) => LAWS[name].includes(one))) return "failed";
  const loose = cycle.asynchronous && !cycle.decisions;
  if (verdict === "outside" || verdict === "not promised" || loose) {
    return cycle[name] && verdict !== "outside" ? "held" : "loose";
  }
  return cycle[name] ? "held" : "failed";
};

const LOOKS: Readonly<Record<Look, string>> = {
  held: "held", failed: "broken", loose: "not promised",
};

/** What is said of a cycle: of two properties always, of others where they broke. */
const badgesOf = (layout: Layout): [string, Look][] => {
  const two = ["validity", "agreement"] as const;
  const other = (verdictIn(layout).broken ?? [])
    .filter((name) => !two.some((one) => LAWS[one].includes(name)));
  return [
    ...two.map((name): [string, Look] => [name, lookOf(layout, name)]),
    ...other.map((name): [string, Look] => [name, "failed"]),
  ];
};

const headOf = (layout: Layout, width: number): string => {
  const { network, cycle, margin } = layout;
  const title = `${visible(network.file.name, VALUE_MAX)}, cycle ${cycle.cycle}`;
  let right = width - margin;
  const badges = badgesOf(layout)
    .map(([name, look]) => {
      const words = `${name} ${LOOKS[look]}`;
      const room = widthOf(words, SIZE.text, true) + 38;
      const x = right - room;
      right = x - 10;
      const mark = {
        held: path("M", x + 12, 34, "l", 4, 4.5, "l", 7, -9),
        failed: path("M", x + 13, 29.5, "l", 8, 8, "m", 0, -8, "l", -8, 8),
        loose: path("M", x + 12, 34, "l", 10, 0),
      }[look];
      return element("rect", {
        class: `badge ${look}`, x, y: 20, width: room, height: 28, rx: 14,
      }) + element("path", { class: "mark", d: mark }) +
        text(x + 30, 39, SIZE.text, words, { class: "onbadge" });
    });
  return [
    text(margin, 42, SIZE.title, title, { class: "strong" }),
    text(margin, 66, SIZE.text, subtitleOf(layout), { class: "quiet" }), ...badges,
  ].join("\n");
};

/** How wide the title's two rows are. */
const headWidth = (layout: Layout): number => {
  const title = `${visible(layout.network.file.name, VALUE_MAX)}, cycle ${layout.cycle.cycle}`;
  return 2 * layout.margin + Math.max(
    widthOf(title, SIZE.title, true) + 500 + 200 * (badgesOf(layout).length - 2),
    widthOf(subtitleOf(layout), SIZE.text),
  );
};

const describe = (layout: Layout): string =>
  `Space-time diagram of one cycle of ${boardsText(layout.network)} and a hub. Agreement ${
    LOOKS[lookOf(layout, "agreement")]}, validity ${LOOKS[lookOf(layout, "validity")]}. Verdict: ${
    verdictText(verdictIn(layout))}.`;

/**
 * @param events of a whole trace, or those of the cycle
 * @returns an SVG document that needs nothing else; the same for the same events
 * @throws UsageError where the trace has no such cycle
 */
export const diagram = (header: Header, events: Iterable<TraceEvent>, choice: Choice): string => {
  const layout = layOut(header, events, choice.cycle);
  const { receiver } = choice;
  const frames = layout.frames.filter(({ from, to }) =>
    receiver === undefined || from === HUB || to === HUB || to === receiver);
  const width = Math.ceil(Math.max(layout.table.to + layout.margin, headWidth(layout)));
  const { board, input } = layout.rows[0]!;
  const legend = legendOf(
    board.name, input, {
      signed: layout.network.signing !== undefined,
      hub: frames.some(({ lie }) => lie === "hub"),
    }, layout.margin, layout.lines.bottom + FOOT + 50, width - layout.margin,
  );
  const height = legend.bottom + 18;
  const title = `${visible(layout.network.file.name, VALUE_MAX)}, cycle ${choice.cycle}`;
  return `${element("svg", {
    xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`,
    role: "img",
  }, "\n", [
    `<title>${escapeXml(title)}</title>`, `<desc>${escapeXml(describe(layout))}</desc>`,
    `<style>${STYLE}</style>`, MARKERS,
    element("rect", { class: "paper", width, height }),
    headOf(layout, width), columnsOf(layout), linesOf(layout),
    arrowsOf(layout, frames), saidOf(layout, frames), tableOf(layout), legend.svg,
  ].join("\n"), "\n")}\n`;
};
