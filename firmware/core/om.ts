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

  // OM.3: what came in `round` by a route of this number. Who was not heard has said nothing.
  const said = (round: number, number: number) => {
    const route = routes[routeAt[round]! + number]!;
    return find(
      heard + (route >>> shift) * block, bitmaps[round]!, route & ((1 << shift) - 1));
  };
  const silence = (round: number, from: number) => {
    for (let board = 0; board < boards; board++) {
      if (board !== self && !((from >> board) & 1)) {
        const at = heard + board * block;
        for (let byte = 0; byte < bitmaps[round]!; byte++) arena[at + byte] = 0;
      }
    }
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
  // half of them say. A ⊥ counts as a vote, but for nothing. A value is counted from the first
  // board that says it on, and votes are looked up as that of the first candidate, this board's
  // own, is compared with them, until one has more than half: then no other can. After half of the
  // voters no new candidate can win.
  const votes: number[] = [];
  const elect = (round: number, length: number, path: number): number => {
    const voters = boards - length;
    const child = path * (voters - 1) - 1;
    for (let candidate = 0; candidate * 2 < voters; candidate++) {
      if (!candidate) votes[0] = find(levels[length]!, bitmaps[length + 1]!, path);
      const choice = votes[candidate]!;
      let count = 1;
      for (let voter = candidate + 1; voter < voters; voter++) {
        if (!candidate) {
          votes[voter] = length < traitors
            ? find(levels[length + 1]!, bitmaps[length + 2]!, child + voter)
            : said(round, child + voter);
        }
        const vote = votes[voter]!;
        if (choice >= 0 && vote >= 0 &&
          (width < 2 ? arena[choice] === arena[vote] : same(arena, choice, vote, width))) {
          count++;
          if (count * 2 > voters) return choice;
        }
      }
    }
    return -1;
  };

  return {
    // Nothing heard is ⊥ (OM.3). Before the last round, what was heard becomes what is held and is
    // sent in the next one, as it lies (OM.2); after it, everything is resolved.
    close(round, from) {
      silence(round, from);
      if (round <= (traitors || 1)) {
        for (let index = 0; index < counts[round]!; index++) hold(round, index, said(round, index));
      } else {
        for (let length = traitors; length > 0; length--) {
          for (let path = 0; path < counts[length]!; path++) {
            const elected = elect(round, length, path);
            // Its own vote is there.
            if (elected !== levels[length]! + bitmaps[length + 1]! + path * width) {
              hold(length, path, elected);
            }
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
