/** The rules of LBP and LFaB by themselves: every state that they can reach, and what breaks. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exploreFab, fabRules } from "./explore-fab.js";
import { explore } from "./explore.js";
import { after2av, earlyRules, FRESH, mustPropose, paxosRules } from "./rules.js";

const LIMIT = 100_000;

describe("LBP.2 to LBP.5, every state that can be reached", () => {
  test("n=4, m=1, two values, three ballots: no disagreement, none stuck", (t) => {
    const found = explore(paxosRules(4, 1), 3, LIMIT);
    assert.deepEqual(found, { states: [1, 19, 394, 4945], disagreed: 0, stuck: 0 });
    t.diagnostic(`states by ballots: ${found.states.join(", ")}; 0 disagree, 0 stuck`);
  });

  test("n=7, m=2, two values: no disagreement, none stuck", (t) => {
    const found = explore(paxosRules(7, 2), 2, LIMIT);
    assert.equal(found.disagreed + found.stuck, 0);
    t.diagnostic(`states by ballots: ${found.states.join(", ")}; 0 disagree, 0 stuck`);
  });

  const weak = {
    "LBP.2: a quorum of 2F records": { records: 2 },
    "LBP.4: a quorum of 2F": { relays: 2 },
    "LBP.5: a quorum of 2F": { votes: 2 },
    "LBP.2: F vouchers": { vouchers: 1 },
    "LBP.3: no avPrev": { previous: false },
    "LBP.2: no condition at mbal = c": { equal: false },
  };
  for (const [name, change] of Object.entries(weak)) {
    test(`${name}: breaks`, (t) => {
      const found = explore({ ...paxosRules(4, 1), ...change }, 3, LIMIT, false);
      // Without avPrev, and with two values in one ballot, boards end where nothing is safe.
      if ("relays" in change || "previous" in change) assert.ok(found.stuck > 0);
      else assert.ok(found.disagreed > 0);
      t.diagnostic(`after ${found.states.length} ballots`);
    });
  }

  for (const [boards, traitors, ballots] of [[4, 1, 3], [7, 2, 2]] as const) {
    test(`EARLY.1, EARLY.2: n=${boards}, m=${traitors}, ${ballots} ballots: none stuck`, (t) => {
      const found = explore(earlyRules(boards, traitors), ballots, LIMIT);
      assert.equal(found.states.length, ballots + 1);
      assert.equal(found.disagreed + found.stuck, 0);
      t.diagnostic(`states by ballots: ${found.states.join(", ")}; 0 disagree, 0 stuck`);
    });
  }

  const early = {
    "EARLY.1: 3F equal 2av": { relays: 3 },
    "EARLY.2: LBP.2 alone": { relayed: false },
    "EARLY.2: the lowest safe vote": { highest: false },
  };
  for (const [name, change] of Object.entries(early)) {
    test(`${name}: breaks`, (t) => {
      const rules = earlyRules(4, 1);
      const found = explore({ ...rules, early: { ...rules.early, ...change } }, 3, LIMIT, false);
      assert.ok(found.disagreed > 0);
      t.diagnostic(`after ${found.states.length} ballots`);
    });
  }

  test("LBP.3: two ballots stand for all 2av that were sent", () => {
    // Against the whole list, over every sequence of six 2av of three values or none.
    for (let run = 0; run < 4 ** 6; run++) {
      let record = FRESH;
      const sent: { ballot: number; value: string }[] = [];
      for (let ballot = 0; ballot < 6; ballot++) {
        const value = "-xyz"[(run >> (2 * ballot)) & 3]!;
        if (value !== "-") {
          record = after2av(record, ballot, value, paxosRules(4, 1));
          sent.push({ ballot, value });
        }
      }
      const last = sent.at(-1);
      const other = sent.findLast(({ value }) => value !== last?.value);
      assert.equal(record.avBal, last?.ballot ?? -1);
      assert.equal(record.avPrev, other?.ballot ?? -1);
    }
  });
});

describe("LFAB.2, LFAB.3, every state that can be reached", () => {
  for (const [boards, traitors] of [[6, 1], [7, 1], [11, 2]] as const) {
    test(`n=${boards}, m=${traitors}, two values, any number of ballots`, (t) => {
      const { states, disagreed } = exploreFab(fabRules(boards, traitors));
      assert.equal(disagreed, 0);
      t.diagnostic(`${states} states, 0 disagree`);
    });
  }

  const weak = {
    "LFAB.2: 4F records": { records: 4 },
    "LFAB.2: more than k-2F": { enough: (count: number) => count - 1 },
    "LFAB.3: a quorum of 4F": { votes: 4 },
  };
  for (const [name, change] of Object.entries(weak)) {
    test(`${name}: breaks`, () => {
      assert.ok(exploreFab({ ...fabRules(6, 1), ...change }).disagreed > 0);
    });
  }

  test("LFAB.2: at most one value has k-2F; with 2F+1 fixed there may be two", () => {
    const vector = ["0", "0", "0", "1", "1", "1"];
    assert.equal(mustPropose(vector, fabRules(6, 1).enough), undefined);
    assert.notEqual(
      mustPropose(vector, () => 3), mustPropose(vector.toReversed(), () => 3));
  });
});
