/** Views on a model: nobody decides otherwise, F+2 views decide; and each rule that is weakened. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { viewRules } from "./view-rules.js";
import type { ViewRules } from "./view-rules.js";
import { runViews } from "./views.js";
import { WITHOUT, WITHOUT_FAST } from "./weakened.js";

const CASES: [string, ViewRules, number][] = [
  ["PBFT, once, n=4", viewRules(4, 1, false, 0), 20_000],
  ["PBFT, a log of 2, n=4", viewRules(4, 1, false, 2), 40_000],
  ["PBFT, a log of 2, n=4, one fast cycle", viewRules(4, 1, false, 2, { cycles: 1 }), 20_000],
  ["PBFT, a log of 3, n=4, three values", viewRules(4, 1, false, 3, { cycles: 3, values: 3 }),
    20_000],
  ["PBFT, a log of 2, n=5", viewRules(5, 1, false, 2), 10_000],
  ["PBFT, a log of 2, n=7", viewRules(7, 2, false, 2), 10_000],
  ["FaB, once, n=6", viewRules(6, 1, true, 0), 10_000],
  ["FaB, a log of 2, n=6", viewRules(6, 1, true, 2), 20_000],
  ["FaB, a log of 2, n=11", viewRules(11, 2, true, 2), 3000],
];

describe("VIEW.1 to VIEW.5, PBFT.1 to PBFT.3, FAB.1, FAB.2: views and a log, as they read", () => {
  for (const [name, rules, full] of CASES) {
    test(`${name}: one value a slot; each correct board goes on in F+2 views`, (t) => {
      const { runs: made, unsafe, stuck, slow, decided, views } =
        runViews(rules, runs(t, full, full / 10), createRandom(SEED));
      assert.deepEqual({ unsafe, stuck, slow }, { unsafe: 0, stuck: 0, slow: 0 }, replay);
      // Otherwise there was nothing to disagree about, and no leader lied.
      assert.ok(decided > made && views[2]! > 0);
      t.diagnostic(`${made} runs, ${decided} decisions learnt; ${replay}`);
    });
  }
});

describe("views without a rule fail", () => {
  for (const [name, less, keep, many, what] of [...WITHOUT, ...WITHOUT_FAST]) {
    test(name, (t) => {
      const rules = WITHOUT_FAST.some(([fast]) => fast === name)
        ? viewRules(6, 1, true, keep, less) : viewRules(4, 1, false, keep, less);
      const verdict = runViews(rules, many, createRandom(1982));
      assert.ok(verdict[what] > 0, JSON.stringify(verdict));
      t.diagnostic(`${verdict[what]} of ${many} runs`);
    });
  }
});
