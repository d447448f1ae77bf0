import type { Fate, FrameEvent, Lie } from "../events/events.js";
import { BITS_A_BYTE } from "../plan/plan.js";

/** What happens at one moment comes in this order. */
export const AT_HUB = 0;
export const RELAY = 1;
/** A board takes what waits in its input buffer. */
export const TAKE = 2;
export const AT_BOARD = 3;
export const BEACON = 4;
export const END = 5;

/** Something that will happen: bytes that have arrived, or a step of the schedule. Pooled. */
export interface Happening {
  /** Bits since the bus began. */
  time: number;
  kind: number;
  /** The board at whose end of the line it happens. */
  board: number;
  /** Whose bytes they are: a board, or the hub. */
  sender: number;
  round: number;
  cycle: number;
  /** Whether the line has done its worst already. */
  passed: boolean;
  /** Whether a traitor made these bytes, or changed them. */
  lie: Lie;
  /** What the line did to them; whoever does it says so here. */
  fate: "heard" | "garbled" | "lost";
  length: number;
  /** Bits from one byte to the next. */
  pace: number;
  readonly bytes: Uint8Array;
  /** Kind, board and sender as one number. */
  rank: number;
  /** Views of `bytes` by their length, made when first needed. */
  readonly views: (Uint8Array | undefined)[];
}

/** @returns the bytes that are there; no copy. */
export const bytesOf = ({ views, bytes, length }: Happening): Uint8Array => {
  const known = views[length];
  if (known) return known;
  const view = bytes.subarray(0, length);
  views[length] = view;
  return view;
};

/**
 * @param accepted what the hub took of it
 * @param said what its board sent, where that is known
 * @returns what a trace says of bytes that arrived, or were lost
 */
export const frameEvent = (
  happening: Happening, to: number, fate: Fate, accepted?: Uint8Array, said?: Uint8Array,
): FrameEvent => {
  const { time: t, cycle, round, sender: from, lie } = happening;
  const bytes = accepted ?? bytesOf(happening).slice();
  const changed = said !== undefined && !lie && Buffer.compare(said, bytes) !== 0;
  return {
    e: "frame", t, cycle, round, from, to, bytes, ...(changed ? { said } : {}), fate, lie,
  };
};

/**
 * What is to come, in the order of time, kind, board and sender, so that the order does not depend
 * on when anything was put in. It is short, and most is put in late: it is kept sorted from behind.
 */
export const createQueue = (longest: number) => {
  const waiting: Happening[] = [];
  const pool: Happening[] = [];
  return {
    /** @returns a happening without bytes, to be put in with `put`. */
    take(time: number, kind: number, board: number, sender: number, round: number, cycle: number) {
      const happening: Happening = pool.pop() ?? {
        time, kind, board, sender, round, cycle, passed: false, lie: false, fate: "heard",
        length: 0, pace: BITS_A_BYTE, rank: 0,
        bytes: new Uint8Array(longest),
        views: Array<Uint8Array | undefined>(longest + 1).fill(undefined),
      };
      happening.time = time;
      happening.kind = kind;
      happening.board = board;
      happening.sender = sender;
      happening.round = round;
      happening.cycle = cycle;
      happening.passed = false;
      happening.lie = false;
      happening.fate = "heard";
      happening.length = 0;
      happening.pace = BITS_A_BYTE;
      happening.rank = (kind << 10) | (board << 5) | sender;
      return happening;
    },
    /** What is like one that waits comes after it. */
    put(happening: Happening): void {
      const { time, rank } = happening;
      // The next to come stands last.
      let at = waiting.push(happening) - 1;
      for (; at > 0; at--) {
        const before = waiting[at - 1]!;
        if (before.time > time || (before.time === time && before.rank > rank)) break;
        waiting[at] = before;
      }
      waiting[at] = happening;
    },
    peek: (): Happening | undefined => waiting[waiting.length - 1],
    pop: (): Happening | undefined => waiting.pop(),
    /** Gives a happening back, whose bytes nobody needs any more. */
    free(happening: Happening): void {
      pool.push(happening);
    },
  };
};

export type Queue = ReturnType<typeof createQueue>;
