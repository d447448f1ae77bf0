/** LBP.2 and LFAB.2 of the product on vectors of arbitrary records, against how they read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createDecisionLog } from "../../firmware/ballots/decision-log.js";
import { ballotLayout } from "../../firmware/ballots/layout.js";
import { createFab } from "../../firmware/core/fab.js";
import { createPaxos } from "../../firmware/core/paxos.js";
import { shapeOf } from "../ballots/ballots.js";
import { earlyRules, leaderSays, mustPropose, paxosRules } from "../model/rules.js";
import type { PaxosRecord } from "../model/rules.js";
import { SEED, createRandom, replay, runs } from "./random.js";

/** What is said where any value will do. */
const ANY = 9;

/** A board whose vector is what the test puts there, one record of each board after another. */
const createReader = (early: boolean, ...shape: Parameters<typeof shapeOf>) => {
  const layout = ballotLayout({ ...shapeOf(...shape), early }, 0, false);
  const records = new Int8Array(layout.boards);
  const at = (board: number) => layout.end + board * layout.width;
  const arena = new Uint8Array(at(layout.boards));
  const view = new DataView(arena.buffer);
  const ledger = createDecisionLog(layout, arena, view, {
    close() {},
    entry: (of) => records[of] ? at(of) : -1,
  }, { ballot: 0, from: 0, acted: 0, keep: () => true });
  const choose = (to: number) => {
    arena[to] = ANY;
    return to;
  };
  const create = shape[0] === "fab" ? createFab : createPaxos;
  const led = create(layout, arena, view, ledger, choose);
  ledger.open(0);
  return {
    layout, arena, view, records, at,
    /** The leader's message, undefined for none. */
    lead: () => {
      led.gather();
      const message = led.propose();
      return message < 0 ? undefined : String(arena[message]);
    },
  };
};

for (const [boards, traitors, early] of [
  [4, 1, false], [5, 1, false], [7, 2, false], [4, 1, true], [5, 1, true], [7, 2, true],
] as const) {
  const name = early ? "EARLY.2" : "LBP.2";
  test(`${name}: any records, n=${boards}, m=${traitors}`, (t) => {
    const random = createRandom(SEED);
    const reader = createReader(early, "paxos", boards, traitors);
    const { layout, view, arena, records, at, lead } = reader;
    const rules = (early ? earlyRules : paxosRules)(boards, traitors);
    const seen = new Map<string, number>();
    for (let run = 0; run < runs(t, 20_000, 12_000); run++) {
      const most = 1 + random() % 4;
      const few = random() % 3;
      const vector = Array.from({ length: boards }, (_, board): PaxosRecord | undefined => {
        records[board] = random() % 8 ? 1 : 0;
        const ballot = () => (random() % 4 < few ? 0 : random() % (most + 1));
        const value = () => 1 + (random() & 1);
        const [mbal, mval, avBal, avVal, avPrev] = [ballot(), value(), ballot(), value(), ballot()];
        const body = at(board) + layout.body;
        view.setUint32(body, mbal, true);
        arena[body + 4] = mval;
        view.setUint32(body + 5, avBal, true);
        arena[body + 9] = avVal;
        view.setUint32(body + 10, avPrev, true);
        return records[board] ? {
          mbal: mbal - 1, mval: String(mval), avBal: avBal - 1, avVal: String(avVal),
          avPrev: avPrev - 1,
        } : undefined;
      });
      const expected = leaderSays(vector, rules, () => String(ANY));
      assert.equal(lead(), expected, replay);
      seen.set(expected ?? "none", (seen.get(expected ?? "none") ?? 0) + 1);
    }
    // All that can be said is said often.
    for (const message of ["none", String(ANY), "1", "2"]) assert.ok(seen.get(message)! > 100);
    t.diagnostic(`${[...seen].map(([what, count]) => `${what}: ${count}`).join(", ")}; ${replay}`);
  });
}

for (const [boards, traitors] of [[6, 1], [7, 1], [11, 2]] as const) {
  test(`LFAB.2: any records, n=${boards}, m=${traitors}`, (t) => {
    const random = createRandom(SEED);
    const { layout, arena, records, at, lead } = createReader(false, "fab", boards, traitors);
    const seen = new Map<string, number>();
    for (let run = 0; run < runs(t, 10_000, 8000); run++) {
      const missing = random() % (traitors + 2);
      const said: string[] = [];
      for (let board = 0; board < boards; board++) {
        records[board] = random() % boards < missing ? 0 : 1;
        const present = random() % 4;
        const value = random() % 3 ? 1 : 2;
        arena[at(board) + layout.body] = present ? 1 : 0;
        arena[at(board) + layout.body + 1] = value;
        if (records[board]) said.push(present ? String(value) : "");
      }
      const must = mustPropose(said, (count) => count - 2 * traitors) ?? String(ANY);
      const expected = said.length < boards - traitors ? undefined : must;
      assert.equal(lead(), expected, replay);
      seen.set(expected ?? "none", (seen.get(expected ?? "none") ?? 0) + 1);
    }
    for (const message of ["none", String(ANY), "1"]) assert.ok(seen.get(message)! > 100);
    t.diagnostic(`${[...seen].map(([what, count]) => `${what}: ${count}`).join(", ")}; ${replay}`);
  });
}

test("LOG.3: votes of another slot are none of this one", () => {
  for (const [theirs, expected] of [[1, undefined], [0, "1"]] as const) {
    const { layout, arena, view, records, at, lead } = createReader(false, "paxos", 4, 1, 2);
    for (let board = 0; board < 4; board++) {
      records[board] = 1;
      view.setUint32(at(board) + layout.slot, board > 0 ? theirs : 0, true);
      for (const part of [0, 5]) {
        view.setUint32(at(board) + layout.body + part, 1, true);
        arena[at(board) + layout.body + part + 4] = 1;
      }
    }
    assert.equal(lead(), expected);
  }
});
