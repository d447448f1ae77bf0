import type { Layout } from "../base/layout.js";
import { median } from "../choice/choice.js";

/**
 * Which board is going bad, from the agreed vectors alone: all correct boards hold the same ones,
 * and so the same health (docs/health.md). No byte on the wire is for it.
 *
 * The count is the alpha-count of Bondavalli, Chiaradonna, Di Giandomenico and Grandoni (2000), in
 * whole numbers: a sign adds, a cycle without one takes away.
 */

/** HEALTH.6: what a board is. */
export const TRUSTED = 0;
export const TRANSIENT = 1;
export const PERMANENT = 2;
export const WATCHED = 3;
export const UNKNOWN = 4;

/** What is wrong with a board's entry in one cycle; 0: nothing. */
export const ABSENT = 1;
export const RANGE = 2;
export const DISSENT = 3;
export const STUCK = 4;

export interface Health {
  /** What each board is, by number. */
  readonly states: Uint8Array;
  /** What was wrong with each board's entry in the last cycle. */
  readonly signs: Uint8Array;
  /**
   * The vector of `cycle`, or of that review (HEALTH.9), is agreed on.
   *
   * @returns whether any state is another now
   */
  readonly take: (cycle: number) => boolean;
}

/**
 * HEALTH.5: a count is twice what it counts, and 1 more where it has come to the worst and has not
 * been 0 again since.
 */
const moved = (layout: Layout, count: number, by: number): number => {
  const next = Math.max(0, Math.min((count >> 1) + by, layout.worst));
  return 2 * next + (next === layout.worst ? 1 : next ? count & 1 : 0);
};

/** Rows of bytes are lent. */
const sameRow = (one: Uint8Array, other: Uint8Array): boolean => {
  let left = one.length;
  while (left && one[left - 1] === other[left - 1]) left--;
  return !left;
};

/** What a cycle's vector says by itself, and beside the one before. */
const createLook = (layout: Layout, vector: readonly unknown[]) => {
  const { boards } = layout;
  // The entries of the cycle before.
  const entries: unknown[] = [];
  // Who has the majority's value, and by how many votes; nobody has where those are too few.
  let most = 0;
  let lead = 0;
  let middle = 0;
  if (layout.rows) {
    for (let board = 0; board < boards; board++) {
      entries[board] = new Uint8Array(layout.valueWidth);
    }
  }
  const alike = (one: unknown, other: unknown): boolean => (layout.rows
    ? sameRow(one as Uint8Array, other as Uint8Array) : one === other);

  const look = {
    /** Bit sets: who had an entry in the cycle before, and whose is another than then. */
    was: 0,
    moves: 0,
    /** How many moved. */
    movers: 0,
    /** Bit set: who has an entry. */
    seen: 0,
    /** @param missed whether there was a cycle since that this board knows nothing of */
    take(missed: number) {
      look.was = missed ? 0 : look.seen;
      look.seen = look.moves = look.movers = lead = 0;
      for (let board = 0; board < boards; board++) {
        const entry = vector[board];
        if (entry !== undefined) {
          look.seen |= 1 << board;
          if ((look.was >> board) & 1 && !alike(entry, entries[board])) {
            look.moves |= 1 << board;
            look.movers++;
          }
          if (layout.rows) (entries[board] as Uint8Array).set(entry as Uint8Array);
          else entries[board] = entry;
          if (!layout.near) {
            // Who is not outvoted here has the majority, if anybody has.
            if (!lead) most = board;
            lead += alike(entry, vector[most]) ? 1 : -1;
          }
        }
      }
      if (layout.near) middle = median(vector as number[], 0);
      else {
        lead = 0;
        for (let board = 0; board < boards; board++) {
          if ((look.seen >> board) & 1) lead += alike(vector[board], vector[most]) ? 1 : -1;
        }
      }
    },
    /** HEALTH.1 to HEALTH.3: what is wrong with an entry, whatever was before. */
    sign(board: number) {
      const entry = vector[board] as number | undefined;
      if (entry === undefined) return ABSENT;
      if (layout.ranged && (entry < layout.low || entry > layout.high)) return RANGE;
      if (layout.near) {
        return entry - middle > layout.tolerance || middle - entry > layout.tolerance ? DISSENT : 0;
      }
      return lead > 0 && !alike(vector[board], vector[most]) ? DISSENT : 0;
    },
  };
  return look;
};

/**
 * Its memory is fixed: for each board a value, 2 counts of 2 bytes, and 4 bytes.
 *
 * @param vector what is agreed on, undefined for ⊥; it is looked at when `take` is called
 */
export const createHealth = (layout: Layout, vector: readonly unknown[]): Health => {
  const { boards } = layout;
  const look = createLook(layout, vector);
  // The least and the most that a count may be: they differ where cycles were missed.
  const counts = new Uint16Array(2 * boards);
  // The same for the cycles in which a board did not move and others did.
  const stills = new Uint8Array(2 * boards);
  const states = new Uint8Array(boards);
  const signs = new Uint8Array(boards);
  let last = layout.origin - 1;
  states.fill(UNKNOWN);

  /** HEALTH.4: counts on, or begins anew. */
  const still = (board: number, missed: number) => {
    const at = 2 * board;
    // Where it is ⊥ now, it was in the next cycle.
    if ((look.moves >> board) & 1 || (!missed && !((look.was >> board) & 1))) {
      stills[at] = stills[at + 1] = 0;
    } else if (missed) {
      stills[at] = 0;
      stills[at + 1] = layout.still;
    } else if (look.movers > layout.movers) {
      stills[at] = Math.min(stills[at]! + 1, layout.still);
      stills[at + 1] = Math.min(stills[at + 1]! + 1, layout.still);
    }
  };

  /** HEALTH.6. @returns the state by one of the two counts */
  const judge = (at: number, sign: number, missed: number) => {
    if (missed) counts[at] = moved(layout, counts[at]!, missed);
    counts[at] = moved(layout, counts[at]!, sign ? layout.forget : -1);
    return counts[at] & 1 ? (sign ? PERMANENT : WATCHED) : counts[at] ? TRANSIENT : TRUSTED;
  };

  return {
    states, signs,
    take(cycle) {
      const missed = (cycle - last - 1) >>> 0;
      let changed = false;
      last = cycle;
      look.take(missed);
      for (let board = 0; board < boards; board++) {
        const at = 2 * board;
        let sign = look.sign(board);
        let worse = sign;
        if (layout.still) {
          still(board, missed);
          if (!sign && stills[at] === layout.still) sign = STUCK;
          if (stills[at + 1] === layout.still) worse = STUCK;
        }
        // HEALTH.7: what was missed was without a sign, or had one each time.
        const least = judge(at, sign, -missed);
        const state = judge(at + 1, worse, missed * layout.forget) === least ? least : UNKNOWN;
        if (states[board] !== state) changed = true;
        states[board] = state;
        signs[board] = sign;
      }
      return changed;
    },
  };
};
