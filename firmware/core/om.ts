import type { Algorithm } from "../base/algorithm.js";
import type { Layout } from "../base/layout.js";
import { move } from "../base/move.js";
import { row } from "../base/row.js";
import { same } from "../base/same.js";
import { speakersIn } from "../base/turns.js";
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

  // Whether value `index` of what begins at `at` is there: 1 or 0; and where it lies, after `skip`
  // bytes of presence bits.
  const has = (at: number, index: number) => (arena[at + (index >> 3)]! >> (index & 7)) & 1;
  const place = (at: number, skip: number, index: number) => at + skip + index * width;
  // Where it lies, or -1 for ⊥.
  const find = (at: number, skip: number, index: number) =>
    (has(at, index) ? place(at, skip, index) : -1);
  // What can be compared with `===` in place of a value, where frames are short.
  const short = layout.word < 2;
  const valueAt = (at: number) => (width < 2 ? arena[at]! : row(arena, at, width));
  const alike = (one: number, other: number) =>
    (short || width < 2 ? valueAt(one) === valueAt(other) : same(arena, one, other, width));

  // OM.3: what came in `round` by a route of this number. Who was not heard has said nothing.
  const said = (round: number, number: number) => {
    const route = routes[routeAt[round]! + number]!;
    return find(
      heard + (route >>> shift) * block, bitmaps[round]!, route & ((1 << shift) - 1));
  };
  const silence = (round: number, from: number) => {
    // Nearly always all were heard.
    if (from === speakersIn(layout, round)) return;
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
    if (from < 0) arena[at]! &= ~bit;
    else {
      arena[at]! |= bit;
      if (width < 2) arena[to] = arena[from]!;
      else move(arena, to, from, from + width);
    }
  };

  // What voter 1.. says about a path of this length, of which the votes begin behind `child`.
  const vote = (length: number, child: number) =>
    (length < traitors ? find(levels[length + 1]!, bitmaps[length + 2]!, child)
      : said(traitors + 1, child));
  // OM.4: of what the boards say about a path, the value that strictly more than half of them say.
  // A ⊥ counts as a vote, but for nothing. Nearly always that is this board's own, which is counted
  // until it has more than half, which one is not: then no other can.
  const isKept = (length: number, path: number): boolean => {
    const voters = boards - length;
    let count = has(levels[length]!, path);
    if (count) {
      const own = place(levels[length]!, bitmaps[length + 1]!, path);
      const value = short ? valueAt(own) : 0;
      for (let voter = 1; voter < voters && (voter < 2 || count * 2 <= voters); voter++) {
        const other = vote(length, path * (voters - 1) - 1 + voter);
        if (other >= 0 && (short ? valueAt(other) === value : alike(own, other))) count++;
      }
    }
    return count * 2 > voters;
  };
  // Else a value is counted from the first board that says it on. After half of the voters no new
  // candidate can win.
  const elect = (length: number, path: number): number => {
    const voters = boards - length;
    const child = path * (voters - 1) - 1;
    for (let candidate = 1; candidate * 2 < voters; candidate++) {
      const choice = vote(length, child + candidate);
      let count = 1;
      for (let voter = candidate + 1; voter < voters; voter++) {
        const other = vote(length, child + voter);
        if (choice >= 0 && other >= 0 && alike(choice, other)) count++;
      }
      if (count * 2 > voters) return choice;
    }
    return -1;
  };

  const relay = (round: number) => {
    for (let index = 0; index < counts[round]!; index++) hold(round, index, said(round, index));
  };
  // OM.6: with two traitors, in short frames, where everything is there: whether a commander, and
  // all to whom he spoke, say one value, and so many others say it of all these. Of him neighbours
  // are n-2 values in what is held, and in each frame.
  const each = (boards - 2) * width;
  const isFull = (at: number, count: number): boolean => {
    for (let byte = 0; byte < count >> 3; byte++) if (arena[at + byte] !== 255) return false;
    return !(count & 7) || arena[at + (count >> 3)] === (1 << (count & 7)) - 1;
  };
  const isWhole = (): boolean => {
    if (!isFull(levels[1]!, boards - 1)) return false;
    if (!isFull(levels[2]!, (boards - 1) * (boards - 2))) return false;
    const all = row(arena, levels[2]!, bitmaps[3]!);
    for (let board = 0; board < boards; board++) {
      if (board !== self && row(arena, heard + board * block, bitmaps[3]!) !== all) return false;
    }
    return true;
  };
  const isOne = (path: number): boolean => {
    const value = row(arena, place(levels[1]!, bitmaps[2]!, path), width);
    let all = value;
    for (let voter = 3; voter < boards; voter++) all += value;
    if (row(arena, levels[2]! + bitmaps[3]! + path * each, each) !== all) return false;
    const of = path < self ? path : path + 1;
    let sayers = 0;
    for (let board = 0; board < boards && sayers * 2 < boards - 3; board++) {
      if (board !== self && board !== of) {
        const at = heard + board * block + bitmaps[3]! + (of > board ? of - 1 : of) * each;
        if (row(arena, at, each) === all) sayers++;
      }
    }
    return sayers * 2 >= boards - 3;
  };

  const settle = (length: number, from: number, end: number) => {
    for (let path = from; path < end; path++) {
      if (!isKept(length, path)) hold(length, path, elect(length, path));
    }
  };
  const resolve = () => {
    if (short && traitors === 2 && commander < 0) {
      const whole = isWhole();
      // No loop that a bundle writes out.
      let path = counts[1]!;
      while (path--) {
        if (!whole || !isOne(path)) {
          settle(2, path * (boards - 2), (path + 1) * (boards - 2));
          settle(1, path, path + 1);
        }
      }
    } else {
      for (let length = traitors; length > 0; length--) settle(length, 0, counts[length]!);
    }
  };

  return {
    // Nothing heard is ⊥ (OM.3). Before the last round, what was heard becomes what is held and is
    // sent in the next one, as it lies (OM.2); after it, everything is resolved.
    close(round, from) {
      silence(round, from);
      if (round <= (traitors || 1)) relay(round);
      else resolve();
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
