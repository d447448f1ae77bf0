/** One board: what it answers, counts and decides, for each line of traffic. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  COUNTERS, createNode, oral, integer, layoutOf, majority,
} from "../../firmware/index.js";
import type { Shape } from "../../firmware/index.js";
import { createHal } from "./hal.js";
import { bytesOf, textOf } from "./script.js";

const FOUR: Shape = { boards: 4, traitors: 1, width: 1, commander: -1 };
const TEN: Shape = { boards: 10, traitors: 3, width: 1, commander: -1 };
/** Board 1 commands. */
const GENERALS: Shape = { ...FOUR, commander: 1 };
const DEFAULT = 99;

interface Case {
  readonly desc: string;
  readonly shape?: Shape;
  readonly self?: number;
  readonly wired?: boolean;
  /** What the hardware reads; 200 if not given. */
  readonly reading?: number | undefined;
  /** Chunks; see `wire/script.ts`. */
  readonly input: readonly string[];
  readonly sent?: readonly string[];
  /** Counters that are not 0. */
  readonly counts?: Readonly<Partial<Record<(typeof COUNTERS)[number], number>>>;
  /** After the last cycle; null is ⊥. */
  readonly vector?: readonly (number | null)[];
  readonly orders?: readonly number[];
  /** Closed last. */
  readonly cycle?: number;
}

const OPEN = ["open 7"];
const FIRST = ["0 in 1 of 7: 200"];
const SECOND = [...FIRST, "0 in 2 of 7: - - -"];
const NORMAL = [
  "open 7", "1 in 1 of 7: 0", "2 in 1 of 7: 200", "3 in 1 of 7: -",
  "round 2 of 7", "1 in 2 of 7: 200 200 -", "2 in 2 of 7: 200 0 -", "3 in 2 of 7: 200 0 200",
  "close 7",
];
const NORMAL_SENT = [...FIRST, "0 in 2 of 7: 0 200 -"];
const NORMAL_END = { vector: [200, 0, 200, null], orders: [200], cycle: 7 };

const CYCLES: readonly Case[] = [
  {
    desc: "NODE.1, NODE.6, NODE.7, NODE.8, NODE.9: a normal cycle",
    input: NORMAL, sent: NORMAL_SENT, ...NORMAL_END,
  },
  {
    desc: "NODE.1: frames in any order", sent: NORMAL_SENT, ...NORMAL_END,
    input: [
      NORMAL[0]!, ...NORMAL.slice(1, 4).toReversed(),
      NORMAL[4]!, ...NORMAL.slice(5, 8).toReversed(), NORMAL[8]!,
    ],
  },
  {
    desc: "FRAME.18, NODE.6: two rounds' frames in one chunk", sent: NORMAL_SENT, ...NORMAL_END,
    input: ["open 7", NORMAL.slice(1, 8).join(" + "), "close 7"],
  },
  {
    desc: "NODE.6, NODE.8: silence", input: ["open 7", "round 2 of 7", "close 7"],
    sent: SECOND, vector: [200, null, null, null], orders: [200], cycle: 7,
  },
  {
    desc: "NODE.5, NODE.8: silence and no reading: the default order", reading: undefined,
    input: ["open 7", "round 2 of 7", "close 7"], sent: ["0 in 1 of 7: -", "0 in 2 of 7: - - -"],
    counts: { unread: 1 }, vector: [null, null, null, null], orders: [DEFAULT], cycle: 7,
  },
  {
    desc: "NODE.6: what was held in the last cycle is gone in the next",
    input: [...NORMAL, "open 8", "round 2 of 8", "close 8"],
    sent: [...NORMAL_SENT, "0 in 1 of 8: 200", "0 in 2 of 8: - - -"],
    vector: [200, null, null, null], orders: [200, 200], cycle: 8,
  },
  {
    desc: "NODE.6: one lie is outvoted", ...NORMAL_END, vector: [200, 0, 200, 5], orders: [DEFAULT],
    input: [
      "open 7", "1 in 1 of 7: 0", "2 in 1 of 7: 200", "3 in 1 of 7: 6",
      "round 2 of 7", "1 in 2 of 7: 200 200 5", "2 in 2 of 7: 200 0 5", "3 in 2 of 7: 1 2 3",
      "close 7",
    ],
    sent: [...FIRST, "0 in 2 of 7: 0 200 6"],
  },
];

const COUNTED: readonly Case[] = [
  {
    desc: "FRAME.14: foreign: its own frame", input: [...OPEN, "0 in 1 of 7: 1"],
    counts: { foreign: 1 },
  },
  {
    desc: "FRAME.14: foreign: a board that is not there", input: [...OPEN, "4 in 1 of 7: 1"],
    counts: { foreign: 1 },
  },
  {
    desc: "FRAME.14: foreign: a round that is not there", input: [...OPEN, "round 3 of 7"],
    counts: { foreign: 1 },
  },
  {
    desc: "FRAME.15: missized: the next begins within it",
    input: [...OPEN, "cut 3 1 in 1 of 7: 5", "2 in 1 of 7: 5"], counts: { missized: 1 },
  },
  {
    desc: "FRAME.15: missized: a frame of a shorter round under its header",
    input: [...OPEN, "1 in 2 of 7: 5", "2 in 1 of 7: 5"], counts: { missized: 1 },
  },
  {
    desc: "FRAME.16: garbled: a wrong byte", input: [...OPEN, "wrong 1 in 1 of 7: 5"],
    counts: { garbled: 1 },
  },
  {
    desc: "FRAME.16: garbled: a wrong beacon", input: [...OPEN, "wrong round 2 of 7"],
    counts: { garbled: 1 },
  },
  {
    desc: "NODE.1: late: a frame of the round before",
    input: [...OPEN, "round 2 of 7", "1 in 1 of 7: 5"], sent: SECOND, counts: { late: 1 },
  },
  {
    desc: "NODE.1: late: a frame after the cycle", input: [...NORMAL, "1 in 2 of 7: 1 2 3"],
    sent: NORMAL_SENT, ...NORMAL_END, counts: { late: 1 },
  },
  {
    desc: "NODE.2: late: the opening beacon again in round 2",
    input: [...OPEN, "round 2 of 7", "open 7"], sent: SECOND, counts: { late: 1 },
  },
  {
    desc: "NODE.2: late: a beacon after the cycle", input: [...NORMAL, "round 2 of 7"],
    sent: NORMAL_SENT, ...NORMAL_END, counts: { late: 1 },
  },
  {
    desc: "NODE.1: early: a frame of the round to come", input: [...OPEN, "1 in 2 of 7: 1 2 3"],
    counts: { early: 1 },
  },
  {
    desc: "NODE.1: early: a frame of the next cycle", input: [...OPEN, "1 in 1 of 8: 1"],
    counts: { early: 1 },
  },
  {
    desc: "NODE.2: early: a closing beacon of the next cycle", input: [...OPEN, "close 8"],
    counts: { early: 1 },
  },
  {
    desc: "NODE.1: stale: a frame of the cycle before", input: [...OPEN, "1 in 1 of 6: 1"],
    counts: { stale: 1 },
  },
  {
    desc: "NODE.1: stale: a frame of the cycle before, of a later round",
    input: [...OPEN, "1 in 2 of 6: 1 2 3"], counts: { stale: 1 },
  },
  {
    desc: "NODE.2: stale: a beacon of the cycle before", input: [...OPEN, "round 2 of 6"],
    counts: { stale: 1 },
  },
  {
    desc: "NODE.2: stale: a closing beacon of the cycle before", input: [...OPEN, "close 6"],
    counts: { stale: 1 },
  },
  {
    desc: "NODE.1: duplicate: a frame twice, and the first counts",
    input: [...NORMAL.slice(0, 2), "1 in 1 of 7: 9", ...NORMAL.slice(2)], sent: NORMAL_SENT,
    ...NORMAL_END, counts: { duplicate: 1 },
  },
  {
    desc: "NODE.2: duplicate: the opening beacon twice", input: [...OPEN, "open 7"],
    counts: { duplicate: 1 },
  },
  {
    desc: "NODE.2: duplicate: a beacon twice", input: [...OPEN, "round 2 of 7", "round 2 of 7"],
    sent: SECOND, counts: { duplicate: 1 },
  },
  {
    desc: "NODE.2, NODE.8: duplicate: the closing beacon twice, one order",
    input: [...NORMAL, "close 7"], sent: NORMAL_SENT, ...NORMAL_END, counts: { duplicate: 1 },
  },
  {
    desc: "NODE.3: missed: the beacon of round 2", input: ["open 7", "1 in 1 of 7: 5", "close 7"],
    counts: { missed: 1 }, vector: [200, null, null, null], orders: [200], cycle: 7,
  },
  {
    desc: "NODE.3, NODE.4: missed: the closing beacon; nothing is decided",
    input: ["open 7", "open 8"], sent: [...FIRST, "0 in 1 of 8: 200"], counts: { missed: 1 },
  },
  {
    desc: "NODE.5: unread: the hardware has none", reading: undefined, input: OPEN,
    sent: ["0 in 1 of 7: -"], counts: { unread: 1 },
  },
  {
    desc: "NODE.5: unread: what it has is no value", reading: 256, input: OPEN,
    sent: ["0 in 1 of 7: -"], counts: { unread: 1 },
  },
  {
    desc: "NODE.5: unread: the wire brings ⊥", wired: true, input: ["open 7: -"],
    sent: ["0 in 1 of 7: -"], counts: { unread: 1 },
  },
];

const BEACONS: readonly Case[] = [
  {
    desc: "NODE.2: a closing beacon without opening", input: ["close 0"], sent: [],
    counts: { early: 1 },
  },
  {
    desc: "NODE.3, NODE.5: switched on in mid-cycle",
    input: [
      "round 2 of 7", "1 in 2 of 7: 200 200 5", "2 in 2 of 7: 200 0 5", "3 in 2 of 7: 200 0 200",
      "close 7",
    ],
    sent: ["0 in 2 of 7: - - -"], counts: { missed: 1, unread: 1 }, vector: [null, 0, 200, 5],
    orders: [DEFAULT], cycle: 7,
  },
  {
    desc: "NODE.3, NODE.4: a later cycle's second round in mid-cycle",
    input: ["open 7", "round 2 of 9"], sent: [...FIRST, "0 in 2 of 9: - - -"],
    counts: { missed: 2, unread: 1 },
  },
  {
    desc: "NODE.3: two rounds skipped", shape: TEN, input: ["open 7", "close 7"],
    counts: { missed: 3 }, vector: [200, ...Array.from({ length: 9 }, () => null)], orders: [200],
    cycle: 7,
  },
  {
    desc: "NODE.4: whole cycles of which nothing was heard do not count",
    input: [...NORMAL, "open 90"], sent: [...NORMAL_SENT, "0 in 1 of 90: 200"], ...NORMAL_END,
  },
  {
    desc: "NODE.2, NODE.4: the hub begins anew with cycle 0", input: [...NORMAL, "open 0"],
    sent: [...NORMAL_SENT, "0 in 1 of 0: 200"], ...NORMAL_END,
  },
  {
    desc: "NODE.3, NODE.4: the same in mid-cycle",
    input: ["open 7", "1 in 1 of 7: 5", "open 0", "round 2 of 0"],
    sent: [...FIRST, "0 in 1 of 0: 200", "0 in 2 of 0: - - -"], counts: { missed: 1 },
  },
  {
    desc: "NODE.2: a beacon backwards within the cycle moves nothing",
    input: [
      "open 7", "round 2 of 7", "1 in 2 of 7: 200 7 8", "open 7", "2 in 2 of 7: 200 7 8",
      "3 in 2 of 7: 200 7 7", "close 7",
    ],
    sent: SECOND, counts: { late: 1 }, vector: [200, 7, 7, 8], orders: [DEFAULT], cycle: 7,
  },
  {
    desc: "NODE.4: numbers of 32 bits", input: ["open 305419896", "round 2 of 120", "close 120"],
    sent: ["0 in 1 of 120: 200", "0 in 2 of 120: - - -"], vector: [200, null, null, null],
    orders: [200], cycle: 305419896,
  },
  {
    desc: "NODE.4: cycle 255 and then 256",
    input: ["open 200", "close 200", "open 255", "close 255", "open 256", "close 0"],
    sent: ["0 in 1 of 200: 200", "0 in 1 of 255: 200", "0 in 1 of 0: 200"], counts: { missed: 3 },
    vector: [200, null, null, null], orders: [200, 200, 200], cycle: 256,
  },
  {
    desc: "NODE.4: opening missed where the low byte begins anew",
    input: ["open 300", "close 44", "open 511", "close 255", "round 2 of 0", "close 0"],
    sent: ["0 in 1 of 44: 200", "0 in 1 of 255: 200", "0 in 2 of 0: - - -"],
    counts: { missed: 3, unread: 1 }, vector: [null, null, null, null], orders: [200, 200, DEFAULT],
    cycle: 512,
  },
  {
    desc: "FRAME.12: the last number, then 0",
    input: ["open 4294967040", "close 0", "open 4294967295", "close 255", "open 0", "close 0"],
    sent: ["0 in 1 of 0: 200", "0 in 1 of 255: 200", "0 in 1 of 0: 200"], counts: { missed: 3 },
    vector: [200, null, null, null], orders: [200, 200, 200], cycle: 0,
  },
  {
    desc: "FRAME.12, NODE.4: the last number, then 0 without its opening",
    input: [
      "open 4294967040", "close 0", "open 4294967295", "close 255", "round 2 of 0", "close 0",
    ],
    sent: ["0 in 1 of 0: 200", "0 in 1 of 255: 200", "0 in 2 of 0: - - -"],
    counts: { missed: 3, unread: 1 }, vector: [null, null, null, null], orders: [200, 200, DEFAULT],
    cycle: 0,
  },
  {
    desc: "NODE.2: an opening beacon of a cycle 256 away begins anew",
    input: ["open 256", "open 0", "round 2 of 0"],
    sent: ["0 in 1 of 0: 200", "0 in 1 of 0: 200", "0 in 2 of 0: - - -"], counts: { missed: 1 },
  },
  {
    desc: "NODE.2: switched on before cycle 255",
    input: ["open 255", "round 2 of 255", "close 255", "open 256"],
    sent: ["0 in 1 of 255: 200", "0 in 2 of 255: - - -", "0 in 1 of 0: 200"],
    vector: [200, null, null, null], orders: [200], cycle: 255,
  },
  {
    desc: "NODE.2: known limit: switched on in the middle of cycle 255, silent until the next",
    input: ["round 2 of 255", "close 255", "open 256"], sent: ["0 in 1 of 0: 200"],
    counts: { late: 1, duplicate: 1 },
  },
];

const READINGS: readonly Case[] = [
  { desc: "NODE.5: a reading by wire", wired: true, input: ["open 7: 200"], sent: FIRST },
  {
    desc: "NODE.5: a reading by wire without a presence bit", wired: true,
    input: ["open 7: odd 200"], sent: ["0 in 1 of 7: -"], counts: { unread: 1 },
  },
  {
    desc: "NODE.5: a reading by wire, and the beacon that brings it is missed", wired: true,
    input: ["round 2 of 7", "close 7"], sent: ["0 in 2 of 7: - - -"],
    counts: { missed: 1, unread: 1 }, vector: [null, null, null, null], orders: [DEFAULT], cycle: 7,
  },
  {
    desc: "NODE.5: no reading by wire is left over for a cycle whose opening is missed",
    wired: true, input: ["open 7: 200", "close 7", "round 2 of 8", "close 8"],
    sent: [...FIRST, "0 in 2 of 8: - - -"], counts: { missed: 2, unread: 1 },
    vector: [null, null, null, null], orders: [200, DEFAULT], cycle: 8,
  },
  {
    desc: "NODE.5: the next reading by wire stands in place of the last", wired: true,
    input: ["open 7: 200", "open 8: 0"], sent: [...FIRST, "0 in 1 of 8: 0"], counts: { missed: 1 },
  },
  {
    desc: "FRAME.9, NODE.7: a lieutenant", shape: GENERALS,
    input: [
      "open 7", "1 in 1 of 7: 5", "round 2 of 7", "2 in 2 of 7: 5", "3 in 2 of 7: 6", "close 7",
    ],
    sent: ["0 in 2 of 7: 5"], vector: [null, 5, null, null], orders: [5], cycle: 7,
  },
  {
    desc: "FRAME.9: a lieutenant whom the commander told nothing", shape: GENERALS,
    input: ["open 7", "round 2 of 7", "2 in 2 of 7: 5", "3 in 2 of 7: 5", "close 7"],
    sent: ["0 in 2 of 7: -"], vector: [null, 5, null, null], orders: [5], cycle: 7,
  },
  {
    desc: "FRAME.9: no two of the lieutenants agree", shape: GENERALS,
    input: [
      "open 7", "1 in 1 of 7: 4", "round 2 of 7", "2 in 2 of 7: 5", "3 in 2 of 7: 6", "close 7",
    ],
    sent: ["0 in 2 of 7: 4"], vector: [null, null, null, null], orders: [DEFAULT], cycle: 7,
  },
  {
    desc: "FRAME.9, NODE.7: the commander speaks in round 1 alone", shape: GENERALS, self: 1,
    input: ["open 7", "round 2 of 7", "close 7"], sent: ["1 in 1 of 7: 200"],
    vector: [null, 200, null, null], orders: [200], cycle: 7,
  },
  {
    desc: "NODE.5: a commander without a reading", shape: GENERALS, self: 1, reading: undefined,
    input: ["open 7", "round 2 of 7", "close 7"], sent: ["1 in 1 of 7: -"], counts: { unread: 1 },
    vector: [null, null, null, null], orders: [DEFAULT], cycle: 7,
  },
  {
    desc: "NODE.5: a lieutenant needs no reading", shape: GENERALS, reading: undefined,
    input: ["open 7", "round 2 of 7"], sent: ["0 in 2 of 7: -"],
  },
  {
    desc: "FRAME.14: foreign: who is not to speak in this round", shape: GENERALS,
    input: ["open 7", "2 in 1 of 7: 5", "round 2 of 7", "1 in 2 of 7: 5"], sent: ["0 in 2 of 7: -"],
    counts: { foreign: 2 },
  },
  {
    desc: "NODE.8: no traitors, one round", shape: { ...FOUR, boards: 3, traitors: 0 },
    input: ["open 7", "1 in 1 of 7: 5", "2 in 1 of 7: 5", "close 7"], sent: FIRST,
    vector: [200, 5, 5], orders: [5], cycle: 7,
  },
];

/** All lines in one chunk; as they are; byte by byte: it makes no difference (FRAME.18). */
const CHUNKINGS: readonly [string, (chunks: number[][]) => number[][]][] = [
  ["", (chunks) => chunks],
  [", in one chunk", (chunks) => [chunks.flat()]],
  [", byte by byte", (chunks) => chunks.flat().map((byte) => [byte])],
];

for (const one of [...CYCLES, ...COUNTED, ...BEACONS, ...READINGS]) {
  for (const [name, cut] of CHUNKINGS) {
    test(`${one.desc}${name}`, () => {
      const { shape = FOUR, self = 0, wired = false, sent = FIRST } = one;
      const all = layoutOf(shape, self, wired);
      const hal = createHal(() => ("reading" in one ? one.reading : 200));
      const parts = {
        agree: oral(all), type: integer("Uint8"), choose: majority<number>,
        fallback: DEFAULT,
      };
      const node = createNode(all, parts, hal);
      for (const chunk of cut(one.input.map((text) => bytesOf(shape, text)))) {
        node.receive(Uint8Array.from(chunk));
      }
      assert.deepEqual(hal.sent.map((bytes) => textOf(shape, bytes)), sent);
      assert.deepEqual(
        Object.fromEntries(
          COUNTERS.map((counter, at) => [counter, node.counts[at]]).filter(([, count]) => count),
        ),
        one.counts ?? {},
      );
      assert.deepEqual(node.vector.map((value) => value ?? null), one.vector ?? []);
      assert.deepEqual(hal.orders, one.orders ?? []);
      assert.equal(node.order, one.orders?.at(-1) ?? DEFAULT);
      assert.equal(node.cycle, one.cycle ?? -1);
    });
  }
}
