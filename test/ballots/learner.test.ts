/** Learners of FaB with a leader: LEARN.2 to LEARN.5, by the product's cores. */
import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { HUB } from "../../firmware/base/layout.js";
import { ballotLayout } from "../../firmware/ballots/layout.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { runBallots } from "./ballot-runs.js";
import { createBallots, shapeOf } from "./ballots.js";
import type { BallotChannel, Ballots } from "./ballots.js";

const REVIEW = 4;
const KEEP = 3;
const [CLAIMS, VOTES] = [3, 4];
const SHAPE = shapeOf("led fab", 6, 1, KEEP, false, REVIEW);
const LEARNER = 6;

const honest: BallotChannel = () => true;
/** The learner hears nothing. */
const deaf: BallotChannel = (_round, _sender, receiver) => receiver < LEARNER;

/** Cycles one after the other, in each of which all propose one more than its number. */
const play = (ballots: Ballots, from: number, to: number, channel: BallotChannel) => {
  for (let cycle = from; cycle <= to; cycle++) {
    ballots.run(cycle, new Int8Array(7).fill(1 + cycle), channel);
  }
};

const logOf = (ballots: Ballots, board = LEARNER) => [...ballots.boards[board]!.log];
/** Where the claim or the vote of a board has its parts. */
const { slot, ring } = ballotLayout(SHAPE, 0, false);

describe("LEARN.1: what a learner has room for", () => {
  it("is its record, and what boards say of themselves", () => {
    const [board, own, hub] = [0, LEARNER, HUB].map((self) => ballotLayout(SHAPE, self, false));
    assert.equal(own!.learner, true);
    assert.equal(board!.learner, false);
    assert.equal(hub!.learner, false);
    assert.equal(own!.heard, 1 + own!.width);
    assert.equal(own!.block, own!.payloads[1]);
    assert.equal(own!.mac - own!.heard, 6 * own!.payloads[1]!);
    // It sends nothing, and what comes is as long as for all others.
    assert.equal(own!.receive, own!.transmit);
    assert.equal(own!.end - own!.receive, board!.end - board!.receive);
    assert.deepEqual(own!.payloads, board!.payloads);
    assert.deepEqual([own!.word, own!.overhead, own!.quorum], [1, 7, 5]);
    assert.equal(own!.routeAt.at(-1), 0);
  });
});

describe("LEARN.2: what F+1 boards say was decided", () => {
  it("is learnt in a fast cycle, as soon as it is heard again", () => {
    const ballots = createBallots({ ...SHAPE, stored: true }, false, 1);
    play(ballots, 0, 1, deaf);
    assert.deepEqual(logOf(ballots), []);
    play(ballots, 2, 2, honest);
    assert.deepEqual(logOf(ballots), [2, 3]);
  });

  it("is learnt in a review, K decisions at once", () => {
    const ballots = createBallots(SHAPE, false, 1);
    play(ballots, 0, 3, deaf);
    assert.deepEqual(logOf(ballots, 0), [2, 3, 4]);
    // LEARN.4: of what it learns at once it carries out the last, as it may have forgotten.
    play(ballots, 4, 4, honest);
    assert.deepEqual(logOf(ballots), [-1, -1, 4]);
    const stored = createBallots({ ...SHAPE, stored: true }, false, 1);
    play(stored, 0, 3, deaf);
    play(stored, 4, 4, honest);
    assert.deepEqual(logOf(stored), [2, 3, 4]);
  });

  it("is skipped where nobody keeps it any more (LOG.4)", () => {
    const ballots = createBallots({ ...SHAPE, stored: true }, false, 1);
    play(ballots, 0, 11, deaf);
    assert.deepEqual(logOf(ballots, 0), [2, 3, 4, 6, 7, 8, 10, 11, 12]);
    play(ballots, 12, 12, honest);
    const log = logOf(ballots);
    assert.equal(log.length, 9);
    assert.deepEqual(log.slice(-2), [11, 12]);
  });

  it("is not, where F say so", () => {
    const ballots = createBallots({ ...SHAPE, stored: true }, false, 1);
    play(ballots, 0, 1, deaf);
    // Only board 5 is heard, which has truly decided.
    play(ballots, 2, 8, (_round, sender, receiver) => receiver < LEARNER || sender === 5);
    assert.deepEqual(logOf(ballots), []);
    // And a second board is enough.
    play(ballots, 9, 12, (_round, sender, receiver) => receiver < LEARNER || sender > 3);
    assert.deepEqual(logOf(ballots).slice(-3), [10, 11, 12]);
  });

  it("and what is relayed teaches it nothing", () => {
    const ballots = createBallots(SHAPE, false, 1);
    play(ballots, 0, 3, deaf);
    play(ballots, 4, 4, (round, _sender, receiver) => receiver < LEARNER || round === 2);
    assert.deepEqual(logOf(ballots), []);
  });
});

describe("LEARN.3: n-F equal votes", () => {
  const heard = (votes: number): BallotChannel => (round, sender, receiver) =>
    receiver < LEARNER || round !== VOTES || sender < votes;

  it("teach it in the cycle in which the boards decide", () => {
    const ballots = createBallots(SHAPE, false, 1);
    play(ballots, 0, 1, heard(5));
    assert.deepEqual(logOf(ballots), [2]);
  });

  it("and one less does not", () => {
    const ballots = createBallots(SHAPE, false, 1);
    play(ballots, 0, 1, heard(4));
    assert.deepEqual(logOf(ballots), []);
  });

  it("nor do votes whose claims were not heard (VIEW.5)", () => {
    const ballots = createBallots(SHAPE, false, 1);
    play(ballots, 0, 1, (round, sender, receiver) =>
      receiver < LEARNER || round !== CLAIMS || sender < 4);
    assert.deepEqual(logOf(ballots), []);
  });

  it("nor votes for a slot in which it is not", () => {
    const ballots = createBallots(SHAPE, false, 1);
    play(ballots, 0, 1, (round, sender, receiver, arena, at) => {
      // Two of them say that they are further than they are.
      if (receiver === LEARNER && round === CLAIMS && sender > 3) arena[at + slot] = 1;
      return true;
    });
    assert.deepEqual(logOf(ballots), []);
  });

  it("nor what they propose in a review, as if they had voted for it", () => {
    const ballots = createBallots(SHAPE, false, 1);
    for (let cycle = 0; cycle <= 4; cycle++) {
      ballots.run(cycle, new Int8Array(7), (round) => round !== VOTES);
    }
    assert.deepEqual(logOf(ballots), []);
  });

  it("nor what boards said they had decided before they did", () => {
    const ballots = createBallots(SHAPE, false, 1);
    play(ballots, 0, 1, (round, sender, receiver, arena, at) => {
      if (receiver !== LEARNER) return true;
      // One liar claims a decision of its own.
      if (round === CLAIMS && sender === 5) {
        arena[at + slot + 4] = 3;
        arena[at + ring] = 99;
      }
      return round <= CLAIMS;
    });
    assert.deepEqual(logOf(ballots), []);
  });
});

describe("LEARN.4: what a learner writes down", () => {
  const writesOf = (stored: boolean) => {
    const ballots = createBallots({ ...SHAPE, stored }, false, 1);
    let writes = 0;
    ballots.fate = (board) => {
      if (board === LEARNER) writes++;
      return "done";
    };
    return { ballots, writes: () => writes };
  };

  it("is what it carries out, and that outlasts its power", () => {
    const { ballots, writes } = writesOf(true);
    play(ballots, 0, 7, honest);
    assert.deepEqual(logOf(ballots), [2, 3, 4, 6, 7, 8]);
    assert.equal(writes(), 6);
    ballots.restart(LEARNER);
    const before = logOf(ballots).length;
    play(ballots, 8, 9, honest);
    assert.deepEqual(logOf(ballots).slice(before - 1), [8, 10]);
    assert.equal(writes(), 7);
  });

  it("is nothing where promises are forgotten: of what it learns it carries out the last", () => {
    const { ballots, writes } = writesOf(false);
    play(ballots, 0, 7, honest);
    assert.deepEqual(logOf(ballots), [2, 3, 4, 6, 7, 8]);
    ballots.restart(LEARNER);
    play(ballots, 8, 8, honest);
    assert.deepEqual(logOf(ballots), [-1, -1, -1, -1, -1, 8]);
    play(ballots, 9, 9, honest);
    assert.equal(logOf(ballots).at(-1), 10);
    assert.equal(writes(), 0);
  });

  it("and once it is past its bound, it carries out all that it learns (LOG.5)", () => {
    const ballots = createBallots(SHAPE, false, 1);
    play(ballots, 0, 7, honest);
    play(ballots, 8, 10, deaf);
    play(ballots, 11, 12, honest);
    assert.deepEqual(logOf(ballots).slice(6), [10, 11, 12]);
  });
});

/** n, m, decisions kept, cycles of a view; whether vectors are drawn; how many cycles. */
const PARTS: [number, number, number, number, boolean, number][] = [
  [6, 1, 0, 2, true, 10_000], [6, 1, 2, 2, true, 10_000], [6, 1, 2, 3, true, 10_000],
  [6, 1, 3, 4, false, 3000], [11, 2, 2, 3, true, 4000],
];

for (const [boards, traitors, keep, review, drawn, full] of PARTS) {
  const name = `n=${boards}, ${keep ? `a log of ${keep}` : "once"}, views of ${review}${
    drawn ? "" : ", through OM"}`;
  const shape = shapeOf("led fab", boards, traitors, keep, false, review);
  for (const stored of [false, true]) {
    const promises = stored ? "stored" : "forgotten";
    test(`LEARN.5: liars, losses, restarts, repeats, failing stores: ${name}, promises ${
      promises}`, (t) => {
      const many = runs(t, full, full / 4);
      for (const troubled of [false, true]) {
        const verdict = runBallots({ ...shape, stored }, many, createRandom(SEED), drawn, troubled,
          undefined, 2);
        const { disagreed, twice, lost, stuck, split } = verdict;
        assert.deepEqual({ disagreed, twice, lost, stuck },
          { disagreed: 0, twice: 0, lost: 0, stuck: 0 }, replay);
        assert.ok(split > 0);
      }
    });
  }
}

/** Without a log: what is taken for a decision, with one less of those who say so. */
for (const [what, weaker] of [["F claims", { lies: 0 }], ["n-F-1 votes", { quorum: 4 }]] as const) {
  test(`just outside, of LEARN.5: ${what} are taken for enough, and a lie is learnt`, () => {
    const { disagreed } = runBallots(shapeOf("led fab", 6, 1, 0, false, 2), 4000,
      createRandom(SEED), true, false, undefined, 1, weaker);
    assert.ok(disagreed > 0);
  });
}
