import type { Algorithm } from "../base/algorithm.js";
import type { Layout } from "../base/layout.js";
import { same } from "../base/same.js";

/**
 * SM(m+1), signed messages: Lamport, Shostak and Pease (1982), section 4, where it is called SM(m).
 * All commanders of a cycle run at once. Line numbers (SM.1 ...) are those of docs/signed.md.
 */

/** Signs, and checks what was signed. The core knows neither keys nor hashes. */
export interface Signer {
  /** A cycle begins, by its number: what is signed from now on is signed for that cycle. */
  open(cycle: number): void;
  /**
   * Signs, as this board, that `commander` gave the order at `arena[order..]` in this cycle. The
   * signature is put at `arena[to..]`.
   *
   * @returns whether it was; a board whose keys are used up, or not safe to use, does not sign
   */
  sign(commander: number, order: number, to: number): boolean;
  /** Whether what lies at `arena[signature..]` is the signature of `board` under that. */
  verify(board: number, commander: number, order: number, signature: number): boolean;
  /** The cycle is over: there is time to get ready for the next. */
  close(): void;
  /** Whether it can sign, as one of the numbers in `auth/signer.ts`. */
  state(): number;
  /** In how many cycles to come it can sign. */
  left(): number;
}

/**
 * A value in a frame, an item: the order, the numbers of those who signed it between the commander
 * and the sender, and the signatures: the commander's, theirs, the sender's but in the last round.
 */
export const createSm = (layout: Layout, arena: Uint8Array, signer: Signer): Algorithm => {
  const { boards, traitors, width, commander, self, signature, exchanges: rounds } = layout;
  const { levels, orders, heard, block, bitmaps, items } = layout;
  const span = 1 + 2 * width;

  // SM.2: whether the item at `at` counts, which `sender` relayed in `round`.
  const counts = (of: number, sender: number, round: number, at: number) => {
    const last = round < 2 ? 1 : round < rounds ? round : round - 1;
    let from = at + items[round]! - last * signature;
    let seen = (1 << self) | (1 << sender) | (1 << of);
    for (let place = 1; place < round - 1; place++) {
      const board = arena[at + width + place - 1]!;
      if (board >= boards || (seen >> board) & 1) return false;
      seen |= 1 << board;
    }
    for (let place = 0; place < (traitors ? last : 0); place++) {
      const by = place < 1 ? of : place < round - 1 ? arena[at + width + place - 1]! : sender;
      if (!signer.verify(by, of, at, from)) return false;
      from += signature;
    }
    return true;
  };

  // SM.3: puts the order at `at`, which counts, among those of commander `of`, and into what this
  // board says in the next round: with the sender's number and, but in the last round, signed.
  const add = (of: number, sender: number, round: number, at: number, index: number) => {
    const list = orders + of * span;
    const place = list + 1 + arena[list]! * width;
    arena[list]!++;
    arena.set(arena.subarray(at, at + width), place);
    if (round >= rounds) return;
    const out = levels[round]!;
    const item = out + bitmaps[round + 1]! + index * items[round + 1]!;
    const ids = rounds > 3 && round > 2 ? round - 2 : 0;
    const kept = at + width + ids;
    let to = item + width + ids;
    arena.set(arena.subarray(at, kept), item);
    if (rounds > 2 && round > 1) arena[to++] = sender;
    arena.set(arena.subarray(kept, at + items[round]!), to);
    const signed = rounds < 3 || round + 1 === rounds ||
      signer.sign(of, item, to + round * signature);
    if (signed) arena[out + (index >> 3)]! |= 1 << (index & 7);
  };

  // What `sender` said in `round`. Each commander has a place for one order in round 2, and for two
  // later.
  const take = (sender: number, round: number) => {
    const from = heard + sender * block;
    const each = round < 3 ? 1 : 2;
    const all = round < 2 || commander >= 0 ? each : (boards - 1) * each;
    for (let index = 0; index < all; index++) {
      const at = from + bitmaps[round]! + index * items[round]!;
      let of = commander;
      if (round < 2) of = sender;
      else if (commander < 0) of = ((index / each) | 0) + (index >= sender * each ? 1 : 0);
      const list = orders + of * span;
      const known = arena[list]!;
      if (
        of !== self && known < 2 && (arena[from + (index >> 3)]! >> (index & 7)) & 1 &&
        !(known && same(arena, list + 1, at, width)) && counts(of, sender, round, at)
      ) {
        const own = commander < 0 ? of - (of > self ? 1 : 0) : 0;
        const slots = rounds > 2 && round > 1 ? 2 : 1;
        const free = own * slots;
        const out = levels[round]!;
        const used = slots > 1 && round < rounds && (arena[out + (free >> 3)]! >> (free & 7)) & 1;
        add(of, sender, round, at, used ? free + 1 : free);
      }
    }
  };

  return {
    close(round, from) {
      if (round) {
        if (round < rounds) {
          const out = levels[round]!;
          // Espruino's goes through all of an array, whatever its bounds.
          arena.subarray(out, out + bitmaps[round + 1]!).fill(0);
        }
        for (let sender = 0; sender < boards; sender++) {
          if ((from >> sender) & 1) take(sender, round);
        }
        return;
      }
      // SM.1
      for (let of = 0; of < boards; of++) arena[orders + of * span] = 0;
      const own = levels[0]!;
      if (traitors && arena[own]! & 1 && !signer.sign(self, own + 1, own + 1 + width)) {
        arena[own] = 0;
      }
    },
    // SM.5
    entry(of) {
      if (of === self) return arena[levels[0]!]! & 1 ? levels[0]! + 1 : -1;
      const list = orders + of * span;
      return arena[list] === 1 ? list + 1 : -1;
    },
  };
};
