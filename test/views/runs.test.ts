/** The product's boards in views, in random runs, judged by what they decide and carry out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runBallots } from "../ballots/ballot-runs.js";
import { shapeOf } from "../ballots/ballots.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";

/** n, m, decisions kept, cycles of a view; whether vectors are drawn; how many cycles. */
const PARTS: ["pbft" | "led fab", number, number, number, number, boolean, number][] = [
  ["pbft", 4, 1, 0, 2, true, 20_000], ["pbft", 4, 1, 0, 3, false, 8000],
  ["pbft", 4, 1, 2, 2, true, 20_000], ["pbft", 4, 1, 2, 3, false, 8000],
  ["pbft", 4, 1, 3, 5, true, 20_000], ["pbft", 7, 2, 2, 3, true, 6000],
  ["pbft", 7, 2, 0, 2, false, 2000], ["led fab", 6, 1, 0, 2, true, 10_000],
  ["led fab", 6, 1, 2, 3, true, 10_000], ["led fab", 6, 1, 3, 4, false, 3000],
  ["led fab", 11, 2, 0, 2, true, 2000],
];

for (const [kind, boards, traitors, keep, review, drawn, full] of PARTS) {
  const name = `${kind}, n=${boards}, ${keep ? `a log of ${keep}` : "once"}, views of ${review}${
    drawn ? "" : ", through OM"}`;
  const shape = shapeOf(kind, boards, traitors, keep, false, review);

  test(`PBFT.3, FAB.2, VIEW.5: nobody decides otherwise, all go on in F+2 views: ${name}`, (t) => {
    const verdict = runBallots(
      shape, runs(t, full, full / 4), createRandom(SEED), drawn, false);
    assert.equal(verdict.disagreed + verdict.twice + verdict.lost + verdict.stuck, 0, replay);
    // Otherwise there was nothing to disagree about.
    assert.ok(verdict.split > 0);
    t.diagnostic(`${verdict.ballots} cycles, ${verdict.runs} runs; ${replay}`);
  });

  for (const stored of [false, true]) {
    const promises = stored ? "stored" : "forgotten";
    test(`VIEW.1, LOG.5 to LOG.7: restarts, repeats, failing stores: ${name}, promises ${
      promises}`, (t) => {
      const { disagreed, twice, lost, stuck, restarts, repeats, ballots } = runBallots(
        { ...shape, stored }, runs(t, full, full / 4), createRandom(SEED), drawn, true);
      assert.deepEqual({ disagreed, twice, lost, stuck },
        { disagreed: 0, twice: 0, lost: 0, stuck: 0 }, replay);
      assert.ok(restarts > 0 && repeats > 0);
      t.diagnostic(`${ballots} cycles, ${restarts} restarts, ${repeats} repeats; ${replay}`);
    });
  }
}
