/** The product's boards of each commit, in random runs: AC1 to AC5 within the fault model. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shapeOf } from "../ballots/ballots.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { runCommits } from "./runs.js";
import type { World } from "./runs.js";

type Name = "2pc" | "3pc" | "paxos-commit";

/** n, m, decisions kept, whether promises are stored, what may go wrong, AC5: within. */
const PARTS: [Name, number, number, number, boolean, World, number][] = [
  ["2pc", 2, 1, 2, true, "any", 1], ["2pc", 3, 1, 2, true, "any", 1],
  ["2pc", 4, 1, 4, true, "any", 1],
  ["3pc", 2, 1, 3, false, "crash", 1], ["3pc", 3, 1, 2, false, "crash", 1],
  ["3pc", 4, 1, 3, false, "crash", 1],
  ["paxos-commit", 3, 1, 2, false, "any", 4], ["paxos-commit", 3, 1, 3, true, "any", 4],
  ["paxos-commit", 4, 1, 2, true, "any", 4], ["paxos-commit", 5, 2, 2, false, "any", 5],
];

for (const [name, boards, traitors, keep, stored, world, within] of PARTS) {
  test(`AC1 to AC5: ${name}, n=${boards}, a log of ${keep}, ${
    stored ? "stored" : "forgotten"}`, (t) => {
    const shape = { ...shapeOf(name, boards, traitors, keep), stored };
    const verdict = runCommits(shape, runs(t, 60_000, 6000), createRandom(SEED), world, within);
    const { split, unready, refused, stuck, twice, lost } = verdict;
    assert.deepEqual({ split, unready, refused, stuck, twice, lost },
      { split: 0, unready: 0, refused: 0, stuck: 0, twice: 0, lost: 0 }, replay);
    assert.ok(verdict.commits > 0 && verdict.aborts > 0 && verdict.restarts > 0);
    assert.equal(verdict.blocked > 0, world === "any");
    t.diagnostic(`${verdict.cycles} cycles, ${verdict.runs} runs, ${verdict.restarts} restarts, ${
      verdict.repeats} repeats, ${verdict.unkept} writes failed; ${replay}`);
  });
}

test("outside of it: 3PC under partitions and losses splits", () => {
  const verdict = runCommits(shapeOf("3pc", 3, 1, 2), 3000, createRandom(SEED), "any", 1);
  assert.ok(verdict.split > 0);
  assert.deepEqual([verdict.unready, verdict.refused], [0, 0], replay);
});
