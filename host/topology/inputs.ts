import { HUB } from "../../firmware/index.js";
import type { Network } from "../network/network.js";
import { roomOf } from "../plan/input.js";
import type { Plan, RoundPlan } from "../plan/plan.js";
import { TAKE } from "./queue.js";
import type { Happening, Queue } from "./queue.js";

/**
 * The input buffers of emulated boards: what comes while a board computes waits there, and what
 * does not fit is lost. It knows how long a board computes from the plan; what it hears makes it
 * compute when it takes it out. Times are in bits.
 */
export interface Inputs {
  /** Bytes that each board lost. */
  readonly overrun: number[];
  /**
   * Bytes have come to a board. What it loses of them is taken away, and told by `fate`.
   *
   * @param computes after it, if it is a beacon
   * @param backlog bits of that in which it looks at frames that wait
   * @param timely whether its round is open. The plan knows nothing of what a line brings later, or
   *   adds to a frame, and no hub sends it: it takes no time, and a frame that is late no room
   * @returns whether it takes them now; if not, it takes them at a TAKE, or nothing is left
   */
  arrive(happening: Happening, computes: number, backlog: number, timely: boolean): boolean;
  /** A board takes all that waits. @returns that, in order */
  take(board: number): Happening[];
  /** A board loses its power, and all that waits. */
  readonly lose: (board: number) => void;
  /** When a board that takes a beacon now begins its answer, at the earliest. */
  readonly answers: readonly number[];
}

/** Of what is planned, how much of it each computation takes; all of it unless told. */
export type Share = (board: number) => number;

/** Bytes that one event holds of any board. */
const SHORT = 32;

/** Of the closing beacon: nothing is heard after it. */
const CLOSING: Pick<RoundPlan, "hearing" | "frame"> = { hearing: [], frame: Infinity };

interface Buffer {
  readonly room: number;
  /** What is in it, from `first` to `last`: until when, and how many bytes. */
  readonly until: Float64Array;
  readonly fill: Float64Array;
  first: number;
  last: number;
  used: number;
  /** When the board has computed all that has come. */
  free: number;
}

export const createInputs = (
  network: Network, plan: Plan, queue: Queue, share?: Share,
): Inputs => {
  const rounds = [CLOSING, ...plan.rounds];
  const buffers = network.boards.map(({ kind }): Buffer => {
    // No event takes less than three bytes.
    const events = kind.input.bytes;
    return {
      room: roomOf(kind), until: new Float64Array(events), fill: new Float64Array(events),
      first: 0, last: 0, used: 0, free: 0,
    };
  });
  const overrun = buffers.map(() => 0);
  const answers = buffers.map(() => 0);
  const waiting: Happening[][] = buffers.map(() => []);

  // Puts an event into a buffer. @returns when it is taken out; -1: there is no room for it
  const put = (buffer: Buffer, at: number, fill: number, computes: number): number => {
    const { until, fill: fills, room } = buffer;
    while (buffer.first !== buffer.last && until[buffer.first]! <= at) {
      buffer.used -= fills[buffer.first]!;
      buffer.first = (buffer.first + 1) % until.length;
    }
    const taken = Math.max(at, buffer.free);
    if (taken > at) {
      if (buffer.used + fill > room) return -1;
      until[buffer.last] = taken;
      fills[buffer.last] = fill;
      buffer.last = (buffer.last + 1) % until.length;
      buffer.used += fill;
    }
    buffer.free = taken + computes;
    return taken;
  };

  // Puts in what has come, event by event. @returns when the last of it is taken out
  const fill = (happening: Happening, byte: number): number => {
    const { board, bytes, length, time, pace } = happening;
    const { event_bytes: most, event_cost: cost } = network.boards[board]!.kind.input;
    const buffer = buffers[board]!;
    let kept = 0;
    let taken = time;
    for (let from = 0; from < length; ) {
      const end = Math.min(length, from + most);
      const at = put(buffer, time - pace * (length - end), end - from + cost, byte * (end - from));
      if (at >= 0) {
        if (kept < from) bytes.copyWithin(kept, from, end);
        kept += end - from;
        taken = at;
      }
      from = end;
    }
    if (kept === length) return taken;
    overrun[board]! += length - kept;
    happening.length = kept;
    happening.fate = kept ? "garbled" : "lost";
    return taken;
  };

  return {
    overrun, answers,
    arrive(happening, computes, backlog, timely) {
      const { board, sender, round, time, length } = happening;
      const buffer = buffers[board]!;
      const before = waiting[board]!;
      const part = share ? share(board) : 1;
      if (!timely && !before.length) return true;
      const beacon = sender === HUB && !happening.passed;
      const { hearing: all, frame: longest } = rounds[round]!;
      const hearing = timely && !beacon ? all[board] : undefined;
      const counted = length > longest ? longest / length : 1;
      const byte = hearing ? hearing.byte * part * counted : 0;
      let taken = time;
      // Most are short, and find a board that waits for them.
      if (length <= SHORT && buffer.free <= time) buffer.free = time + byte * length;
      else taken = fill(happening, byte);
      if (!happening.length) return false;
      if (beacon) {
        // What waited is in the time that was planned for it.
        const work = Math.max(0, computes - backlog) * part;
        buffer.free = Math.max(time + computes * part, taken + work);
        answers[board] = Math.ceil(buffer.free);
      } else if (hearing && sender !== board && happening.length === length) {
        buffer.free += hearing.frame * part;
      }
      if (!before.length && taken <= time) return true;
      if (before.push(happening) === 1) {
        queue.put(queue.take(Math.ceil(taken), TAKE, board, sender, round, happening.cycle));
      }
      return false;
    },
    take: (board) => waiting[board]!.splice(0),
    lose(board) {
      for (const lost of waiting[board]!.splice(0)) queue.free(lost);
      const buffer = buffers[board]!;
      buffer.first = buffer.last = buffer.used = buffer.free = 0;
    },
  };
};
