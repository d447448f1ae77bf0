/** Paxos without leases: that it may never decide, and that it is safe (DUEL.1 to DUEL.4). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ballotLayout } from "../../firmware/ballots/layout.js";
import { createBallots, shapeOf } from "../ballots/ballots.js";
import type { BallotChannel, Ballots } from "../ballots/ballots.js";
import { runBallots } from "../ballots/ballot-runs.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";

const [RECORDS, REQUESTS] = [1, 2];
const SHAPE = shapeOf("duel", 3, 1, 2);
const ONCE = shapeOf("duel", 3, 1);
const heardAll: BallotChannel = () => true;
const logsOf = ({ boards }: Ballots) => boards.map(({ log }) => [...log]);

/** Cycles in which board b reads 10 * (cycle + 1) + b. */
const play = (ballots: Ballots, from: number, to: number, channel: BallotChannel = heardAll) => {
  for (let cycle = from; cycle <= to; cycle++) {
    ballots.run(cycle, [0, 1, 2].map((board) => 10 * (cycle + 1) + board), channel);
  }
};

/** By board, what its record promises and has accepted: whose, the ballot, and the value. */
const numbersOf = ({ boards }: Ballots) => boards.map(({ arena, layout: { levels, body } }) => {
  const at = levels[0]! + 1 + body;
  return [arena[at], arena[at + 1], arena[at + 5], arena[at + 6], arena[at + 10]];
});

/** Whom a board hears in the round of requests: a bit each, by receiver. */
const hearing = (...whom: readonly number[]): BallotChannel => (round, sender, receiver) =>
  round !== REQUESTS || ((whom[receiver]! >> sender) & 1) > 0;

describe("DUEL.1, DUEL.3: who asks overtakes whoever has been promised something", () => {
  for (const [boards, traitors] of [[3, 1], [4, 1], [5, 2]] as const) {
    it(`decides nothing in 500 cycles in time: ${boards} boards`, () => {
      const ballots = createBallots(shapeOf("duel", boards, traitors, 2));
      for (let cycle = 0; cycle < 500; cycle++) {
        ballots.run(cycle, ballots.boards.map((_, board) => board + 1), heardAll);
      }
      assert.ok(logsOf(ballots).every((log) => log.length === 0));
    });
  }

  it("nor where only two are left: one accepts, which is not more than half", () => {
    const ballots = createBallots(ONCE);
    play(ballots, 0, 500, (_, sender, receiver) => sender !== 0 && receiver !== 0);
    assert.deepEqual(logsOf(ballots), [[], [], []]);
  });

  it("goes: cycle 0 promises to c, cycle 1 to b; c sends its value in vain", () => {
    const ballots = createBallots(ONCE);
    play(ballots, 0, 0);
    assert.deepEqual(numbersOf(ballots).map((one) => one.slice(0, 2)), [[2, 1], [2, 1], [2, 1]]);
    const sent: number[] = [];
    play(ballots, 1, 1, (round, sender, receiver, arena, at) => {
      if (round === REQUESTS && receiver === 0) sent.push(sender, arena[at]!, arena[at + 1]!);
      return true;
    });
    // Board b asks; c sends what most of the boards read, of three different ones the last.
    assert.deepEqual(sent.filter((_, at) => at % 3 < 2), [1, 2, 2, 1]);
    assert.deepEqual(numbersOf(ballots).map((one) => one.slice(0, 4)),
      [[1, 2, 0, 0], [1, 2, 0, 0], [1, 2, 0, 0]]);
  });
});

describe("DUEL.2 to DUEL.4: what is asked for, promised, sent and accepted", () => {
  it("is decided where the others' asking is lost, a cycle after it is sent", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 0);
    play(ballots, 1, 1, hearing(0b100, 0b100, 0b000));
    assert.deepEqual(logsOf(ballots), [[], [], []]);
    play(ballots, 2, 2);
    const [log] = logsOf(ballots);
    assert.equal(log!.length, 1);
    for (const other of logsOf(ballots)) assert.deepEqual(other, log);
    // The next slot is a duel again.
    play(ballots, 3, 40);
    assert.deepEqual(logsOf(ballots)[0], log);
  });

  it("binds: what one has accepted is what the next sends, whatever it reads", () => {
    const ballots = createBallots(ONCE);
    play(ballots, 0, 0);
    // Board a alone hears the value of c, and nothing else.
    play(ballots, 1, 1, hearing(0b100, 0b101, 0b011));
    const [value] = numbersOf(ballots)[0]!.slice(4);
    assert.ok(numbersOf(ballots)[0]![3]! > 0 && !numbersOf(ballots)[1]![3]);
    // In cycle 2 board a promises c, which sees then what a has accepted.
    play(ballots, 2, 2);
    const sent: number[] = [];
    play(ballots, 3, 3, (round, _sender, _receiver, arena, at) => {
      if (round === REQUESTS && arena[at] === 1) sent.push(arena[at + 1]!);
      return true;
    });
    assert.deepEqual([...new Set(sent)], [value]);
  });

  it("does not lead by promises for a number of a cycle before the last", () => {
    const ballots = createBallots(ONCE);
    play(ballots, 0, 0);
    const sent: number[] = [];
    ballots.run(3, [1, 2, 3], (round, sender, _receiver, arena, at) => {
      if (round === REQUESTS && arena[at] === 1) sent.push(sender);
      return true;
    });
    assert.deepEqual(sent, []);
  });

  it("counts accepted and promised numbers only where they are the same, cycle and board", () => {
    // What the two others' records say to board a in cycle 5, when c has asked in cycle 4.
    const told = (own: readonly number[], other: readonly number[]) => {
      const ballots = createBallots(ONCE);
      play(ballots, 0, 4);
      const sent: number[] = [];
      play(ballots, 5, 5, (round, sender, receiver, arena, at) => {
        if (round === REQUESTS && receiver === 1 && arena[at] === 1) {
          sent.push(sender, arena[at + 1]!);
        }
        const body = at + 1 + ballots.boards[0]!.layout.body;
        if (round === RECORDS && receiver === 0) {
          const [whose, cycle, by, during, value = 77] = sender === 1 ? own : other;
          arena.set([whose!, cycle!, 0, 0, 0, by!, during!, 0, 0, 0, value], body);
        }
        return true;
      });
      const at = sent.findIndex((sender, place) => place % 2 === 0 && sender === 0);
      return { decided: logsOf(ballots)[0], sends: at >= 0, value: sent[at + 1] };
    };
    assert.deepEqual(told([2, 5, 2, 4], [2, 5, 2, 4]).decided, [77]);
    assert.deepEqual(told([2, 5, 2, 4], [2, 5, 2, 3]).decided, []);
    assert.deepEqual(told([2, 5, 2, 4], [2, 5, 1, 4]).decided, []);
    assert.equal(told([0, 5, 0, 0], [0, 5, 0, 0]).sends, true);
    assert.equal(told([0, 4, 0, 0], [0, 4, 0, 0]).sends, false);
    assert.equal(told([1, 5, 0, 0], [1, 5, 0, 0]).sends, false);
    // Of two that were accepted it sends the later one; in one cycle, that of the higher board.
    assert.equal(told([0, 5, 2, 3, 66], [0, 5, 1, 4, 77]).value, 77);
    assert.equal(told([0, 5, 1, 4, 66], [0, 5, 2, 3, 77]).value, 66);
    assert.equal(told([0, 5, 1, 4, 66], [0, 5, 2, 4, 77]).value, 77);
    assert.equal(told([0, 5, 2, 4, 66], [0, 5, 1, 4, 77]).value, 66);
  });

  it("counts more than half, of four boards not half", () => {
    const four = createBallots(shapeOf("duel", 4, 1));
    four.run(0, [1, 1, 1, 1], heardAll);
    four.run(1, [1, 1, 1, 1], hearing(0b1000, 0b1000, 0b1011, 0b0111));
    four.run(2, [1, 1, 1, 1], heardAll);
    assert.deepEqual(logsOf(four), [[], [], [], []]);
  });

  it("says nothing where it has forgotten, nor promises, until LOG.5 lets it", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 4);
    ballots.restart(1);
    const said: number[] = [];
    play(ballots, 5, 5, (_round, sender, _receiver, arena, at) => {
      if (sender === 1) said.push(arena[at]! & 3);
      return true;
    });
    assert.deepEqual([...new Set(said)], [0]);
    assert.equal(numbersOf(ballots)[1]![1], 0);
  });

  it("asks for nothing once it has decided", () => {
    const ballots = createBallots(ONCE);
    play(ballots, 0, 0);
    play(ballots, 1, 1, hearing(0b100, 0b100, 0b000));
    play(ballots, 2, 2);
    const asking: number[] = [];
    play(ballots, 3, 4, (round, _sender, _receiver, arena, at) => {
      if (round === REQUESTS) asking.push(arena[at]!);
      return true;
    });
    assert.deepEqual([...new Set(asking)], [0]);
  });

  it("keeps what it has promised where it takes no part", () => {
    const ballots = createBallots({ ...ONCE, stored: true });
    play(ballots, 0, 4);
    const [before] = numbersOf(ballots);
    // It has heard the next cycle open once, and takes no part where it opens again.
    ballots.boards[0]!.ledger.open(5);
    play(ballots, 5, 5);
    assert.deepEqual(numbersOf(ballots)[0], before);
    assert.ok(before![1]! > 0 && numbersOf(ballots)[1]![1] === 6);
  });

  it("BALLOT.11: has room for all: a record of three boards, once, has 13 bytes", () => {
    const layout = ballotLayout(ONCE, 0, false);
    assert.deepEqual([layout.body, layout.width, layout.rounds, layout.exchanges], [2, 13, 2, 1]);
    assert.deepEqual(layout.payloads.slice(1), [14, 2]);
    assert.equal(ballotLayout(SHAPE, 0, false).payloads[RECORDS], 1 + 2 + 5 + 2 + 11);
  });
});

describe("random runs", () => {
  for (const [boards, traitors, keep] of [[3, 1, 0], [3, 1, 2], [4, 1, 2], [5, 2, 0]] as const) {
    for (const stored of [false, true]) {
      it(`n=${boards}, ${keep ? "a log" : "once"}, ${stored ? "stored" : "forgotten"}`, (t) => {
        const verdict = runBallots({ ...shapeOf("duel", boards, traitors, keep), stored },
          runs(t, 40_000, 8000), createRandom(SEED), false, true);
        const { disagreed, twice, lost, stuck, runs: all } = verdict;
        assert.deepEqual({ disagreed, twice, lost }, { disagreed: 0, twice: 0, lost: 0 }, replay);
        // Some decide, by luck, and most do not go on.
        assert.ok(stuck > 0 && stuck < all);
        t.diagnostic(`${verdict.ballots} cycles, ${all} runs, ${stuck} that did not go on`);
      });
    }
  }
});
