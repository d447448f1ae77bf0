/** The plan's times against SPEC.md, "Times", worked out by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNetwork, planOf } from "../../host/index.js";
import { NAIVE_START, naiveMask, naivePairs } from "../frame/naive-codec.js";

/** A bit takes 10 µs. 45 µs of guard are 4.5 bits, which is 5. */
const COMMON = {
  algorithm: "om", decision: "majority", default: 0, baud: 100_000, guard_us: 45,
} as const;

const boards = (count: number, others: object[] = []) =>
  Array.from({ length: count }, (_, at) => ({
    name: `board-${at}`, kind: "EMULATED", compute_us: 250, ...others[at],
  }));

interface Case {
  readonly desc: string;
  readonly file: object;
  /** By round: deadline and length. */
  readonly rounds: readonly (readonly [number, number])[];
  readonly closing: number;
  readonly cycle: number;
}

const CASES: readonly Case[] = [
  {
    desc: "four boards, u8, all command: B 10 and 7, C 25, F 9 and 11, H 3",
    file: { name: "four", traitors: 1, value: "u8", boards: boards(4) },
    rounds: [[100 + 25 + 90 + 5, 220 + 270], [70 + 25 + 110 + 5, 210 + 330]],
    closing: 70 + 25,
    cycle: 490 + 540 + 95,
  },
  {
    desc: "a single commander whose reading comes by wire, u32: B 15 and 7, F 12, H 1 and 2",
    file: {
      name: "generals", traitors: 1, value: "u32", commander: "board-1",
      boards: boards(4, [{}, { reading: "wire" }]),
    },
    rounds: [[150 + 25 + 120 + 5, 300 + 120], [70 + 25 + 120 + 5, 220 + 240]],
    closing: 70 + 25,
    cycle: 420 + 460 + 95,
  },
  {
    desc: "ten boards, one of them slow, words of 2: B 11 and 8, C 40, F 10, 19, 89, 575, H 9",
    file: {
      name: "ten", traitors: 3, value: "u8",
      boards: boards(10, [{}, {}, {}, {}, { compute_us: 400 }]),
    },
    rounds: [
      [110 + 40 + 100 + 5, 255 + 900], [80 + 40 + 190 + 5, 315 + 1710],
      // 575 bytes fill 613 of 1020, so one frame of the nine is held (INPUT.5). Of 40 bits a board
      // takes less than two for a frame: eight waits of those and the guard.
      [80 + 40 + 890 + 5, 1015 + 8010], [80 + 40 + 5750 + 5, 5875 + 51_750 + 54],
    ],
    closing: 80 + 40,
    cycle: 1155 + 2025 + 9025 + 57_679 + 120,
  },
];

for (const { desc, file, rounds, closing, cycle } of CASES) {
  test(`ROUND.7, ROUND.8, ROUND.9, INPUT.5: ${desc}`, () => {
    const plan = planOf(parseNetwork({ ...COMMON, ...file }, "by hand"));
    assert.deepEqual(plan.rounds.map(({ deadline, length }) => [deadline, length]), rounds);
    assert.equal(plan.closingLength, closing);
    assert.equal(plan.needed, cycle);
    assert.equal(plan.period, cycle);
  });
}

test("ROUND.9: a period shorter than the cycle gives way, a longer one is kept", () => {
  const file = { ...COMMON, name: "four", traitors: 1, value: "u8", boards: boards(4) };
  for (const [period, bits] of [[1, 1125], [11.25, 1125], [11.26, 1126], [20, 2000]] as const) {
    assert.equal(planOf(parseNetwork({ ...file, period_ms: period }, "by hand")).period, bits);
  }
});

test("FRAME.5: a mask is found after at most as many words as the content has bytes", () => {
  const pairs = naivePairs();
  const worst = (word: 1 | 2, bytes: number): number[] => {
    if (word === 1) {
      return Array.from({ length: bytes }, (_, at) => (NAIVE_START + (at && at + 1)) & 255);
    }
    // 01 17 02 17 03 17 ... contains 01 17, 02 17, 03 17 and so on: every other byte rules one out.
    return [NAIVE_START, NAIVE_START, ...pairs.slice(1).flat()].slice(0, bytes);
  };
  for (const word of [1, 2] as const) {
    for (const bytes of [0, 1, 2, 9, 100, 254, ...(word > 1 ? [255, 600, 2000] : [])]) {
      const mask = naiveMask(word, worst(word, bytes));
      // Of which the first, that stands for nothing, is none.
      const tried = (word === 1 ? (mask[0]! - NAIVE_START - 1) & 255
        : pairs.findIndex(([low, high]) => low === mask[0] && high === mask[1]));
      assert.ok(tried <= bytes, `${bytes} bytes: ${tried} words`);
      assert.ok(tried >= Math.floor(bytes / word) - 1, `${bytes} bytes: only ${tried} words`);
    }
  }
});
