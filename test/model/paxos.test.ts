/** Paxos in views with a log, all states; and each rule that is taken out. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { duel } from "./duel.js";
import { explorePaxos, paxosRules } from "./explore-paxos.js";
import type { PaxosRules } from "./explore-paxos.js";
import { WITHOUT_PAXOS as WITHOUT } from "./weakened.js";

const LONG = process.env["TAGMA_LONG"] === "1";
const LIMIT = LONG ? 30_000_000 : 1_000_000;

/** How many there are, so that it is seen when one is left out. */
type Whole = [string, Partial<PaxosRules>, number];
const WHOLE: Whole[] = [
  ["one slot, four views", { slots: 1, views: 4 }, 32_893],
  ["two slots, two views", { views: 2 }, 31_319],
  ...(LONG ? [["two slots, three views", {}, 97_749] as Whole] : []),
];

describe("PAX.1 to PAX.5, LOG.2, LOG.3: no slot has two values, in any state", () => {
  for (const [name, more, states] of WHOLE) {
    test(name, () => {
      const found = explorePaxos(paxosRules(3, more), LIMIT);
      assert.equal(found.disagreed, 0);
      assert.equal(found.states, states);
      assert.ok(found.finished > 0);
    });
  }
});

describe("Paxos without a rule disagrees", () => {
  for (const [name, less] of WITHOUT) {
    test(name, () => {
      assert.equal(explorePaxos(paxosRules(3, less), LIMIT).disagreed, 1);
    });
  }

  test("VIEW.2: who may vote twice disagrees only where a leader says two things", () => {
    assert.equal(explorePaxos(paxosRules(3, { once: false, slots: 1 }), LIMIT).disagreed, 0);
    const both = paxosRules(3, { once: false, fixed: false, slots: 1 });
    assert.equal(explorePaxos(both, LIMIT).disagreed, 1);
  });
});

describe("proposers without leases", () => {
  const DUEL = { boards: 3, loss: Infinity, keeps: true };

  test("one alone decides at once; two out of step never, with no message lost", () => {
    const none = () => 0;
    assert.equal(duel({ ...DUEL, proposers: [2] }, 10, none).first, 1);
    assert.equal(duel({ ...DUEL, proposers: [1, 2] }, 10_000, none).first, undefined);
  });

  test("never decide two values, and decide by luck where messages are lost", (t) => {
    const random = createRandom(SEED);
    let [lucky, twice] = [0, 0];
    const many = runs(t, 20_000, 2000);
    for (let run = 0; run < many; run++) {
      const loss = [2, 3, 5, 9][run % 4]!;
      const { first, values } = duel({ ...DUEL, boards: 3 + 2 * (run % 2), loss,
        proposers: run % 3 ? [0, 1, 2] : [1, 2] }, 12, random);
      if (first !== undefined) lucky++;
      if (values > 1) twice++;
    }
    assert.equal(twice, 0, replay);
    assert.ok(lucky > many / 10 && lucky < many);
  });

  test("decide two where a promise is not kept", () => {
    const random = createRandom(1982);
    let twice = 0;
    for (let run = 0; run < 2000; run++) {
      const { values } = duel(
        { ...DUEL, loss: 3, keeps: false, proposers: [0, 1, 2] }, 12, random);
      if (values > 1) twice++;
    }
    assert.ok(twice > 0);
  });
});
