/** The same Byzantine Paxos under the virtual leader and under boards that lead in turn. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createBallots, shapeOf } from "./ballots.js";
import type { BallotChannel, Ballots } from "./ballots.js";

/** Ballots until all boards but those in `faulty` have decided, and what. */
const decide = (ballots: Ballots, faulty: number, channel: BallotChannel) => {
  const { boards } = ballots.shape;
  const correct = [...Array(boards).keys()].filter((board) => !((faulty >> board) & 1));
  const proposals = Int8Array.from({ length: boards }, (_, board) => 1 + (board & 1));
  for (let ballot = 0; ballot < 3 * boards; ballot++) {
    ballots.run(ballot, proposals, channel);
    const logs = correct.map((board) => ballots.boards[board]!.log);
    const values = new Set(logs.flat());
    assert.ok(values.size < 2);
    if (logs.every(({ length }) => length === 1)) return { ballots: ballot + 1, values };
  }
  return { ballots: Infinity, values: new Set<number>() };
};

/** Those in `faulty` say nothing at all. */
const silent = (faulty: number): BallotChannel =>
  (_, sender) => ((faulty >> sender) & 1) === 0;

for (const [boards, traitors] of [[4, 1], [7, 2]] as const) {
  const liars = (1 << traitors) - 1;

  describe(`n=${boards}, m=${traitors}`, () => {
    test("VL.3: the virtual leader needs one ballot of F+3 rounds, whoever is silent", (t) => {
      const ballots = createBallots(shapeOf("paxos", boards, traitors));
      assert.equal(ballots.boards[0]!.layout.rounds, traitors + 3);
      for (let faulty = 0; faulty < 1 << boards; faulty++) {
        const bits = [...Array(boards).keys()].filter((board) => (faulty >> board) & 1);
        if (bits.length > traitors) continue;
        const fresh = createBallots(shapeOf("paxos", boards, traitors));
        assert.equal(decide(fresh, faulty, silent(faulty)).ballots, 1);
      }
      t.diagnostic(`${traitors + 3} rounds`);
    });

    test("VL.4: boards that lead in turn need one more for every silent leader", (t) => {
      const ballots = createBallots(shapeOf("paxos", boards, traitors, 0, true));
      const { rounds } = ballots.boards[0]!.layout;
      assert.equal(rounds, traitors + 4);
      const found = decide(ballots, liars, silent(liars));
      assert.equal(found.ballots, traitors + 1);
      t.diagnostic(`${found.ballots * rounds} rounds where the first ${traitors} leaders lie`);
      const honest = createBallots(shapeOf("paxos", boards, traitors, 0, true));
      assert.equal(decide(honest, 0, silent(0)).ballots, 1);
    });

    test("VL.4: a leader that tells each board another value stops its ballot, no more", () => {
      const ballots = createBallots(shapeOf("paxos", boards, traitors, 0, true));
      const split: BallotChannel = (round, sender, receiver, arena, at) => {
        if ((liars >> sender) & 1 && round === traitors + 2) {
          arena[at] = 1;
          arena[at + 1] = 1 + (receiver & 1);
        }
        return true;
      };
      const found = decide(ballots, liars, split).ballots;
      assert.ok(found > 1 && found <= traitors + 1, `${found}`);
    });

    test("VL.1: what one leader began, the next one must finish", () => {
      // All votes of ballot 0 are sent, and only the last board hears them.
      const last = boards - 1;
      const ballots = createBallots(shapeOf("paxos", boards, traitors, 0, true));
      const { rounds } = ballots.boards[0]!.layout;
      const ones = new Int8Array(boards).fill(1);
      ballots.run(0, ones, (round, _, receiver) => round < rounds || receiver === last);
      assert.deepEqual(ballots.boards.map(({ log }) => log.length),
        [...ones].map((_, board) => board === last ? 1 : 0));
      const twos = new Int8Array(boards).fill(2);
      ballots.run(1, twos, (_, sender) => sender !== last);
      for (const { log } of ballots.boards) assert.deepEqual(log, [1]);
    });
  });
}

test("VL.2, LBP.2: a record taken from hearsay alone is not the same for all", () => {
  // Board 0 tells each board another record in round 1; in the vector it is one and the same.
  const ballots = createBallots(shapeOf("paxos", 4, 1));
  const { bitmaps, body } = ballots.boards[0]!.layout;
  const split: BallotChannel = (round, sender, receiver, arena, at) => {
    if (sender === 0 && round === 1) {
      arena[at] = 1;
      arena[at + bitmaps[1]! + 1] = receiver;
      arena[at + bitmaps[1]! + body] = 0;
    }
    return true;
  };
  assert.equal(decide(ballots, 1, split).ballots, 1);
});
