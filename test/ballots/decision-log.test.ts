/** The log, and boards that come back without their memory. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RECORDS, createBallots, shapeOf } from "./ballots.js";
import type { BallotChannel, Ballots } from "./ballots.js";

const honest: BallotChannel = () => true;
/** Board `board` neither hears nor is heard. */
const without = (board: number): BallotChannel => (_, sender, receiver) =>
  sender !== board && receiver !== board;

/** Ballots `from` .. `end`-1, in each of which all propose its number, from 1 to 100. */
const run = (
  ballots: Ballots, from: number, end: number, channel: BallotChannel = honest, deaf = 0,
): void => {
  for (let ballot = from; ballot < end; ballot++) {
    const proposals = new Int8Array(ballots.shape.boards).fill(1 + ballot % 100);
    ballots.run(ballot, proposals, channel, deaf);
  }
};

const logs = (ballots: Ballots): (readonly number[])[] => ballots.boards.map(({ log }) => log);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
/** What `board` said in the last ballot, after the reports: whether it said anything. */
const spoke = (ballots: Ballots, board: number): boolean => {
  const { arena, layout } = ballots.boards[board]!;
  return (arena[layout.levels[layout.rounds - 1]!]! & 1) > 0;
};

for (const [algorithm, boards] of [["paxos", 4], ["fab", 6]] as const) {
  describe(`${algorithm}, n=${boards}, m=1`, () => {
    test("LOG.3: a slot a ballot, while the network is synchronous", () => {
      const ballots = createBallots(shapeOf(algorithm, boards, 1, 3));
      run(ballots, 0, 40);
      for (const log of logs(ballots)) assert.deepEqual(log, upTo(40));
    });

    test("LOG.2: who misses fewer than K decisions has all of them one ballot later", () => {
      const ballots = createBallots(shapeOf(algorithm, boards, 1, 4));
      run(ballots, 0, 2);
      run(ballots, 2, 5, without(1));
      assert.equal(ballots.boards[1]!.log.length, 2);
      run(ballots, 5, 6);
      for (const log of logs(ballots)) assert.deepEqual(log, upTo(6));
    });

    test("LOG.4: who misses more skips what nobody keeps any more, and says so", () => {
      const ballots = createBallots(shapeOf(algorithm, boards, 1, 4));
      run(ballots, 0, 2);
      run(ballots, 2, 20, without(1));
      run(ballots, 20, 21);
      const { log } = ballots.boards[1]!;
      // LOG.7: the slot of this very ballot would have been a fifth.
      assert.equal(log.length, 20);
      const skipped = log.filter((value) => value < 0).length;
      assert.ok(skipped >= 18 - 4 && skipped <= 18 - 2, `${skipped}`);
      run(ballots, 21, 22);
      assert.equal(log.length, 22);
      log.forEach((value, slot) => {
        if (value >= 0) assert.equal(value, slot + 1);
      });
    });

    test("LOG.4: skips only what F+1 boards are K slots past", () => {
      const ballots = createBallots(shapeOf(algorithm, boards, 1, 3), true);
      const { ring } = ballots.boards[0]!.layout;
      // Board 1 hears the others' slots, but no two claims that are equal; and nothing else.
      const garbled: BallotChannel = (round, sender, receiver, arena, at) => {
        if (sender === 1 || receiver !== 1) return sender !== 1;
        if (round > RECORDS) return false;
        for (let of = 0; of < 3; of++) arena[at + ring + of] = 100 + sender;
        return true;
      };
      run(ballots, 0, 1);
      run(ballots, 1, 5, garbled);
      assert.equal(ballots.boards[1]!.ledger.acted, 1);
      run(ballots, 5, 6, garbled);
      const { ledger, log, arena, layout: { levels, slot } } = ballots.boards[1]!;
      assert.equal(ledger.acted, 2);
      assert.deepEqual(log, [1]);
      // It claims nothing of what it skipped, and holds no order of it.
      assert.equal(arena[levels[0]! + 1 + slot + 4], 0);
      assert.equal(ledger.recall(), -1);
    });

    test("LOG.7: what is decided and cannot be kept is carried out later, and not skipped", () => {
      const ballots = createBallots({ ...shapeOf(algorithm, boards, 1, 3), stored: true });
      ballots.fate = (board) => (board === 1 ? "refused" : "done");
      run(ballots, 0, 8);
      assert.equal(ballots.boards[1]!.ledger.acted, 0);
      ballots.fate = () => "done";
      run(ballots, 8, 12);
      const { log } = ballots.boards[1]!;
      assert.deepEqual(log.slice(0, 2), [1, 2]);
      assert.ok(log.length > 8);
    });

    test("LOG.3: a record of a later slot is \u22a5, its proposal too", () => {
      const ballots = createBallots(shapeOf(algorithm, boards, 1, 3), true);
      const { slot } = ballots.boards[0]!.layout;
      for (const ahead of [0, 1]) {
        run(ballots, ahead, ahead + 1, (round, sender, receiver, arena, at) => {
          if (round === RECORDS && sender === 1 && ahead && receiver !== 1) arena[at + slot] = 9;
          return true;
        });
        assert.equal(ballots.boards[0]!.ledger.entry(1) < 0, ahead > 0);
        assert.ok(ballots.boards[0]!.ledger.entry(2) >= 0);
      }
    });

    test("LOG.1: a slot that is decided again is still claimed once", () => {
      const ballots = createBallots(shapeOf(algorithm, boards, 1, 3));
      const { layout: { rounds, levels, slot }, arena } = ballots.boards[0]!;
      run(ballots, 0, 1, (round, _, receiver) => round < rounds || receiver === 0);
      run(ballots, 1, 2);
      assert.deepEqual(logs(ballots), Array.from({ length: boards }, () => [1]));
      assert.equal(arena[levels[0]! + 1 + slot + 4], 1 * 2 + 1);
    });

    test("LOG.2: F equal claims are not enough", () => {
      // Board 0 alone has decided, and says so; the others hear each other's reports only.
      const ballots = createBallots(shapeOf(algorithm, boards, 1));
      const { rounds } = ballots.boards[0]!.layout;
      run(ballots, 0, 1, (round, _, receiver) => round < rounds || receiver === 0);
      run(ballots, 1, 2, (round) => round <= 2);
      assert.deepEqual(logs(ballots).map(({ length }) => length),
        Array.from({ length: boards }, (_, board) => board === 0 ? 1 : 0));
    });

    test("LOG.5: once, who was restarted is silent for good, and learns", () => {
      const ballots = createBallots(shapeOf(algorithm, boards, 1));
      run(ballots, 0, 1, (round) => round < 2);
      ballots.restart(2);
      run(ballots, 1, 2);
      assert.ok(!spoke(ballots, 2));
      assert.equal(ballots.ballotOf(2), 0);
      for (const log of logs(ballots)) assert.deepEqual(log, [2]);
    });

    test("LOG.5: in a log, who was restarted speaks again from a slot that began after", () => {
      const ballots = createBallots(shapeOf(algorithm, boards, 1, 4));
      run(ballots, 0, 10);
      ballots.restart(2);
      const silent: number[] = [];
      for (let ballot = 10; ballot < 20; ballot++) {
        run(ballots, ballot, ballot + 1);
        if (ballots.ballotOf(2) === 0) silent.push(ballot);
      }
      // Slot 10 and 11 may have been open; the others were at 9, decided, when it came back.
      assert.deepEqual(silent, [10, 11]);
      assert.ok(spoke(ballots, 2));
      const expected = upTo(20);
      ballots.boards[2]!.log.forEach((value, slot) => {
        if (value >= 0) assert.equal(value, expected[slot]);
      });
      assert.equal(ballots.boards[2]!.log.length, 20);
    });

    test("LOG.5: who misses an opening says nothing that binds, and may decide", () => {
      const ballots = createBallots(shapeOf(algorithm, boards, 1));
      run(ballots, 0, 1, () => false);
      run(ballots, 1, 2, honest, 1 << 3);
      assert.equal(ballots.ballotOf(3), 0);
      assert.ok(!spoke(ballots, 3));
      for (const log of logs(ballots)) assert.deepEqual(log, [2]);
    });

    test("LOG.5: a ballot that has been binds nobody again", () => {
      const ballots = createBallots(shapeOf(algorithm, boards, 1));
      run(ballots, 0, 6, () => false);
      run(ballots, 5, 6);
      run(ballots, 3, 4);
      assert.deepEqual(logs(ballots), Array.from({ length: boards }, () => []));
      run(ballots, 6, 7);
      for (const log of logs(ballots)) assert.deepEqual(log, [7]);
    });
  });
}

test("LOG.5: what a board did before it was restarted is not forgotten by the network", () => {
  // Board 0 decides 1 by the votes of 0, 1 and 2 in ballot 0. Then 2 loses its memory, 0 falls
  // silent, and 3 would be the third of another quorum: were 2 to speak, for 2.
  const ballots = createBallots(shapeOf("paxos", 4, 1));
  run(ballots, 0, 1, (round, sender, receiver) =>
    sender !== 3 && receiver !== 3 && (round < 4 || receiver === 0));
  assert.deepEqual(logs(ballots).map((log) => log.join()), ["1", "", "", ""]);
  ballots.restart(2);
  run(ballots, 1, 9, without(0));
  assert.deepEqual(logs(ballots).map((log) => log.join()), ["1", "", "", ""]);
  run(ballots, 9, 10);
  for (const log of logs(ballots)) assert.deepEqual(log, [1]);
});
