import type { Algorithm } from "../base/algorithm.js";
import type { Layout } from "../base/layout.js";
import { move } from "../base/move.js";
import { same } from "../base/same.js";
import type { Routes } from "./paths.js";

/**
 * OM(m), oral messages, as exponential information gathering: Lamport, Shostak and Pease (1982),
 * section 3. All commanders of a cycle run at once. Line numbers (OM.1 ...) are those of
 * docs/agreement.md.
 *
 * A level, like a payload, is a presence bit for each path and then the values. The children σ·j of
 * path number p are neighbours, at p·k .. p·k+k-1, with k the boards that are neither in σ nor this
 * one.
 */
export const createOm = (layout: Layout, routes: Routes, arena: Uint8Array): Algorithm => {
  const { boards, traitors, width, commander, self, shift, heard, block } = layout;
  const { counts, levels, bitmaps, routeAt } = layout;

  // Where value `index` of what begins at `at` lies, after `skip` bytes of presence bits; or -1 for
  // ⊥.
  const find = (at: number, skip: number, index: number) =>
    (arena[at + (index >> 3)]! >> (index & 7)) & 1 ? at + skip + index * width : -1;

  // OM.3: what came in `round`, from the bit set `senders`, by a route of this number.
  let senders = 0;
  const said = (round: number, number: number) => {
    const route = routes[routeAt[round]! + number]!;
    const board = route >>> shift;
    return (senders >> board) & 1
      ? find(heard + board * block, bitmaps[round]!, route & ((1 << shift) - 1))
      : -1;
  };

  // Value `index` of level `length` becomes the one at `from`, or ⊥ if that is -1.
  const hold = (length: number, index: number, from: number) => {
    const at = levels[length]! + (index >> 3);
    const bit = 1 << (index & 7);
    const to = levels[length]! + bitmaps[length + 1]! + index * width;
    arena[at]! |= bit;
    if (from < 0) arena[at]! ^= bit;
    else if (width < 2) arena[to] = arena[from]!;
    else move(arena, to, from, from + width);
  };

  // OM.4: of what the boards say about a path, this one first, the value that strictly more than
  // half of them say. A ⊥ counts as a vote, but for nothing. Votes are looked up as the first
  // candidate, this board's own, is compared with them, until one has more than half: then no other
  // can. After half of the voters no new candidate can win.
  const votes: number[] = [];
  const elect = (round: number, length: number, path: number) => {
    const voters = boards - length;
    const child = path * (voters - 1) - 1;
    let elected = -1;
    for (let candidate = 0; candidate * 2 < voters; candidate++) {
      let count = 0;
      for (let voter = 0; voter < voters; voter++) {
        if (elected < 0) {
          if (!candidate) {
            votes[voter] = !voter
              ? find(levels[length]!, bitmaps[length + 1]!, path)
              : length < traitors
                ? find(levels[length + 1]!, bitmaps[length + 2]!, child + voter)
                : said(round, child + voter);
          }
          const choice = votes[candidate]!;
          const vote = votes[voter]!;
          if (voter === candidate) count += choice < 0 ? 0 : 1;
          else if (choice >= 0 && vote >= 0) {
            if (width < 2 ? arena[choice] === arena[vote] : same(arena, choice, vote, width)) {
              count++;
            }
          }
          if (count * 2 > voters) elected = choice;
        }
      }
    }
    return elected;
  };

  return {
    // Nothing heard is ⊥ (OM.3). Before the last round, what was heard becomes what is held and is
    // sent in the next one, as it lies (OM.2); after it, everything is resolved.
    close(round, from) {
      senders = from;
      if (round <= (traitors || 1)) {
        for (let index = 0; index < counts[round]!; index++) hold(round, index, said(round, index));
      } else {
        for (let length = traitors; length > 0; length--) {
          for (let path = 0; path < counts[length]!; path++) {
            hold(length, path, elect(round, length, path));
          }
        }
      }
    },
    // OM.5
    entry(of) {
      if (commander >= 0 && of !== commander) return -1;
      const length = of === self ? 0 : 1;
      const index = length && commander < 0 ? of - (of > self ? 1 : 0) : 0;
      return find(levels[length]!, bitmaps[length + 1]!, index);
    },
  };
};
