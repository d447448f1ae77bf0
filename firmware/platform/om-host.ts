import type { Algorithm } from "../base/algorithm.js";
import type { Layout } from "../base/layout.js";
import { speakersIn } from "../base/turns.js";

/**
 * OM(m) of one-byte values as a computer does it fast: what `core/om.ts` says, in other steps. No
 * board has it, and tests hold it to what boards have (test/platform/om-host.test.ts). A value is a
 * number here, 0 to 255, or -1 for ⊥.
 */

/** Whether there is a fast way for these sizes. */
export const isFast = ({ width, signature }: Layout): boolean => width === 1 && !signature;

/** ⊥ among numbers. */
const NOTHING = -1;

// Of each byte of presence bits and each of its values the value, or ⊥: a payload as numbers.
const unpack = (
  arena: Uint8Array, at: number, bitmap: number, count: number, said: Int16Array, to: number,
): void => {
  const values = at + bitmap;
  for (let index = 0; index < count; at++) {
    const bits = arena[at]!;
    const end = index + 8 < count ? index + 8 : count;
    if (bits === 255) {
      for (; index < end; index++) said[to + index] = arena[values + index]!;
    } else {
      for (let bit = 0; index < end; bit++, index++) {
        said[to + index] = (bits >> bit) & 1 ? arena[values + index]! : NOTHING;
      }
    }
  }
};

// What strictly more than half of `own` and the votes from `child` to `end` are, or ⊥ (OM.4). Where
// so many are ⊥, nothing else can win.
const electOf = (
  own: number, votes: Int16Array, order: Int32Array, child: number, end: number,
): number => {
  const enough = ((end - child + 1) >> 1) + 1;
  let equal = 1;
  for (let at = child; at < end; at++) {
    if (votes[order[at]!] === own && ++equal === enough) return own;
  }
  // One that has more than half of the votes is among the first half of them.
  for (let one = child; one <= end - enough; one++) {
    const choice = votes[order[one]!]!;
    if (choice === own) continue;
    let count = 1;
    for (let at = one + 1; at < end; at++) {
      if (votes[order[at]!] === choice && ++count === enough) return choice;
    }
  }
  return NOTHING;
};

// OM.3: who was not heard has said nothing.
const silence = (layout: Layout, arena: Uint8Array, round: number, from: number): void => {
  const { boards, self, heard, block, bitmaps } = layout;
  if (from === speakersIn(layout, round)) return;
  for (let board = 0; board < boards; board++) {
    if (board === self || (from >> board) & 1) continue;
    const at = heard + board * block;
    arena.fill(0, at, at + bitmaps[round]!);
  }
};

/** How many values have their presence bits in one byte. */
const IN_A_BYTE = 8;

/**
 * The end of rounds where one of a few boards may lie, as in most networks: each payload, and what
 * is held, has one byte of presence bits, and values are looked up where they lie.
 *
 * @returns undefined where there are more
 */
const closeFew = (
  layout: Layout, routes: ArrayLike<number>, arena: Uint8Array,
): Algorithm["close"] | undefined => {
  const { boards, traitors, shift, heard, block, counts, levels, routeAt } = layout;
  const count = counts[1]!;
  if (traitors !== 1 || boards > IN_A_BYTE + 1 || !count) return undefined;
  const level = levels[1]!;
  const children = boards - 2;
  // Of each path, of one board and of two: where the frame of who said it last lies, and 3 bits for
  // which of its values it is.
  const said = Int32Array.from({ length: routeAt[3]! }, (_, at) => {
    const board = routes[at]! >>> shift;
    return ((heard + board * block) << 3) | (routes[at]! & ((1 << shift) - 1));
  });
  const others = new Int16Array(children);
  const straight = Int32Array.from(others, (_, at) => at);

  // OM.3
  const value = (at: number) => {
    const place = said[at]!;
    const from = place >> 3;
    const index = place & 7;
    return (arena[from]! >> index) & 1 ? arena[from + 1 + index]! : NOTHING;
  };

  // OM.4. Where others say what this board heard, no more of them are asked than are needed.
  const elect = (own: number, path: number) => {
    const child = routeAt[2]! + path * children;
    let wanted = (children + 1) >> 1;
    for (let at = child; at < child + children; at++) {
      if (value(at) === own && !--wanted) return own;
    }
    for (let at = 0; at < children; at++) others[at] = value(child + at);
    return electOf(NOTHING, others, straight, 0, children);
  };

  return (round, senders) => {
    silence(layout, arena, round, senders);
    const held = arena[level]!;
    let bits = 0;
    for (let path = 0; path < count; path++) {
      const to = level + 1 + path;
      const winner = round < 2 ? value(path)
        : elect((held >> path) & 1 ? arena[to]! : NOTHING, path);
      if (winner >= 0) {
        bits |= 1 << path;
        arena[to] = winner;
      }
    }
    arena[level] = bits;
  };
};

/** See `createOm` of `core/om.ts`, which this is for layouts that are `isFast`. */
export const createFastOm = (
  layout: Layout, routes: ArrayLike<number>, arena: Uint8Array,
): Algorithm => {
  const { boards, traitors, commander, self, shift, heard, block } = layout;
  const { counts, levels, bitmaps, routeAt } = layout;
  const rounds = traitors + 1;

  // By round: how many values a frame carries; and of what each route names, where that is in
  // `said`, in which each board has as many places as there are values in the longest frame.
  const spoken = bitmaps.map((bytes, round) =>
    (round ? layout.payloads[round]! - layout.tags - bytes : 0));
  const room = Math.max(...spoken.slice(0, rounds + 1));
  const said = new Int16Array(boards * room).fill(NOTHING);
  const places = spoken.map((_, round) => {
    const from = routeAt[round] ?? 0;
    const end = round ? routeAt[round + 1] ?? from : from;
    return Int32Array.from({ length: end - from }, (_route, at) => {
      const route = routes[from + at]!;
      return (route >>> shift) * room + (route & ((1 << shift) - 1));
    });
  });
  // What has won, by path, of a length and of the next one; and each in its own place.
  const most = Math.max(...counts);
  let below = new Int16Array(most);
  let above = new Int16Array(most);
  const straight = Int32Array.from({ length: most }, (_, at) => at);

  // OM.3: what came in a round.
  const listen = (round: number, senders: number) => {
    silence(layout, arena, round, senders);
    for (let board = 0; board < boards; board++) {
      if (board === self) continue;
      unpack(arena, heard + board * block, bitmaps[round]!, spoken[round]!, said, board * room);
    }
  };

  // Puts numbers to level `length`. Where there is ⊥, what was there before stays.
  const hold = (length: number, values: Int16Array, order: Int32Array) => {
    const count = counts[length]!;
    let at = levels[length]!;
    const to = at + bitmaps[length + 1]!;
    for (let index = 0; index < count; at++) {
      const end = index + 8 < count ? index + 8 : count;
      let bits = 0;
      for (let bit = 1; index < end; bit <<= 1, index++) {
        const value = values[order[index]!]!;
        if (value >= 0) {
          bits |= bit;
          arena[to + index] = value;
        }
      }
      arena[at] = bits;
    }
  };

  const held = (length: number, index: number) => {
    const at = levels[length]!;
    return (arena[at + (index >> 3)]! >> (index & 7)) & 1
      ? at + bitmaps[length + 1]! + index : -1;
  };

  // OM.4, for all paths of a length, by what was said or has won of those one longer.
  const resolve = (length: number, votes: Int16Array, order: Int32Array) => {
    const children = boards - length - 1;
    const count = counts[length]!;
    unpack(arena, levels[length]!, bitmaps[length + 1]!, count, above, 0);
    for (let path = 0, child = 0; path < count; path++, child += children) {
      above[path] = electOf(above[path]!, votes, order, child, child + children);
    }
    hold(length, above, straight);
    [below, above] = [above, below];
  };

  const close: Algorithm["close"] = (round, from) => {
    listen(round, from);
    if (round <= (traitors || 1)) hold(round, said, places[round]!);
    else {
      for (let length = traitors; length; length--) {
        if (length === traitors) resolve(length, said, places[round]!);
        else resolve(length, below, straight);
      }
    }
  };

  return {
    close: closeFew(layout, routes, arena) ?? close,
    // OM.5
    entry(of) {
      if (commander >= 0 && of !== commander) return -1;
      return of === self ? held(0, 0)
        : held(1, commander < 0 ? of - (of > self ? 1 : 0) : 0);
    },
  };
};
