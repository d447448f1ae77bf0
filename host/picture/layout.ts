import { HUB } from "../../firmware/index.js";
import { UsageError } from "../base/error.js";
import type { BeaconEvent, CycleEvent, FrameEvent, Header, TraceEvent } from "../events/events.js";
import { traitorKind } from "../faults/registry.js";
import { parseFaults, parseTraitors } from "../faults/troubles.js";
import { parseNetwork } from "../network/network.js";
import type { Board, Network } from "../network/network.js";
import { BITS_A_BYTE, planOf } from "../plan/plan.js";
import type { Plan } from "../plan/plan.js";
import { shortText } from "../trace/payload.js";
import { createAxis } from "./axis.js";
import type { Axis } from "./axis.js";
import { widthOf } from "./svg.js";

/** What stands where in the picture of one cycle. */

export const SIZE = { title: 22, head: 15, text: 13, small: 12 } as const;
const MARGIN = 24;
const LINES_TOP = 152;
const ROW = 62;

/** How a board fails, as it was asked for; `liar`: it says what is not so. */
export interface Failure {
  readonly text: string;
  readonly liar: boolean;
}

export interface Row {
  readonly board: Board;
  readonly y: number;
  /** Above the hub's line. */
  readonly above: boolean;
  /** What it does wrong in this cycle; undefined: it is correct. */
  readonly failure: Failure | undefined;
  readonly input: string;
}

export interface Layout {
  readonly network: Network;
  readonly header: Header;
  readonly cycle: CycleEvent;
  readonly frames: readonly FrameEvent[];
  readonly axis: Axis;
  readonly rows: readonly Row[];
  readonly hub: number;
  /** Where the lines' names begin, and the lines themselves. */
  readonly margin: number;
  readonly lines: Readonly<{ from: number; top: number; bottom: number }>;
  /** Of each round, when its deadline passes, in bits. */
  readonly deadlines: readonly number[];
  /** Of the table beside: the middle of each board's column, and of the order's; where it ends. */
  readonly table: Readonly<{ from: number; columns: readonly number[]; order: number; to: number }>;
}

const failuresOf = (
  network: Network, { faults, traitors }: Header, faulty: readonly number[],
): Map<number, Failure> => {
  const found = new Map<number, Failure>();
  const add = (board: number, text: string, liar: boolean) => {
    const before = found.get(board);
    found.set(board, {
      text: before ? `${before.text}, ${text}` : text, liar: liar || (before?.liar ?? false),
    });
  };
  parseTraitors(network, traitors).forEach(({ board, name }, at) => {
    const text = traitors[at]!.slice(traitors[at]!.indexOf("=") + 1);
    add(board, text, traitorKind(network, name).on === "liar");
  });
  for (const { board, name, probability } of parseFaults(network, faults)) {
    if (board >= 0) add(board, `${name} ${probability}`, false);
  }
  // Who crashes later is correct as yet.
  const unknown = { text: "faulty", liar: false };
  return new Map(faulty.map((board) => [board, found.get(board) ?? unknown]));
};

/** Half of the boards stand above the hub, so that few arrows cross a line that is not theirs. */
const rowsOf = (
  network: Network, cycle: CycleEvent, failures: ReadonlyMap<number, Failure>,
): { rows: Row[]; hub: number } => {
  const { boards } = network;
  const above = boards.length >> 1;
  const rows = boards.map((board, index): Row => ({
    board, y: LINES_TOP + ROW * (index < above ? index : index + 1), above: index < above,
    failure: failures.get(board.number), input: shortText(network, cycle.inputs[board.number]!),
  }));
  return { rows, hub: LINES_TOP + ROW * above };
};

export const inputText = ({ input }: Row): string =>
  (input === "⊥" ? "reads nothing" : `reads ${input}`);

/** Words beside a board's name: how it fails. */
export const NAME_GAP = 10;
export const nameWidth = (row: Row): number => widthOf(row.board.name, SIZE.head, true);

const labelWidth = (rows: readonly Row[]): number =>
  Math.max(...rows.map((row) => Math.max(
    nameWidth(row) + (row.failure ? NAME_GAP + widthOf(row.failure.text, SIZE.text) : 0),
    widthOf(inputText(row), SIZE.small),
  )));

/** How much room the table's columns need, at most. */
const columnsOf = (network: Network, { vectors, orders }: CycleEvent, rows: readonly Row[]) => {
  const widest = (words: readonly string[]) =>
    Math.max(...words.map((word) => widthOf(word, SIZE.text, true))) + 12;
  // A learner has no entry (LEARN.1).
  const columns = rows.filter(({ board }) => !board.layout.learner).map(({ board }) => widest([
    board.name,
    ...vectors.map((vector) => (vector ? shortText(network, vector[board.number]!) : "")),
  ]));
  const order = widest(["order", ...orders.map((one) => shortText(network, one))]);
  return { columns, order };
};

/** What a board did before it was decided, and took back, in this order (TENT.1, TENT.3). */
export const triedText = (network: Network, { tried }: CycleEvent, board: number): string =>
  (tried?.[board] ?? []).map(({ value, retracted }) =>
    `${retracted ? "retracted" : "tentative"} ${shortText(network, value)}`).join(", ");

/** What the boards are told not to be: correct boards without a vector. */
export const UNDECIDED = "no decision";
export const NOT_JUDGED = "faulty, not judged";

const tableOf = (
  network: Network, cycle: CycleEvent, rows: readonly Row[], from: number,
): Layout["table"] => {
  const { columns, order } = columnsOf(network, cycle, rows);
  const room = Math.max(
    columns.reduce((sum, width) => sum + width, 0), widthOf(NOT_JUDGED, SIZE.text),
    widthOf("vector", SIZE.head, true),
    ...rows.map(({ board }) => widthOf(triedText(network, cycle, board.number), SIZE.small)),
  );
  let x = from;
  const middles = columns.map((width) => {
    x += width;
    return x - width / 2;
  });
  x = from + room;
  return { from, columns: middles, order: x + 10 + order / 2, to: x + 10 + order };
};

/** Pixels for a frame: the more boards, the more frames there are in a round. */
const frameWidth = (boards: number): number => Math.max(15, Math.min(54, Math.round(210 / boards)));

/** What is in the picture: frames of the cycle, whenever they come, and others that come then. */
const find = (header: Header, events: Iterable<TraceEvent>, shown: number) => {
  const frames: FrameEvent[] = [];
  const beacons: BeaconEvent[] = [];
  let cycle: CycleEvent | undefined;
  for (const event of events) {
    const during = beacons.length > 0 && !cycle;
    if (event.e === "frame" && (event.cycle === shown || during)) frames.push(event);
    else if (event.e === "beacon" && event.cycle === shown) beacons.push(event);
    else if (event.e === "cycle" && event.cycle === shown) cycle = event;
  }
  if (cycle && beacons.length) return { cycle, frames, beacons };
  throw new UsageError(
    `cycle ${shown} is not in the trace, its cycles are 0 to ${header.cycles - 1}`,
  );
};

/** By the file in a header: who draws a run draws many pictures of one network. */
const known = new WeakMap<object, { readonly network: Network; readonly plan: Plan }>();

const knownOf = ({ network: file }: Header) => {
  const before = known.get(file);
  if (before) return before;
  const network = parseNetwork(file, "the trace's network");
  const made = { network, plan: planOf(network) };
  known.set(file, made);
  return made;
};

/**
 * @param shown number of the cycle
 * @throws UsageError where the trace has no such cycle
 */
export const layOut = (header: Header, events: Iterable<TraceEvent>, shown: number): Layout => {
  const { network, plan } = knownOf(header);
  const { cycle, frames, beacons } = find(header, events, shown);
  const { rows, hub } = rowsOf(network, cycle, failuresOf(network, header, cycle.faulty));
  const from = MARGIN + labelWidth(rows) + 12;
  const frame = frameWidth(rows.length);
  const widest = Math.max(...rows.map(({ input }) => widthOf(input, SIZE.small)));
  const axis = createAxis(beacons, frames, cycle.t, from + 10, {
    frame, beacon: 28, quiet: 46, opening: Math.max(0, widest - 34),
    last: 20 + widthOf("decide", SIZE.head, true),
    bits: [plan.closing, ...plan.rounds.map((round) => round.frame)]
      .map((bytes) => BITS_A_BYTE * bytes),
  });
  return {
    network, header, cycle, frames, axis, rows, hub, margin: MARGIN,
    lines: { from, top: LINES_TOP, bottom: LINES_TOP + ROW * rows.length },
    // On a shared wire there are many, and the polls show them.
    deadlines: axis.columns.filter(({ round }) => round > 0 && !network.wiring)
      .map(({ round, began }) => began + plan.rounds[round - 1]!.deadline),
    table: tableOf(network, cycle, rows, axis.right + 22),
  };
};

/** @returns the line on which an end of a frame lies. */
export const lineOf = ({ rows, hub }: Layout, end: number): number =>
  (end === HUB ? hub : rows[end]!.y);
