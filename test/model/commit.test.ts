/** Commit on a model: what two and three phases keep, and what breaks them (docs/commit.md). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exploreCommit } from "./commit.js";
import type { CommitRules } from "./commit.js";
import { explorePaxosCommit, paxosCommitRules } from "./explore-commit.js";
import type { PaxosCommitRules } from "./explore-commit.js";

const LONG = process.env["TAGMA_LONG"] === "1";

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

/** Boards, ballots, and how many states there are, so that it is seen when one is left out. */
const WHOLE: readonly (readonly [number, number, number])[] = [
  [2, 4, 501], [3, 2, 7247], ...(LONG ? [[3, 3, 21_622] as const] : []),
];

describe("PC.1 to PC.5: AC1, AC2 and AC4 hold in all states", () => {
  for (const [boards, ballots, states] of WHOLE) {
    test(`n=${boards}, ${ballots} ballots`, () => {
      const found = explorePaxosCommit(paxosCommitRules(boards, ballots));
      assert.deepEqual([found.split, found.unready, found.states], [0, 0, states]);
      assert.ok(found.decided > 0 && found.open > 0);
    });
  }
});

/** Which rule is taken out, and the boards and ballots in which that is seen. */
const LESS: readonly (readonly [string, number, number, Partial<PaxosCommitRules>])[] = [
  ["PC.1: fewer than half decide", 3, 2, { decides: 1 }],
  ["PC.4: half name a leader", 2, 3, { leads: 1 }],
  ["PC.4: a leader aborts, whatever was accepted", 3, 2, { settles: "never" }],
  ...(LONG ? [
    ["PC.2: votes are accepted after a board was named", 3, 3, { closes: false }] as const,
    ["PC.4: a leader forgets what was accepted later", 3, 3, { bound: false }] as const,
  ] : []),
];

describe("Paxos Commit without a rule breaks", () => {
  for (const [name, boards, ballots, less] of LESS) {
    test(`AC1, ${name}`, () => {
      const found = explorePaxosCommit(paxosCommitRules(boards, ballots, less));
      assert.ok(found.split > 0);
      assert.equal(found.unready, 0);
    });
  }

  test("AC2, PC.4: a leader commits where it knows of none that is not ready", () => {
    const found = explorePaxosCommit(paxosCommitRules(3, 2, { settles: "unless refused" }));
    assert.ok(found.unready > 0);
    assert.equal(found.split, 0);
  });
});
