/** What a program asks of `emulate` is held to what a person may ask of the command line. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UsageError } from "../../host/base/error.js";
import type { Emulation } from "../../host/emulate/emulate.js";
import type { LineFault, Traitor } from "../../host/faults/asked.js";
import { planOf } from "../../host/plan/plan.js";
import { networkOf, run } from "../topology/drive.js";
import type { Order } from "../topology/drive.js";

const FOUR = networkOf(4, 1);
const { period } = planOf(FOUR);

const line = (change: Partial<LineFault>) =>
  ({ lines: [{ name: "drop", probability: 0.5, board: -1, ...change }] });
const traitor = (change: Partial<Traitor>) =>
  ({ traitors: [{ name: "silent", board: 2, parameter: [], ...change }] });
const shown = (...values: unknown[]) => ({ readings: () => values as number[] });

const WRONG: readonly (readonly [Partial<Order>, RegExp])[] = [
  ...[-1, 0, 1.5, Number.NaN, Infinity, 2 ** 32].map((cycles) =>
    [{ cycles }, /^cycles: \S+ must be a whole number from 1 to 4294967295$/] as const),
  ...[-1, 0.5, Number.NaN, 2 ** 32].map((seed) =>
    [{ seed }, /^seed: \S+ must be a whole number from 0 to 4294967295$/] as const),
  [{ engine: "x" as Emulation["engine"] },
    /^engine: "x" is unknown, there are: native, bundle, quickjs, espruino$/],
  [
    { transport: "x" as Emulation["transport"] },
    /^transport: "x" is unknown, there are: mock, memory$/,
  ],
  [line({ name: "x" }), /^troubles\.lines\[0\]: "x" is unknown, there are: drop, /],
  [line({ name: "silent" }), /^troubles\.lines\[0\]: "silent" is unknown/],
  ...[-0.1, 1.1, Number.NaN].map((probability) =>
    [line({ probability }), /^troubles\.lines\[0\]: probability \S+ must be from 0/] as const),
  ...[-2, 4, 0.5, Number.NaN].map((board) =>
    [line({ board }), /^troubles\.lines\[0\]: board \S+ must be a whole number from -1 to 3$/] as
      const),
  [traitor({ name: "x" }), /^troubles\.traitors\[0\]: "x" is unknown, there are: silent, /],
  [traitor({ name: "drop" }), /^troubles\.traitors\[0\]: "drop" is unknown/],
  ...[-1, 4, 0.5, Number.NaN].map((board) =>
    [traitor({ board }), /\[0\]: board \S+ must be a whole number from 0 to 3$/] as const),
  ...[[], [1], [1, 1, 1], [0.5, 1], [Number.NaN, 1]].map((parameter) =>
    [traitor({ name: "crash", parameter }), /\[0\]: crash takes CYCLE\.ROUND$/] as const),
  [traitor({ name: "crash", parameter: [-1, 1] }), /CYCLE -1 must be at least 0$/],
  [traitor({ name: "crash", parameter: [1, -1] }), /crash takes CYCLE\.ROUND$/],
  [traitor({ name: "late", parameter: [period + 1] }), /BITS \d+ must be at most \d+, a cycle's/],
  [{ traitors: [...traitor({}).traitors, ...traitor({}).traitors] },
    /^troubles\.traitors: board c is given twice$/],
  [shown(1, 2, 3), /^readings: cycle 0: 3 entries, 4 are needed$/],
  [shown(1, 2, 3, 4, 5), /^readings: cycle 0: 5 entries, 4 are needed$/],
  ...[256, -1, 1.5, Number.NaN, "3", null, true, "", new Uint8Array(1)].map((value) =>
    [shown(1, 2, value, 4), /^readings: cycle 0: board c: .* is not a whole number from 0/] as
      const),
  [{ readings: (cycle) => [1, 2, 3, cycle < 2 ? 4 : 300] },
    /^readings: cycle 2: board d: 300 is not a whole number from 0 to 255$/],
];

const TYPES = [
  ["bool", [true, false], [1, "true"]], ["f32", [1.5, -0, 0], [0.1, Infinity, 1e39]],
  [{ bytes: 2 }, [new Uint8Array(2)], [new Uint8Array(1), new Uint8Array(3), "0000", 0]],
] as const;

describe("what is wrong is refused, and named", () => {
  for (const [order, said] of WRONG) {
    test(String(said), async () => {
      await assert.rejects(run({ network: FOUR, ...order }), (thrown) => {
        assert.ok(thrown instanceof UsageError);
        assert.match(thrown.message, said);
        return true;
      });
    });
  }

  test("readings of every type, and none that is of another", async () => {
    for (const [value, right, wrong] of TYPES) {
      const fallback = value === "bool" ? false : value === "f32" ? 0 : "0000";
      const network = networkOf(4, 1, { value: value as "bool", default: fallback });
      for (const one of right) {
        const { summary } = await run({ network, ...shown(one, one, undefined, one) });
        assert.equal(summary.verdict, "held");
      }
      for (const one of wrong) {
        await assert.rejects(run({ network, ...shown(one, one, one, one) }), UsageError);
      }
    }
  });
});

test("what lies just inside is run", async () => {
  for (const order of [
    { cycles: 1 }, { seed: 0 }, { seed: 2 ** 32 - 1 }, line({ board: 3, probability: 1 }),
    line({ probability: 0 }), traitor({ board: 3 }),
    traitor({ name: "late", parameter: [period] }),
    traitor({ name: "crash", parameter: [2 ** 32 - 1, 2] }), shown(0, 255, undefined, 1),
  ]) {
    const { summary } = await run({ network: FOUR, ...order });
    assert.equal(summary.verdict, "held");
  }
});
