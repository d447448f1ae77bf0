import type { Network } from "../../network/network.js";
import { filledBy, roomForFrames } from "../../plan/input.js";
import { BITS_A_BYTE } from "../../plan/plan.js";
import type { Plan } from "../../plan/plan.js";

/**
 * When the hub may send a board a frame (SPEC.md, "Input"): it goes by what the board has taken out
 * of its input buffer by then even if it computes as long as is planned. Times are in bits.
 */
export interface Pacer {
  /** A beacon goes out, whatever there is room for. */
  beacon(board: number, round: number, now: number, bytes: number): void;
  /** A frame is to go out. @returns when it begins, now or later; it is taken to be sent then */
  frame(board: number, round: number, now: number, bytes: number): number;
  /** Bits from one byte of such a frame to the next. */
  pace(board: number, round: number): number;
}

type Board = Pick<Pacer, "pace"> & {
  readonly beacon: (round: number, now: number, bytes: number) => void;
  readonly frame: (round: number, now: number, bytes: number) => number;
};

/** One board, of which not all that the hub has for it fits into its buffer. */
const createOne = ({ boards }: Network, plan: Plan, number: number): Board => {
  const { kind } = boards[number]!;
  const room = roomForFrames(kind, plan.rounds);
  // When the line is free, and when the board has taken all.
  let [line, free] = [0, 0];
  // Until when frames are in the buffer, at worst, and what they take there.
  let held: { readonly until: number; readonly fill: number }[] = [];
  return {
    pace: (_board, round) => plan.rounds[round - 1]!.intake[number]!.pace,
    beacon(round, now, bytes) {
      line = Math.max(line, now) + BITS_A_BYTE * bytes;
      const computes = round ? plan.rounds[round - 1]!.compute[number]!
        : plan.decide[number]! + plan.prepare;
      free = Math.max(free, line + computes);
    },
    frame(round, now, bytes) {
      const { byte, frame, holds, pace } = plan.rounds[round - 1]!.intake[number]!;
      const fill = filledBy(kind, bytes);
      let begins = Math.max(line, now);
      if (!holds) begins = Math.max(begins, free + plan.guard);
      for (;;) {
        const at = begins;
        held = held.filter(({ until }) => until > at);
        const used = held.reduce((sum, one) => sum + one.fill, 0);
        if (!held.length || used + fill <= room) break;
        begins = held[0]!.until;
      }
      line = begins + pace * bytes;
      // What comes slowly is taken in while it comes, but for the last of it.
      const rest = holds ? bytes : Math.min(bytes, kind.input.event_bytes);
      free = Math.max(free, line) + byte * rest + frame;
      if (holds) held.push({ until: free + plan.guard, fill });
      return Math.ceil(begins);
    },
  };
};

export const createPacer = (network: Network, plan: Plan): Pacer => {
  const paced = plan.paced.map((one, number) =>
    (one ? createOne(network, plan, number) : undefined));
  return {
    beacon(board, round, now, bytes) {
      paced[board]?.beacon(round, now, bytes);
    },
    frame: (board, round, now, bytes) => paced[board]?.frame(round, now, bytes) ?? now,
    pace: (board, round) => paced[board]?.pace(board, round) ?? BITS_A_BYTE,
  };
};
