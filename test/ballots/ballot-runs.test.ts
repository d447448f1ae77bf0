/**
 * What boards decide and carry out in random runs, judged by nothing else. The campaign makes more.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { runBallots } from "./ballot-runs.js";
import { shapeOf } from "./ballots.js";

const PARTS: [string, Parameters<typeof shapeOf>, boolean, number, boolean?][] = [
  ["LBP, n=4, m=1", ["paxos", 4, 1], true, 6000],
  ["LBP, n=4, m=1, through OM", ["paxos", 4, 1], false, 1500],
  ["LBP, n=4, m=1, a log", ["paxos", 4, 1, 2], true, 2000],
  ["LBP, n=4, m=1, a log, boards lead in turn", ["paxos", 4, 1, 2, true], false, 800],
  ["LBP, n=7, m=2", ["paxos", 7, 2], true, 1000],
  ["LBP, n=7, m=2, through OM", ["paxos", 7, 2], false, 200],
  ["LBP that decides early, n=4, m=1", ["paxos", 4, 1], true, 4000, true],
  ["LBP that decides early, n=4, m=1, a log", ["paxos", 4, 1, 2], false, 1000, true],
  ["LBP that decides early, n=7, m=2", ["paxos", 7, 2], true, 1000, true],
  ["LFaB, n=6, m=1", ["fab", 6, 1], true, 2000],
  ["LFaB, n=6, m=1, through OM", ["fab", 6, 1], false, 300],
  ["LFaB, n=6, m=1, a log", ["fab", 6, 1, 3], true, 1000],
  ["LFaB, n=11, m=2", ["fab", 11, 2], true, 300],
];

for (const [name, kind, drawn, ballots, early = false] of PARTS) {
  const shape = { ...shapeOf(...kind), early };
  test(`LBP.5, LFAB.3, VL.3, LOG.2: nobody decides otherwise, all decide at once: ${name}`, (t) => {
    const verdict = runBallots(
      shape, runs(t, ballots, ballots / 4), createRandom(SEED), drawn, false);
    assert.equal(verdict.disagreed + verdict.twice + verdict.lost + verdict.stuck, 0, replay);
    // Otherwise there was nothing to disagree about.
    assert.ok(verdict.split > 0);
    t.diagnostic(`${verdict.ballots} ballots, ${verdict.runs} runs; ${replay}`);
  });

  for (const stored of [false, true]) {
    const promises = `promises ${stored ? "stored" : "forgotten"}`;
    test(`LOG.5 to LOG.7: restarts, repeats, failing stores: ${name}, ${promises}`, (t) => {
      const verdict = runBallots(
        { ...shape, stored }, runs(t, ballots, ballots / 4), createRandom(SEED), drawn,
        true);
      const { disagreed, twice, lost, stuck, restarts, repeats, unkept } = verdict;
      assert.deepEqual({ disagreed, twice, lost, stuck },
        { disagreed: 0, twice: 0, lost: 0, stuck: 0 }, replay);
      assert.ok(restarts > 0 && repeats > 0 && unkept > 0);
      t.diagnostic(`${verdict.ballots} ballots, ${verdict.runs} runs, ${restarts} restarts, ${
        repeats} repeats, ${unkept} writes failed; ${replay}`);
    });
  }
}
