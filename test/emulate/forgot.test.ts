/** What a board that has forgotten carries out again, and what it shows of itself. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { namedCounts } from "../../host/boards/board.js";
import type { BoardState } from "../../host/boards/board.js";
import { parseWindows } from "../../host/faults/windows.js";
import { heldAfterRestart, isRight, unheld } from "../../host/judge/ballots.js";
import type { NetworkFile } from "../../host/network/network.js";
import { networkOf, run } from "../topology/drive.js";

const FORGETS: Partial<NetworkFile> = { algorithm: "lbp", keep: 8, reserve: 1 };
const b = 1;

describe("LOG.7: who has forgotten carries out one old decision at most", () => {
  const CASES: Record<string, readonly string[]> = {
    "it is restarted": ["reset=b@6.1"],
    "the ballot in which it learns them ends without it": ["reset=b@7.1", "oneway=hub:b@7.5"],
    "two of them do": ["reset=b@6.1", "oneway=hub:b@6.5", "oneway=hub:b@7.5"],
    "it is restarted twice": ["reset=b@5.1", "reset=b@6.1", "oneway=hub:b@6.5"],
  };
  for (const [name, words] of Object.entries(CASES)) {
    for (const reserve of [1, 3]) {
      test(`${name}, reserve ${reserve}`, async () => {
        const network = networkOf(4, 1, { ...FORGETS, reserve });
        const windows = parseWindows(network, words);
        const { summary, cycles } = await run({ network, windows, cycles: 14 });
        assert.equal(summary.verdict, "held");
        const lists = cycles.map(({ decisions }) => decisions?.[b]?.map(({ slot }) => slot) ?? []);
        lists.forEach((slots, cycle) => {
          const before = Math.max(-1, ...lists.slice(0, cycle).flat());
          const old = slots.slice(1).filter((slot) => slot <= before);
          assert.deepEqual(old, [], `cycle ${cycle}: ${slots.join()}`);
        });
        assert.equal(lists.at(-1)!.at(-1), 13);
      });
    }
  }

  test("and the judge sees one that carries out more", () => {
    const network = networkOf(4, 1, FORGETS);
    const state = (slots: readonly number[]): BoardState => ({
      cycle: 9, vector: [], order: 5, acts: slots.length, output: 5, silences: 0,
      counts: namedCounts(slots[0] ? Array.from({ length: 14 }, () => slots[0]!) : []),
      decisions: slots.map((slot) => ({ slot, value: 5 })),
    });
    const again = heldAfterRestart(network, { ...unheld(network), slot: 7 });
    assert.ok(isRight(network, again, state([6, 7])));
    assert.ok(isRight(network, again, state([7, 8, 9])));
    assert.ok(!isRight(network, again, state([5, 6, 7])));
    assert.ok(!isRight(network, again, state([0, 1])));
    const twice = heldAfterRestart(network, again);
    assert.ok(!isRight(network, twice, state([5, 6])));
  });
});

describe("OM.5: all boards show the same vector, their own value in it", () => {
  for (const [algorithm, boards] of [["lbp", 4], ["lfab", 6]] as const) {
    test(`${algorithm}, once: in the cycle that decides too`, async () => {
      const network = networkOf(boards, 1, { algorithm, mode: "once" });
      const { cycles } = await run({ network, cycles: 3 });
      for (const { vectors, inputs } of cycles.slice(0, 1)) {
        for (const vector of vectors) assert.deepEqual(vector, inputs);
      }
      // From then on the decision is what each proposes.
      for (const { vectors, orders } of cycles.slice(1)) {
        for (const vector of vectors) assert.deepEqual(vector, orders);
      }
    });
  }
});
