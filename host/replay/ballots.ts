import { HUB, countedFrom } from "../../firmware/index.js";
import { show } from "../base/values.js";
import type { Value } from "../base/values.js";
import type { Decision } from "../boards/board.js";
import type { CycleEvent, FrameEvent, TraceEvent } from "../events/events.js";
import { restartsAt } from "../faults/troubles.js";
import type { Troubles } from "../faults/asked.js";
import { createBallotWatch, liarsIn } from "../judge/ballots.js";
import type { BallotWatch, Closed } from "../judge/ballots.js";
import type { Trace } from "../trace/file.js";

/** Shows the judge of ballots what a trace says. */
export interface RetracedBallots {
  take(event: TraceEvent): void;
  close(stored: CycleEvent): Closed;
  /** Without a log: what was decided. */
  readonly settled: readonly Value[];
}

/**
 * What boards sent, by the cycle in which they did: it may have come much later. Where a trace says
 * of a board that keeps to the program only what a line made of what it sent, there is `blind`.
 */
const sentIn = (trace: Trace, liars: ReadonlySet<number>) => {
  const { network } = trace;
  const { layout } = network.boards[0]!;
  const sent = new Map<number, FrameEvent[]>();
  let blind = false;
  for (const event of trace.events()) {
    if (event.e !== "frame" || event.to !== HUB || liars.has(event.from)) continue;
    const counts = countedFrom(layout, event.round) === 1 || event.round === network.rounds;
    if (!counts && event.fate === "heard") continue;
    if (event.fate === "garbled" && !event.said) blind = true;
    const known = sent.get(event.cycle);
    if (known) known.push(event);
    else sent.set(event.cycle, [event]);
  }
  return { sent, blind };
};

/** A value as a trace shows it is as good to compare. */
const asValues = (shown: CycleEvent["inputs"]): (Value | undefined)[] =>
  shown.map((one) => (one === null ? undefined : one as Value));

/** @returns undefined where there are no ballots */
export const retraceBallots = (trace: Trace, troubles: Troubles): RetracedBallots | undefined => {
  const { network } = trace;
  const watch = createBallotWatch(network, troubles);
  return watch && retrace(trace, troubles, watch);
};

const retrace = (trace: Trace, troubles: Troubles, watch: BallotWatch): RetracedBallots => {
  const { network } = trace;
  const { safe } = network.boards[0]!.layout;
  const { sent, blind } = sentIn(trace, liarsIn(network, troubles));
  const settled: Value[] = [];
  const open = (cycle: number) => {
    watch.open(cycle);
    for (const board of restartsAt(network, troubles, cycle, -1)) watch.restarted(board);
    for (const { from, bytes, said = bytes } of sent.get(cycle) ?? []) watch.sent(from, said);
    sent.delete(cycle);
  };
  open(0);
  return {
    settled,
    take(event) {
      if (event.e === "beacon") {
        for (const board of restartsAt(network, troubles, event.cycle, event.round)) {
          watch.restarted(board);
        }
      } else if (event.e === "frame" && event.to !== HUB) {
        watch.heard(event.from, event.bytes);
      }
    },
    close({ cycle, inputs, orders, decisions = [], tried = [], asynchronous = false }) {
      // Who is late may close two cycles in one of the hub's, and decide in the first only.
      const meanwhile = asynchronous && safe ? show(network.fallback) : undefined;
      watch.shown(asValues(inputs));
      const last = decisions.map((list) => list.at(-1)?.value);
      decisions.forEach((list, board) => {
        watch.decided(board, list as readonly { slot: number; value: Value }[]);
        if (!network.boards[board]!.layout.keep) settled.push(...list.map(({ value }) =>
          value as Value));
      });
      tried.forEach((list, board) => {
        const decided = (decisions[board] ?? []) as readonly Decision[];
        watch.tried(board, list.map(({ slot, value, retracted = false }) =>
          ({ slot, value: value as Value, back: retracted })), decided, orders[board] !== null);
      });
      const { judged, ...closed } = watch.close();
      open(cycle + 1);
      return {
        ...closed, judged: { ...judged, cs3: judged.cs3 || blind },
        order: orders.every((order, board) =>
          order === null || last[board] === undefined || order === last[board] ||
          order === meanwhile),
      };
    },
  };
};
