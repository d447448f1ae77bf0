/** COMMIT.1: what is not kept is not said. COMMIT.4, COMMIT.5: what a vote counts for, and when. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DecisionLog } from "../../firmware/ballots/decision-log.js";
import { ballotLayout } from "../../firmware/ballots/layout.js";
import { createVotes } from "../../firmware/ballots/phases.js";
import type { Algorithm } from "../../firmware/base/algorithm.js";
import { createThreePhase } from "../../firmware/core/three-phase.js";
import { createBallots, shapeOf } from "../ballots/ballots.js";

const PAXOS = ballotLayout({ ...shapeOf("paxos-commit", 3, 1, 2), stored: true }, 0, false);
/** Whether the board takes part: what its frame begins with. */
const TAKES_PART = PAXOS.levels[0]!;

for (const isKept of [true, false]) {
  test(`COMMIT.1: the store ${isKept ? "keeps" : "does not keep"} what it has come to`, () => {
    const arena = new Uint8Array(PAXOS.end);
    arena[TAKES_PART] = 1;
    const log = { ballot: 6, hold: () => isKept };
    const votes = createVotes(PAXOS, arena, new DataView(arena.buffer),
      log as unknown as DecisionLog, {} as Algorithm);
    assert.equal(votes.bind(), isKept);
    // If not, it says nothing more in this cycle.
    assert.deepEqual([log.ballot, arena[TAKES_PART]], isKept ? [6, 1] : [0, 0]);
  });
}

/** Presence of a vote that was said in this cycle first, and of one that was said in an earlier. */
const [NOW, EARLIER] = [1, 3];
const READY = 1;

/**
 * The coordinator of three boards, which has voted that it is ready.
 *
 * @param voted what it keeps of that
 * @param heard by board, the presence of the vote that it has heard; absent: nothing
 * @returns what it decides when `round` is over: whether to commit, if anything; and who was told
 */
const threePhase = (round: number, voted: number, heard: readonly (number | undefined)[]) => {
  const layout = ballotLayout(shapeOf("3pc", 3, 1, 2), 0, false);
  const { levels, body, heard: places, block } = layout;
  const arena = new Uint8Array(layout.end);
  const records = heard.map((_, board) => (board ? places + board * block : levels[0]!) + 1);
  for (const [board, at] of records.entries()) arena.set([heard[board] ?? 0, READY], at);
  arena[records[0]! + body] = voted;
  const decided: boolean[] = [];
  const log = { decide: (at: number) => decided.push(arena[at] === READY) };
  const agreement = { entry: (of: number) => (heard[of] === undefined ? -1 : records[of]!) };
  const phases = createThreePhase(layout, arena, new DataView(arena.buffer),
    log as unknown as DecisionLog, () => -1, agreement as unknown as Algorithm);
  phases.close(round);
  return { decided, told: arena[records[0]! + body + 1] };
};

test("COMMIT.4: a vote of an earlier cycle is none", () => {
  assert.deepEqual(threePhase(1, NOW, [NOW, NOW, NOW]), { decided: [], told: 1 });
  assert.deepEqual(threePhase(1, NOW, [NOW, NOW, EARLIER]), { decided: [false], told: 0 });
});

test("COMMIT.5: who voted in an earlier cycle aborts only where all but one are with it", () => {
  assert.deepEqual(threePhase(3, NOW, [NOW, undefined, undefined]), { decided: [false], told: 0 });
  assert.deepEqual(threePhase(3, EARLIER, [EARLIER, NOW, undefined]),
    { decided: [false], told: 0 });
  assert.deepEqual(threePhase(3, EARLIER, [EARLIER, undefined, undefined]),
    { decided: [], told: 0 });
});

test("COMMIT.3: who has forgotten what it stored says nothing more, ever", () => {
  const network = createBallots({ ...shapeOf("2pc", 3, 1, 2), stored: true });
  const run = (from: number, end: number) => {
    for (let cycle = from; cycle < end; cycle++) {
      network.run(cycle, new Int8Array(3).fill(READY), () => true, 0);
    }
  };
  run(0, 5);
  assert.ok(network.ballotOf(2) > 0);
  network.boards[2]!.store.clear();
  network.restart(2, 0);
  run(5, 40);
  assert.equal(network.ballotOf(2), 0);
});
