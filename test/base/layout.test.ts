import assert from "node:assert/strict";
import { test } from "node:test";
import {
  HUB, NO_BALLOTS, WIDTH_MAX, held, layoutOf, refusal, spoken,
} from "../../firmware/base/layout.js";
import type { Balloting, Layout, Shape } from "../../firmware/base/layout.js";
import { NO_WATCH } from "../../firmware/base/watch.js";
import type { Watch } from "../../firmware/base/watch.js";
import { listHeld, unguarded } from "../core/brute.js";

const shapeOf = (boards: number, traitors: number, width: number, commander = -1): Shape => ({
  boards, traitors, width, commander,
});

// Worked out on paper from the definitions in docs/memory.md.
interface ByHand {
  readonly desc: string;
  readonly self: number;
  readonly wired: boolean;
  readonly expected: Omit<Layout, "self" | "wired" | "rounds" | Signed>;
}

type Signed = "signature" | "tag" | "tags" | "mac" | "items" | "orders" | "memory" | Once;
type Once = keyof Balloting | keyof Watch | "valueWidth" | "poll" | "exchanges";

const BY_HAND: ByHand[] = [
  {
    desc: "four boards, one traitor, bytes", self: 0, wired: false,
    expected: {
      ...shapeOf(4, 1, 1), word: 1, overhead: 7, shift: 2, routeBytes: 2, routeAt: [0, 0, 3, 9],
      payloads: [3, 2, 4], bitmaps: [0, 1, 1], counts: [1, 3], levels: [0, 2], heard: 10, block: 8,
      margin: 4, transmit: 42, receive: 54, end: 65, speakers: [0, 14, 14],
    },
  },
  {
    desc: "the same, its readings coming with the beacon", self: 3, wired: true,
    expected: {
      ...shapeOf(4, 1, 1), word: 1, overhead: 7, shift: 2, routeBytes: 2, routeAt: [0, 0, 3, 9],
      payloads: [5, 2, 4], bitmaps: [0, 1, 1], counts: [1, 3], levels: [0, 2], heard: 10, block: 8,
      margin: 4, transmit: 42, receive: 54, end: 66, speakers: [0, 7, 7],
    },
  },
  {
    desc: "seven boards, two traitors, words", self: 6, wired: false,
    expected: {
      ...shapeOf(7, 2, 4), word: 1, overhead: 7, shift: 5, routeBytes: 2,
      routeAt: [0, 0, 6, 36, 156], payloads: [3, 5, 25, 124], bitmaps: [0, 1, 1, 4],
      counts: [1, 6, 30], levels: [0, 5, 30], heard: 158, block: 128,
      margin: 4, transmit: 1054, receive: 1186, end: 1317,
      speakers: [0, 63, 63, 63],
    },
  },
  {
    desc: "ten boards, three traitors, bytes", self: 9, wired: false,
    expected: {
      ...shapeOf(10, 3, 1), word: 2, overhead: 8, shift: 9, routeBytes: 2,
      routeAt: [0, 0, 9, 81, 585, 3609], payloads: [3, 2, 11, 81, 567], bitmaps: [0, 1, 2, 9, 63],
      counts: [1, 9, 72, 504], levels: [0, 2, 13, 94], heard: 661, block: 567,
      margin: 0, transmit: 6331, receive: 6908, end: 7483,
      speakers: [0, 511, 511, 511, 511],
    },
  },
  {
    desc: "thirteen boards, four traitors, the widest values", self: 5, wired: false,
    expected: {
      ...shapeOf(13, 4, 5), word: 2, overhead: 8, shift: 14, routeBytes: 4,
      routeAt: [0, 0, 12, 144, 1464, 13344, 108384],
      payloads: [3, 6, 62, 677, 6765, 60885], bitmaps: [0, 1, 2, 17, 165, 1485],
      counts: [1, 12, 132, 1320, 11880], levels: [0, 6, 68, 745, 7510],
      heard: 68395, block: 60885, margin: 0, transmit: 859900, receive: 920795, end: 981688,
      speakers: [0, 8159, 8159, 8159, 8159, 8159],
    },
  },
  {
    desc: "a lieutenant of one commander", self: 0, wired: false,
    expected: {
      ...shapeOf(7, 2, 1, 3), word: 1, overhead: 7, shift: 3, routeBytes: 2,
      routeAt: [0, 0, 1, 6, 26], payloads: [3, 2, 2, 6], bitmaps: [0, 1, 1, 1],
      counts: [0, 1, 5], levels: [0, 0, 2], heard: 12, block: 10,
      margin: 4, transmit: 82, receive: 96, end: 109,
      speakers: [0, 8, 118, 118],
    },
  },
  {
    desc: "that one commander", self: 3, wired: false,
    expected: {
      ...shapeOf(7, 2, 1, 3), word: 1, overhead: 7, shift: 3, routeBytes: 2,
      routeAt: [0, 0, 0, 0, 0], payloads: [3, 2, 2, 6], bitmaps: [0, 1, 1, 1],
      counts: [1, 0, 0], levels: [0, 2, 2], heard: 6, block: 10,
      margin: 4, transmit: 76, receive: 90, end: 103,
      speakers: [0, 0, 119, 119],
    },
  },
  {
    desc: "no traitor, one round", self: 1, wired: false,
    expected: {
      ...shapeOf(2, 0, 1), word: 1, overhead: 7, shift: 0, routeBytes: 2, routeAt: [0, 0, 1],
      payloads: [3, 2, 2], bitmaps: [0, 1, 1], counts: [1, 1], levels: [0, 2], heard: 8, block: 6,
      margin: 4, transmit: 20, receive: 30, end: 40, speakers: [0, 1, 1],
    },
  },
];

for (const { desc, self, wired, expected } of BY_HAND) {
  test(`layout by hand: ${desc}`, () => {
    const { traitors, width, payloads, heard, margin, transmit, end } = expected;
    // Of oral messages nothing is signed, and a value is all that there is to an item.
    const unsigned = {
      ...NO_BALLOTS, ...NO_WATCH, valueWidth: width, tag: 0, tags: 0, poll: 0, mac: transmit,
      rounds: traitors + 1, exchanges: traitors + 1, signature: 0, memory: end,
      orders: heard - margin,
      items: payloads.map((_, round) => (round ? width : 0)),
    };
    assert.deepEqual(layoutOf(expected, self, wired), { ...expected, ...unsigned, self, wired });
  });
}

const SIGNED_BY_HAND: { desc: string; expected: Omit<Layout, "tag" | "tags" | "mac" | Once> }[] = [
  {
    desc: "three boards, one traitor, bytes, signatures of 10",
    expected: {
      ...shapeOf(3, 1, 1), signature: 10, rounds: 2, self: 2, wired: false, word: 1, overhead: 7,
      shift: 0, routeBytes: 2, routeAt: [0, 0], payloads: [3, 12, 23], bitmaps: [0, 1, 1],
      items: [0, 11, 11], counts: [1, 2], levels: [0, 12], orders: 35, heard: 48, block: 27,
      margin: 4, transmit: 129, receive: 160, end: 190, memory: 190,
      speakers: [0, 3, 3],
    },
  },
  {
    desc: "five boards, three traitors, two bytes: up to three signatures",
    expected: {
      ...shapeOf(5, 3, 2), signature: 10, rounds: 4, self: 0, wired: false, word: 2, overhead: 8,
      shift: 0, routeBytes: 2, routeAt: [0, 0], payloads: [3, 13, 89, 265, 273],
      bitmaps: [0, 1, 1, 1, 1], items: [0, 12, 22, 33, 34], counts: [1, 4, 8, 8],
      levels: [0, 13, 13, 13], orders: 286, heard: 311, block: 273,
      margin: 0, transmit: 1676, receive: 1959, end: 2240, memory: 2240,
      speakers: [0, 30, 30, 30, 30],
    },
  },
  {
    desc: "no traitor, nothing is signed", expected: {
      ...shapeOf(2, 0, 1), signature: 10, rounds: 1, self: 0, wired: false, word: 1, overhead: 7,
      shift: 0, routeBytes: 2, routeAt: [0, 0], payloads: [3, 2], bitmaps: [0, 1], items: [0, 1],
      counts: [1], levels: [0], orders: 2, heard: 12, block: 6, margin: 4,
      transmit: 24, receive: 34, end: 44, memory: 44, speakers: [0, 2],
    },
  },
];

for (const { desc, expected } of SIGNED_BY_HAND) {
  test(`layout by hand, signed: ${desc}`, () => {
    const untagged = {
      ...NO_BALLOTS, ...NO_WATCH, valueWidth: expected.width, tag: 0, tags: 0, poll: 0,
      mac: expected.transmit,
      exchanges: expected.rounds,
    };
    assert.deepEqual(
      layoutOf(expected, expected.self, expected.wired), { ...expected, ...untagged },
    );
  });
}

const REFUSED: { shape: Shape; expected: string }[] = [
  { shape: shapeOf(3, 1, 1), expected: "boards: 3 cannot outvote 1 traitors, at least 4 can" },
  {
    shape: { ...shapeOf(2, 1, 1), signature: 10 },
    expected: "boards: 2 cannot leave two beside 1 traitors, at least 3 can",
  },
  {
    shape: { ...shapeOf(10, 4, 64), signature: 1000 },
    expected: "signature: 1000 bytes make a payload of 73209, it must be at most 64766: " +
      "shorter ones, or fewer boards",
  },
  { shape: shapeOf(6, 2, 1), expected: "boards: 6 cannot outvote 2 traitors, at least 7 can" },
  { shape: shapeOf(12, 4, 1), expected: "boards: 12 cannot outvote 4 traitors, at least 13 can" },
  { shape: shapeOf(32, 1, 1), expected: "boards: 32, must be 2 to 31" },
  { shape: shapeOf(1, 0, 1), expected: "boards: 1, must be 2 to 31" },
  { shape: shapeOf(4.5, 1, 1), expected: "boards: 4.5, must be 2 to 31" },
  { shape: shapeOf(Number.NaN, 1, 1), expected: "boards: NaN, must be 2 to 31" },
  { shape: shapeOf(Number.POSITIVE_INFINITY, 1, 1), expected: "boards: Infinity, must be 2 to 31" },
  { shape: shapeOf(4, -1, 1), expected: "traitors: -1, must be 0 to 6" },
  { shape: shapeOf(31, 7, 1), expected: "traitors: 7, must be 0 to 6" },
  { shape: shapeOf(4, 0.5, 1), expected: "traitors: 0.5, must be 0 to 6" },
  { shape: shapeOf(4, 1, 0), expected: "width: 0 bytes, must be 1 to 64" },
  { shape: shapeOf(4, 1, 65), expected: "width: 65 bytes, must be 1 to 64" },
  { shape: shapeOf(4, 1, 1.5), expected: "width: 1.5 bytes, must be 1 to 64" },
  {
    shape: shapeOf(13, 4, 6),
    expected: "width: 6 bytes make a payload of 72765, it must be at most 64766: a width of 5",
  },
  {
    shape: shapeOf(16, 5, 3, 0),
    expected: "width: 3 bytes make a payload of 75075, it must be at most 64766: a width of 2",
  },
  { shape: shapeOf(4, 1, 1, 4), expected: "commander: 4, must be 0 to 3, or -1: all" },
  { shape: shapeOf(4, 1, 1, -2), expected: "commander: -2, must be 0 to 3, or -1: all" },
  { shape: shapeOf(4, 1, 1, 0.5), expected: "commander: 0.5, must be 0 to 3, or -1: all" },
];

for (const { shape, expected } of REFUSED) {
  test(`refused: ${expected}`, () => {
    assert.equal(refusal(shape), expected);
    assert.throws(() => layoutOf(shape, 0, false), { name: "RangeError", message: expected });
  });
}

test("what stands on a bound is not refused", () => {
  const edges = [
    shapeOf(2, 0, 1), shapeOf(4, 1, 1), shapeOf(7, 2, 64), shapeOf(31, 1, WIDTH_MAX, 30),
    shapeOf(13, 4, 5), shapeOf(4, 1, 1, 3), shapeOf(4, 1, 1, 0),
  ];
  for (const shape of edges) assert.equal(refusal(shape), "", JSON.stringify(shape));
});

const everyShape = function* (): Generator<Shape> {
  for (let boards = 2; boards <= 10; boards++) {
    for (let traitors = 0; 3 * traitors < boards && traitors <= 2; traitors++) {
      for (const width of [1, 2, 8, 9, 31, 64]) {
        for (let commander = -1; commander < boards; commander++) {
          yield shapeOf(boards, traitors, width, commander);
        }
      }
    }
  }
  yield* [shapeOf(10, 3, 1), shapeOf(10, 3, 1, 9), shapeOf(13, 3, 4), shapeOf(31, 1, 64)];
};

test("OM.1, OM.2: layout() is what counting the listed paths gives, for all small shapes", (t) => {
  let compared = 0;
  for (const shape of everyShape()) {
    for (const self of [0, 1, shape.boards - 1]) {
      const wired = (self + shape.width) % 2 === 0;
      assert.deepEqual(layoutOf(shape, self, wired), unguarded(shape, self, wired));
      for (let length = 0; length <= shape.traitors; length++) {
        const listed = listHeld(shape, self, length).length;
        assert.equal(held(shape, self, length), listed);
        if (listed) assert.equal(spoken(shape, length + 1), listed);
        compared++;
      }
    }
  }
  t.diagnostic(`${compared} levels of shapes and boards compared`);
});

test("what layout() promises: nothing overlaps, everything fits", () => {
  for (const shape of everyShape()) {
    for (const self of [0, shape.boards - 1, HUB]) {
      const my = layoutOf(shape, self, true);
      const label = JSON.stringify({ ...shape, self });
      // What stands behind a payload that is put down whole has room before the next, and behind
      // the last.
      const longest = my.block - my.margin;
      assert.ok(my.margin === 0 || my.overhead - my.margin < my.margin, label);
      assert.equal(my.margin > 0, my.word < 2, label);
      for (let length = 0; length < my.levels.length; length++) {
        const bytes = Math.ceil(my.counts[length]! / 8) + my.counts[length]! * shape.width;
        const next = my.levels[length + 1] ?? my.heard - my.margin;
        assert.equal(my.levels[length]! + bytes, next, label);
      }
      for (let round = 1; round <= shape.traitors + 1; round++) {
        assert.ok(my.payloads[round]! <= longest, label);
        assert.ok(spoken(shape, round) <= 1 << my.shift, label);
        const here = my.counts[round - 1]!;
        assert.ok(!here || my.payloads[round] === Math.ceil(here / 8) + here * shape.width, label);
      }
      const frameMax = my.overhead + Math.max(longest, my.payloads[0]!);
      assert.equal(my.transmit, my.heard + shape.boards * my.block, label);
      assert.equal(my.receive, my.transmit + my.overhead + longest + my.word, label);
      assert.equal(my.end, my.receive + frameMax, label);
      assert.ok(shape.boards * 2 ** my.shift - 1 < 256 ** my.routeBytes, label);
      // Between start and mask and the end, there must be a byte that does not occur in the longest
      // frame; or a word of two different bytes, none of them 0.
      const body = frameMax - 2 * my.word;
      assert.ok(my.word > 1 ? body - 1 < 255 * 254 : body < 255, label);
    }
  }
});

test("the word becomes two bytes where the longest frame leaves no byte unused", () => {
  // 8 paths of 31 bytes and a byte of bits: 249 of payload, 254 where no zero may stand.
  const longest = layoutOf(shapeOf(9, 1, 31), 0, false);
  assert.deepEqual([longest.block - longest.margin, longest.word], [249, 1]);
  // 19 paths of 13 bytes and 3 bytes of bits: 250.
  const longer = layoutOf(shapeOf(20, 1, 13), 0, false);
  assert.deepEqual([longer.block, longer.word], [250, 2]);
});

test("a route takes two bytes up to the last that fits", () => {
  // 15·14·13 = 2730 paths need 12 bits; 16 boards times 2^12 is 2^16 routes.
  const last = layoutOf(shapeOf(16, 3, 1), 0, false);
  assert.deepEqual([last.shift, last.routeBytes], [12, 2]);
  assert.equal(layoutOf(shapeOf(17, 3, 1), 0, false).routeBytes, 4);
});
