import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { layoutOf } from "../../firmware/base/layout.js";
import type { Shape } from "../../firmware/base/layout.js";
import { createOm } from "../../firmware/core/om.js";
import { findRoutes } from "../../firmware/core/paths.js";
import { oral } from "../../firmware/index.js";
import { isFast } from "../../firmware/platform/om-host.js";
import { OM } from "../../host/algorithms/om.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";

/** What a computer does fast is, byte for byte, what boards do: OM.2 to OM.5. */

/** All boards, as a bit set. */
const ALL = -1;

/** A board twice: as boards have it, and as computers do. */
const twice = (shape: Shape, self: number) => {
  const layout = layoutOf(shape, self, false);
  const routes = findRoutes(layout);
  const [slow, fast] = [new Uint8Array(layout.end), new Uint8Array(layout.end)];
  const cores = [createOm(layout, routes, slow), OM.agree(layout)(fast, undefined)] as const;
  const entries = (core: (typeof cores)[number]) =>
    Array.from({ length: shape.boards }, (_, of) => core.entry(of));
  return {
    layout, slow,
    /** Both hear what is in `slow`, and are compared: what they hold, and what that says. */
    close(round: number, senders: number, label: () => string) {
      fast.set(slow.subarray(layout.heard, layout.transmit), layout.heard);
      for (const core of cores) core.close(round, senders);
      if (Buffer.compare(slow, fast)) assert.deepEqual(fast, slow, label());
      const [one, other] = [entries(cores[0]), entries(cores[1])];
      if (one.some((at, of) => at !== other[of])) assert.deepEqual(other, one, label());
    },
    /** This board's own value in both; the rest of what it holds too, where that is asked for. */
    hold(at: number, ...values: number[]) {
      slow.set(values, at);
      fast.set(values, at);
    },
  };
};

/** Counts up from 0, lowest digit first. @returns false once all are 0 again */
const advance = (digits: Uint8Array, base: number): boolean => {
  for (let at = 0; at < digits.length; at++) {
    digits[at] = (digits[at]! + 1) % base;
    if (digits[at]) return true;
  }
  return false;
};

describe("one byte, one traitor of four: all that may be held and heard", () => {
  for (let self = 0; self < 4; self++) {
    test(`OM.2, OM.3: the first round, board ${self}`, () => {
      const board = twice({ boards: 4, traitors: 1, width: 1, commander: -1 }, self);
      const { layout, slow } = board;
      const said = new Uint8Array(4);
      do {
        said.forEach((value, sender) => {
          slow[layout.heard + sender * layout.block] = value ? 1 : 0;
          slow[layout.heard + sender * layout.block + 1] = value;
        });
        for (let senders = 0; senders < 16; senders++) {
          board.close(1, senders, () => `said ${said.join()}, from ${senders}`);
        }
      } while (advance(said, 3));
    });

    test(`OM.3, OM.4, OM.5: the last round, board ${self}`, () => {
      const board = twice({ boards: 4, traitors: 1, width: 1, commander: -1 }, self);
      const { layout, slow } = board;
      const level = layout.levels[1]!;
      // Three that it holds, and the two of each other board's that it asks for: 0, 1 or ⊥.
      const digits = new Uint8Array(9);
      const routes = findRoutes(layout).subarray(layout.routeAt[2]);
      do {
        for (let path = 0; path < 3; path++) {
          board.hold(level + 1 + path, digits[path]!);
        }
        board.hold(level, [1, 2, 4].reduce((bits, bit, path) =>
          bits + (digits[path]! < 2 ? bit : 0), 0));
        for (let sender = 0; sender < 4; sender++) slow[layout.heard + sender * layout.block] = 0;
        routes.forEach((route, at) => {
          const from = layout.heard + (route >>> layout.shift) * layout.block;
          const number = route & ((1 << layout.shift) - 1);
          const value = digits[3 + at]!;
          if (value < 2) slow[from]! |= 1 << number;
          slow[from + 1 + number] = value;
        });
        board.close(2, ALL, () => digits.join());
      } while (advance(digits, 3));
    });
  }
});

/** A payload of a board: values of a few, so that some have a majority, and ⊥ now and then. */
const say = (
  below: (limit: number) => number, arena: Uint8Array, at: number, bitmap: number, count: number,
  width: number,
) => {
  const [values, silence] = [1 + below(3), below(4)];
  for (let index = 0; index < count; index++) {
    const bit = 1 << (index & 7);
    arena[at + (index >> 3)]! |= bit;
    if (below(8) < silence) arena[at + (index >> 3)]! ^= bit;
    // Wide values differ in their last byte.
    arena[at + bitmap + (index + 1) * width - 1] = below(values) * 85;
  }
};

/** Boards, traitors, and bytes of a value. */
const SHAPES: readonly (readonly [number, number, number?])[] = [
  [2, 0], [3, 0], [4, 1], [5, 1], [7, 1], [9, 1], [10, 1], [12, 1], [17, 1], [7, 2], [8, 2],
  [10, 2], [10, 3], [11, 3], [4, 1, 3], [7, 2, 2], [8, 2, 2],
];

for (const [boards, traitors, width = 1] of SHAPES) {
  const wide = width > 1 ? `, values of ${width} bytes` : "";
  test(`OM.2 to OM.5, drawn: ${boards} boards, ${traitors} traitors${wide}; ${replay}`, (t) => {
    const random = createRandom(SEED);
    const below = (limit: number) => random() % limit;
    const times = traitors > 2 ? runs(t, 40, 4) : runs(t, 2000, 60);
    for (let count = 0; count < times; count++) {
      const commander = below(3) ? -1 : below(boards);
      const self = below(boards);
      const board = twice({ boards, traitors, width, commander }, self);
      const { layout, slow } = board;
      for (let cycle = 0; cycle < 4; cycle++) {
        if (layout.counts[0]) {
          board.hold(layout.levels[0]!, below(2));
          board.hold(layout.levels[0]! + 1, ...Array.from({ length: width }, () => below(256)));
        }
        for (let round = 1; round <= traitors + 1; round++) {
          const many = (layout.payloads[round]! - layout.bitmaps[round]!) / width;
          for (let sender = 0; sender < boards; sender++) {
            const at = layout.heard + sender * layout.block;
            say(below, slow, at, layout.bitmaps[round]!, many, width);
          }
          const senders = below(2) ? ALL : below(2 ** boards);
          board.close(round, senders, () =>
            `run ${count}, cycle ${cycle}, round ${round}, board ${self}, commander ${commander}`);
        }
      }
    }
  });
}

test("the fast way is for one byte without signatures, and a node on a computer has it", () => {
  const shape = { boards: 4, traitors: 1, commander: -1 };
  assert.equal(isFast(layoutOf({ ...shape, width: 1 }, 0, false)), true);
  assert.equal(isFast(layoutOf({ ...shape, width: 2 }, 0, false)), false);
  assert.equal(isFast(layoutOf({ ...shape, width: 1, signature: 64 }, 0, false)), false);
  for (const width of [1, 4]) {
    const layout = layoutOf({ ...shape, width }, 0, false);
    const arena = new Uint8Array(layout.end);
    const core = oral(layout)(arena);
    arena.fill(255, 0, layout.transmit);
    core.close(1, ALL);
    core.close(2, ALL);
    assert.ok(core.entry(3) >= 0);
  }
});
