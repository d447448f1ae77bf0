/** COMMIT.1: what is not kept is not said. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DecisionLog } from "../../firmware/ballots/decision-log.js";
import { ballotLayout } from "../../firmware/ballots/layout.js";
import { createVotes } from "../../firmware/ballots/phases.js";
import type { Algorithm } from "../../firmware/base/algorithm.js";
import { shapeOf } from "../ballots/ballots.js";

const layout = ballotLayout({ ...shapeOf("paxos-commit", 3, 1, 2), stored: true }, 0, false);
/** Whether the board takes part: what its frame begins with. */
const TAKES_PART = layout.levels[0]!;

for (const isKept of [true, false]) {
  test(`COMMIT.1: the store ${isKept ? "keeps" : "does not keep"} what it has come to`, () => {
    const arena = new Uint8Array(layout.end);
    arena[TAKES_PART] = 1;
    const log = { ballot: 6, hold: () => isKept };
    const votes = createVotes(layout, arena, new DataView(arena.buffer),
      log as unknown as DecisionLog, {} as Algorithm);
    assert.equal(votes.bind(), isKept);
    // If not, it says nothing more in this cycle.
    assert.deepEqual([log.ballot, arena[TAKES_PART]], isKept ? [6, 1] : [0, 0]);
  });
}
