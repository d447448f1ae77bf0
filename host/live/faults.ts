import type { Fate, FrameEvent } from "../events/events.js";
import { BITS_A_BYTE } from "../plan/plan.js";
import { AT_BOARD } from "../topology/queue.js";
import type { Happening } from "../topology/queue.js";
import type { FaultInjector } from "../topology/star/bus.js";

/** What is to go out to a board. */
export type Copy = Pick<FrameEvent, "cycle" | "round" | "from" | "to" | "bytes" | "lie">;

/** What a line makes of it: nothing, or one or two transmissions. */
export interface Passed {
  readonly bytes: Uint8Array;
  readonly fate: Fate;
  /** Bits by which it comes later than it would have. */
  readonly after: number;
}

/**
 * The emulator's faults of lines, in copies of real frames: each copy that goes out to a board,
 * beacons included, is handed to the same trouble as there.
 *
 * @param longest bytes of the longest frame
 */
export const createLineFaults = (trouble: FaultInjector | undefined, longest: number) => {
  // Room for noise.
  const buffer = new Uint8Array(2 * longest + 64);
  return ({ cycle, round, from, to, bytes, lie }: Copy): Passed[] => {
    if (!trouble) return [{ bytes, fate: "heard", after: 0 }];
    const copies: Passed[] = [];
    buffer.set(bytes);
    const happening: Happening = {
      time: 0, kind: AT_BOARD, board: to, sender: from, round, cycle, passed: false, lie,
      fate: "heard", length: bytes.length, pace: BITS_A_BYTE, bytes: buffer, rank: 0, views: [],
    };
    const take = ({ length, fate }: Happening, after: number) => {
      copies.push({ bytes: buffer.slice(0, length), fate, after });
    };
    const arrives = trouble.pass(happening, take, 0);
    if (arrives || happening.fate === "lost") take(happening, 0);
    return copies.toSorted((one, other) => one.after - other.after);
  };
};
