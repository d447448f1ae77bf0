/** The product's boards of Paxos, in random runs, judged by what they decide and carry out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runBallots } from "../ballots/ballot-runs.js";
import { shapeOf } from "../ballots/ballots.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";

/** n, m, decisions kept, cycles of a view. */
const PARTS: [number, number, number, number][] = [
  [3, 1, 0, 2], [3, 1, 2, 2], [3, 1, 3, 6], [4, 1, 2, 3], [5, 2, 0, 3], [5, 2, 2, 3],
];

for (const [boards, traitors, keep, review] of PARTS) {
  const name = `n=${boards}, ${keep ? `a log of ${keep}` : "once"}, views of ${review}`;
  const shape = shapeOf("multi-paxos", boards, traitors, keep, false, review);

  test(`PAX.1 to PAX.5: nobody decides otherwise, all go on: ${name}`, (t) => {
    const verdict = runBallots(shape, runs(t, 40_000, 8000), createRandom(SEED), false, false);
    assert.equal(verdict.disagreed + verdict.twice + verdict.lost + verdict.stuck, 0, replay);
    // Otherwise there was nothing to disagree about.
    assert.ok(verdict.split > 0);
    t.diagnostic(`${verdict.ballots} cycles, ${verdict.runs} runs; ${replay}`);
  });

  for (const stored of [false, true]) {
    const promises = stored ? "stored" : "forgotten";
    test(`PAX.2, LOG.5 to LOG.7: restarts, repeats, failing stores: ${name}, promises ${
      promises}`, (t) => {
      const { disagreed, twice, lost, stuck, restarts, repeats, ballots } = runBallots(
        { ...shape, stored }, runs(t, 40_000, 8000), createRandom(SEED), false, true);
      assert.deepEqual({ disagreed, twice, lost, stuck },
        { disagreed: 0, twice: 0, lost: 0, stuck: 0 }, replay);
      assert.ok(restarts > 0 && repeats > 0);
      t.diagnostic(`${ballots} cycles, ${restarts} restarts, ${repeats} repeats; ${replay}`);
    });
  }
}
