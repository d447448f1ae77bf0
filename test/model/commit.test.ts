/** Commit on a model: what two and three phases keep, and what breaks them (docs/commit.md). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exploreCommit } from "./commit.js";
import type { CommitRules } from "./commit.js";

const TWO: CommitRules = { boards: 3, three: false, relayed: false, impatient: false };
const THREE: CommitRules = { boards: 3, three: true, relayed: true, impatient: false };

/** Two outcomes, and yet AC2 and AC3. */
const splits = (rules: CommitRules, most: number, parted = false) => {
  const { split, unready, refused, blocked } = exploreCommit(rules, most, parted);
  assert.ok(split > 0);
  assert.deepEqual([unready, refused, blocked], [0, 0, 0]);
};

describe("AC1, AC2, AC3: what commit keeps", () => {
  test("COMMIT.1, COMMIT.2: two phases never split, whatever crashes or is parted", (t) => {
    for (const boards of [2, 3]) {
      const laws = exploreCommit({ ...TWO, boards }, 2, true);
      assert.deepEqual([laws.split, laws.unready, laws.refused], [0, 0, 0]);
      t.diagnostic(`n=${boards}: ${laws.runs} runs, ${laws.blocked} blocked`);
    }
  });

  test("AC5, COMMIT.3: but one crash blocks a board that is ready, and a partition does", () => {
    assert.ok(exploreCommit(TWO, 1).blocked > 0);
    assert.ok(exploreCommit(TWO, 0, true).blocked > 0);
    assert.equal(exploreCommit(TWO, 0).blocked, 0);
  });

  test("COMMIT.3: who does not wait splits", () => {
    splits({ ...TWO, impatient: true }, 1);
  });

  test("COMMIT.4, COMMIT.5: three phases neither split nor block with one crash in time", (t) => {
    for (const boards of [2, 3, 4]) {
      const laws = exploreCommit({ ...THREE, boards }, 1);
      assert.deepEqual([laws.split, laws.unready, laws.refused, laws.blocked], [0, 0, 0, 0]);
      t.diagnostic(`n=${boards}: ${laws.runs} runs`);
    }
  });
});

describe("what breaks three phases", () => {
  test("a partition: two outcomes", () => {
    splits(THREE, 0, true);
  });

  test("two crashes, of which one is of who alone was told", () => {
    splits({ ...THREE, boards: 4 }, 2);
  });

  test("COMMIT.5: one crash, where acknowledgements go to the coordinator alone", () => {
    splits({ ...THREE, relayed: false }, 1);
  });
});
