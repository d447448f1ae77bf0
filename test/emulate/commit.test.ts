/**
 * Byzantine commit: `"decision": "unanimous"` over OM and SM. All commit or all abort, one that is
 * not ready aborts, and a liar can do no more than that.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UsageError } from "../../host/base/error.js";
import { parseTraitors } from "../../host/faults/troubles.js";
import { parseWindows } from "../../host/faults/windows.js";
import { brokenCommit } from "../../host/judge/commit.js";
import { lawOf } from "../../host/judge/oracle.js";
import type { Outcome } from "../../host/judge/oracle.js";
import type { NetworkFile } from "../../host/network/network.js";
import { networkOf, run } from "../topology/drive.js";

const COMMIT: Partial<NetworkFile> = { value: "bool", decision: "unanimous", default: false };
const TREES = { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }] };

/** All vectors of four votes, one a cycle; ⊥ among them. */
const votes = (boards: number) => (cycle: number) => Array.from({ length: boards }, (_, at) =>
  [true, false, undefined][Math.floor(cycle / 3 ** at) % 3]);

describe("CHOOSE.5: all vectors of votes, OM(1)", () => {
  const network = networkOf(4, 1, COMMIT);
  test("without faults: commit where all are ready, and only there", async () => {
    const { summary, cycles } = await run({ network, cycles: 81, readings: votes(4) });
    assert.equal(summary.verdict, "held");
    cycles.forEach(({ inputs, orders }) => {
      const all = inputs.every((vote) => vote === true);
      assert.deepEqual(orders, [all, all, all, all], inputs.join());
    });
  });
  for (const how of ["silent", "split", "equivocate", "withhold", "collude", "random"]) {
    test(`a board that is ${how}: AC1, AC2, AC4 hold`, async () => {
      const traitors = parseTraitors(network, [`d=${how}`]);
      const { summary, cycles } = await run({ network, traitors, cycles: 81, readings: votes(4) });
      assert.deepEqual(summary.broke, {});
      cycles.forEach(({ inputs, orders }) => {
        const correct = orders.slice(0, 3);
        assert.ok(correct.every((order) => order === correct[0]));
        if (correct[0]) assert.ok(inputs.slice(0, 3).every((vote) => vote === true));
      });
    });
  }
  test("two liars of four, which is outside: some commit and some abort", async () => {
    const traitors = parseTraitors(network, ["c=split", "d=split"]);
    const { summary } = await run({ network, traitors, cycles: 81, readings: votes(4) });
    assert.ok(summary.broke.AC1, JSON.stringify(summary.broke));
  });
});

test("SM(2): three boards, a liar that signs two votes aborts", async () => {
  const network = networkOf(3, 1, { ...COMMIT, algorithm: "sm", signatures: TREES });
  const readings = () => [true, true, true];
  const well = await run({ network, cycles: 2, readings });
  assert.deepEqual(well.cycles.map(({ orders }) => orders), [[true, true, true],
    [true, true, true]]);
  const traitors = parseTraitors(network, ["b=equivocate"]);
  const { summary, cycles } = await run({ network, cycles: 2, readings, traitors });
  assert.equal(summary.verdict, "held");
  assert.deepEqual(cycles.map(({ orders }) => orders), [[false, null, false],
    [false, null, false]].map((orders, at) => orders.map((order, board) =>
    (board === 1 ? cycles[at]!.orders[1]! : order))));
});

test("a partition may split it, but nobody commits against a board that is not ready", async () => {
  const network = networkOf(4, 1, COMMIT);
  let apart = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const windows = parseWindows(network, ["late=0.15@0-80"]);
    const { summary, cycles } = await run({
      network, windows, seed, cycles: 81, readings: (cycle) => (cycle % 2 ? votes(4)(cycle)
        : [true, true, true, true]),
    });
    assert.deepEqual(summary.broke, {});
    for (const { inputs, orders } of cycles) {
      if (orders.includes(true) && orders.includes(false)) apart++;
      if (orders.includes(true)) assert.ok(inputs.every((vote) => vote === true));
    }
  }
  assert.ok(apart > 20, `${apart}: AC1 needs messages in time, and here they are not`);
});

describe("the judge of commit finds", () => {
  const law = lawOf(networkOf(4, 1, COMMIT));
  const outcome = (order: boolean, change: Partial<Outcome> = {}): Outcome =>
    ({ cycle: 3, rounds: 2, acts: 1, vector: [], order, ...change });
  const all = (...orders: boolean[]) => orders.map((order) => outcome(order));
  const READY = [true, true, true, true];
  const cases: [string, Parameters<typeof brokenCommit>[0], string[]][] = ([
    ["nothing: all commit", { outcomes: all(true, true, true, true) }, []],
    ["nothing: one is not ready, all abort",
      { inputs: [true, true, false, true], outcomes: all(false, false, false, false) }, []],
    ["nothing: a faulty board does not count",
      { faulty: new Set([1]), outcomes: all(true, false, true, true) }, []],
    ["nothing: a faulty board may abort all",
      { faulty: new Set([1]), outcomes: all(false, false, false, false) }, []],
    ["nothing: in no time AC1 and AC3 are not asked for",
      { asynchronous: true, outcomes: all(true, false, true, true) }, []],
    ["AC1: one aborts", { faulty: new Set([3]), outcomes: all(true, true, false, true) }, ["AC1"]],
    ["AC2: one is not ready",
      { inputs: [true, true, false, true], outcomes: all(true, true, true, true) }, ["AC2"]],
    ["AC2: one has no vote, in no time either",
      { inputs: [true, true, undefined, true], asynchronous: true,
        outcomes: all(false, true, false, false) }, ["AC2"]],
    ["AC3: all abort", { outcomes: all(false, false, false, false) }, ["AC3"]],
    ["AC3: one did not decide", { outcomes: [...all(true, true, true),
      outcome(true, { cycle: 2 })] }, ["AC3"]],
    ["AC4: one carried out two orders", { outcomes: [...all(true, true, true),
      outcome(true, { acts: 2 })] }, ["AC4"]],
  ] as const).map(([name, change, broken]) => [name, {
    law, cycle: 3, inputs: READY, faulty: new Set<number>(), asynchronous: false, ...change,
  }, [...broken]]);
  for (const [name, facts, broken] of cases) {
    test(name, () => {
      assert.deepEqual(brokenCommit(facts), broken);
    });
  }
  test("nothing in a network that decides by majority", () => {
    assert.deepEqual(brokenCommit({
      law: { ...law, decision: "majority" }, cycle: 3, inputs: READY, faulty: new Set(),
      asynchronous: false, outcomes: all(false, true, false, false),
    }), []);
  });
});

describe("refused is", () => {
  const refused = (change: Partial<NetworkFile>, wrong: RegExp) => {
    test(String(wrong), () => {
      assert.throws(() => networkOf(4, 1, { ...COMMIT, ...change }), (thrown) =>
        thrown instanceof UsageError && wrong.test(thrown.message));
    });
  };
  refused({ value: "u8", default: 0 }, /decision: "unanimous" needs bool, .* and values are u8/);
  refused({ default: true }, /default: true, with "decision": "unanimous" it must be false/);
  refused({ commander: "a" }, /commander: "a", with "decision": "unanimous" every board has a say/);
  refused({ algorithm: "lbp" },
    /"algorithm": "lbp" decides without some: "om", "sm", "2pc", .* would do/);
});
