/** Who leads under Paxos, and what is proposed and accepted: PAX.1 to PAX.5, by hand. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createBallots, shapeOf } from "../ballots/ballots.js";
import type { BallotChannel, Ballots } from "../ballots/ballots.js";

const REVIEW = 4;
const [THERE, RECORDS, CLAIMS, VOTES] = [1, 2, 3, 4];
const SHAPE = shapeOf("multi-paxos", 3, 1, 2, false, REVIEW);
const ONCE = shapeOf("multi-paxos", 3, 1, 0, false, REVIEW);

const heardAll: BallotChannel = () => true;
const logsOf = ({ boards }: Ballots) => boards.map(({ log }) => [...log]);
const namedBy = ({ boards }: Ballots) => boards.map(({ arena, layout }) =>
  arena[layout.levels[0]! + 1 + layout.lead]!);

/** Cycles one after the other, in each of which board b proposes 10 * (cycle + 1) + b. */
const play = (ballots: Ballots, from: number, to: number, channel: BallotChannel, deaf = 0) => {
  for (let cycle = from; cycle <= to; cycle++) {
    ballots.run(cycle, [0, 1, 2].map((board) => 10 * (cycle + 1) + board), channel, deaf);
  }
};

/** Only `pairs`, sender and receiver, are heard in `rounds`. */
const without = (lost: (round: number, sender: number, receiver: number) => boolean) =>
  (round: number, sender: number, receiver: number) => !lost(round, sender, receiver);

describe("PAX.1, PAX.2: who is named", () => {
  it("is the highest board that says it is there, and what it reads is decided", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 8, heardAll);
    assert.deepEqual(namedBy(ballots), [2, 2, 2]);
    for (const log of logsOf(ballots)) assert.deepEqual(log, [22, 32, 42, 62, 72, 82]);
  });

  it("is the next where that is silent, in the first view in time", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 3, without((_, sender) => sender === 2));
    assert.deepEqual(namedBy(ballots).slice(0, 2), [1, 1]);
    // The silent one hears and learns; by one claim it adopts, and by votes it decides.
    for (const log of logsOf(ballots)) assert.deepEqual(log, [21, 31, 41]);
  });

  it("is not who takes part in no view: it does not say that it is there", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 1, heardAll);
    ballots.restart(2);
    play(ballots, 4, 5, heardAll);
    assert.deepEqual(namedBy(ballots).slice(0, 2), [1, 1]);
    assert.equal(ballots.ballotOf(2), 0);
    assert.deepEqual(logsOf(ballots)[0], [22, 61]);
  });
});

describe("PAX.3: who leads", () => {
  it("is named by more than half, itself included, and its records are heard", () => {
    // Board 2 is named by all, and hears no record; nobody else leads.
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 3, without((round, _, receiver) => round === RECORDS && receiver === 2));
    assert.deepEqual(logsOf(ballots), [[], [], []]);
    play(ballots, 4, 5, heardAll);
    assert.deepEqual(logsOf(ballots), [[62], [62], [62]]);
  });

  it("does not lead the next view by the records of the one before", () => {
    const ballots = createBallots(ONCE);
    const proposed: number[] = [];
    const watch = (lost: (round: number) => boolean): BallotChannel =>
      (round, sender, receiver, arena, at) => {
        if (round === CLAIMS && receiver === 0 && arena[at]! & 1) proposed.push(sender);
        return !lost(round);
      };
    play(ballots, 0, 1, watch((round) => round === VOTES));
    assert.deepEqual(proposed, [2]);
    // It hears the next review open, and no more of it; nor do the others, of any of it.
    const { ledger } = ballots.boards[2]!;
    ledger.fast = false;
    ledger.open(4);
    play(ballots, 5, 5, watch(() => false));
    assert.equal(ballots.ballotOf(2), 5);
    assert.deepEqual(proposed, [2]);
  });

  it("is not named by who takes part in no view", () => {
    // Boards 0 and 2 accept 22. Then 0 forgets, and 2 is away: 1 is alone, whomever 0 would name.
    const ballots = createBallots(ONCE);
    const proposed: number[] = [];
    play(ballots, 0, 1, without((round, _, receiver) => round >= CLAIMS && receiver === 1));
    ballots.restart(0);
    play(ballots, 4, 5, (round, sender, receiver, arena, at) => {
      if (round === CLAIMS && sender === 1 && arena[at]! & 1) proposed.push(sender);
      return sender !== 2 && receiver !== 2;
    });
    assert.deepEqual(proposed, []);
  });

  it("names nobody twice: two boards never lead one view", () => {
    // Boards 0 and 1 do not hear 2 say that it is there; it hears itself, and alone names itself.
    const ballots = createBallots(SHAPE);
    const leaders = new Set<number>();
    play(ballots, 0, 3, (round, sender, receiver, arena, at) => {
      if (round === CLAIMS && arena[at]! & 1) leaders.add(sender);
      return !(round === THERE && sender === 2 && receiver < 2);
    });
    assert.deepEqual(namedBy(ballots), [1, 1, 2]);
    assert.deepEqual([...leaders], [1]);
    for (const log of logsOf(ballots)) assert.deepEqual(log, [21, 31, 41]);
  });
});

describe("PAX.4: what a leader proposes", () => {
  it("is what was accepted last among those who named it", () => {
    // View 0: board 2 leads, and 0 alone hears it. View 1: 2 is gone, and 1 leads with 0's record.
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 1, without((round, _, receiver) =>
      (round === CLAIMS && receiver === 1) || round === VOTES));
    assert.deepEqual(logsOf(ballots), [[], [], []]);
    play(ballots, 4, 5, without((_, sender, receiver) => sender === 2 || receiver === 2));
    assert.deepEqual(logsOf(ballots), [[22], [22], []]);
  });

  it("is the latest of two", () => {
    const ballots = createBallots(ONCE);
    // View 0: board 2 alone accepts 22. View 1: 2 is away; 1 leads, and alone accepts 61.
    play(ballots, 0, 1, without((round) => round >= CLAIMS));
    play(ballots, 4, 5, without((round, sender, receiver) =>
      round >= CLAIMS || sender === 2 || receiver === 2));
    const accepted = ballots.boards.map(({ arena, layout }) =>
      arena[layout.levels[0]! + 1 + layout.body + 4]!);
    assert.deepEqual(accepted, [0, 61, 22]);
    // View 2: all are there, and 2 leads: its own is older.
    play(ballots, 8, 9, heardAll);
    assert.deepEqual(logsOf(ballots), [[61], [61], [61]]);
  });

  it("is one value for each slot in a view, though nobody heard it, and it did not either", () => {
    const ballots = createBallots(SHAPE);
    const proposed: number[] = [];
    const watch = (lost: boolean): BallotChannel => (round, sender, receiver, arena, at) => {
      if (round === CLAIMS && sender === 2 && receiver === 0) proposed.push(arena[at + 1]!);
      return !lost;
    };
    play(ballots, 0, 0, watch(false));
    // It says its proposal, and the end of that round never comes to it.
    ballots.between = (round) => {
      if (round === VOTES && ballots.past.at(-1)!.ballot === 1) ballots.repeat(
        2, ballots.past.at(-1)!, 0, 0, () => false);
    };
    play(ballots, 1, 1, watch(true));
    ballots.between = () => undefined;
    play(ballots, 2, 2, watch(false));
    assert.deepEqual(proposed, [22, 22]);
  });

  it("is the default order where it reads nothing, which is 0 here", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 0, heardAll);
    ballots.run(1, [10, 11, -1], heardAll);
    assert.deepEqual(logsOf(ballots), [[0], [0], [0]]);
  });
});

describe("PAX.5: accepted by more than half is decided", () => {
  it("and by half is not, of four boards", () => {
    const four = createBallots(shapeOf("multi-paxos", 4, 1, 2, false, REVIEW));
    const propose = (cycle: number) => [0, 1, 2, 3].map((board) => 10 * (cycle + 1) + board);
    four.run(0, propose(0), heardAll);
    four.run(1, propose(1), without((round, sender, receiver) =>
      round === CLAIMS && sender === 3 && receiver < 2));
    assert.deepEqual(logsOf(four), [[], [], [], []]);
    // VIEW.2: both say it again, and a third hears it now.
    four.run(2, propose(2), without((round, sender, receiver) =>
      round === CLAIMS && sender === 3 && receiver < 1));
    // Board 0 did not hear the claim of 3, and so its vote counts for nothing there (VIEW.5).
    assert.deepEqual(logsOf(four), [[], [23], [23], [23]]);
  });

  it("is kept with the whole number of its view, which has four bytes", () => {
    const ballots = createBallots(ONCE);
    const first = 2 ** 24;
    play(ballots, first, first + 1, heardAll);
    for (const { arena, layout } of ballots.boards) {
      const at = layout.levels[0]! + 1 + layout.body;
      assert.deepEqual([...arena.subarray(at, at + 4)], [1, 0, 0, 1]);
    }
  });

  it("is heard by one claim: who was away takes it from any board (LOG.2)", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 2, without((_, sender, receiver) => sender === 0 || receiver === 0));
    assert.deepEqual(logsOf(ballots), [[], [22, 32], [22, 32]]);
    play(ballots, 3, 3, without((round, sender, receiver) =>
      round === CLAIMS && sender === 2 && receiver === 0));
    // In that cycle it is not with the others yet: a claim has the last decision only.
    play(ballots, 4, 5, heardAll);
    const [first, second] = logsOf(ballots);
    assert.deepEqual(first!.slice(-2), second!.slice(-2));
  });
});
