/** Who leads a view, and what a board says in it: VIEW.2 to VIEW.5, PBFT.1 to PBFT.3, by hand. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createBallots, shapeOf } from "../ballots/ballots.js";
import type { BallotChannel, Ballots } from "../ballots/ballots.js";

const REVIEW = 4;
const [CLAIMS, VOTES, LAST] = [3, 4, 5];
const SHAPE = shapeOf("pbft", 4, 1, 2, false, REVIEW);

type Lie = (round: number, receiver: number, arena: Uint8Array, at: number) => void;

/** Board 3 lies in some way; vectors are drawn, so that what it reports is what all hear. */
const lying = (lie: Lie): BallotChannel => (round, sender, receiver, arena, at) => {
  if (sender === 3) lie(round, receiver, arena, at);
  return true;
};
const honest: BallotChannel = () => true;

const leadersOf = ({ boards }: Ballots) => boards.slice(0, 3).map(({ arena, layout }) =>
  arena[layout.levels[0]! + 1 + layout.lead]!);
const logsOf = ({ boards }: Ballots) => boards.map(({ log }) => [...log]);
const same = <Item>(item: Item) => [item, item, item];

/** Cycles one after the other, in each of which board b proposes 10 * (cycle + 1) + b. */
const play = (ballots: Ballots, from: number, to: number, channel: BallotChannel) => {
  for (let cycle = from; cycle <= to; cycle++) {
    ballots.run(cycle, [0, 1, 2, 3].map((board) => 10 * (cycle + 1) + board), channel);
  }
};

describe("VIEW.4: the leader of a view", () => {
  it("stays as long as each view decides, and what it proposes is decided (PBFT.1)", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 8, honest);
    assert.deepEqual(leadersOf(ballots), same(0));
    // Nothing is decided in the reviews, which are the cycles 0, 4 and 8.
    assert.deepEqual(logsOf(ballots)[1], [20, 30, 40, 60, 70, 80]);
    // Only a leader proposes, and nobody claims what it does not know.
    const said: number[][] = [];
    const other = createBallots(SHAPE);
    play(other, 0, 2, (round, sender, receiver, arena, at) => {
      if (round === CLAIMS && receiver === 2) said.push([sender, arena[at]!, arena[at + 6]!]);
      return true;
    });
    assert.deepEqual(said, [[0, 3, 0], [1, 2, 0], [3, 2, 0], [0, 3, 3], [1, 2, 3], [3, 2, 3]]);
  });

  it("is deposed once F+1 complain, and not before", () => {
    const ballots = createBallots(SHAPE);
    const { lead } = ballots.boards[0]!.layout;
    // The leader is never heard; nobody can complain of what was before the first review.
    const mute: BallotChannel = (round, sender) => sender !== 0 || round < CLAIMS;
    play(ballots, 0, 3, mute);
    assert.deepEqual(leadersOf(ballots), same(0));
    play(ballots, 4, 7, mute);
    assert.deepEqual(leadersOf(ballots), same(1));
    assert.ok(ballots.boards.slice(1).every(({ log }) => log.length === 3));
    // Nor does it help a leader that it was good once: its first view of silence is its last.
    const late = createBallots(SHAPE);
    play(late, 0, 3, honest);
    play(late, 4, 7, mute);
    assert.deepEqual(leadersOf(late), same(0));
    play(late, 8, 9, mute);
    assert.deepEqual(leadersOf(late), same(1));
    assert.ok(late.boards.slice(1).every(({ log }) => log.length === 4));
    const alone = createBallots(SHAPE, true);
    play(alone, 0, 12, lying((round, _receiver, arena, at) => {
      if (round === 0) arena[at + lead + 4] = 1;
    }));
    assert.deepEqual(leadersOf(alone), same(0));
  });

  it("is not who a liar says, however high its number or low", () => {
    for (const number of [200, 0]) {
      const ballots = createBallots(SHAPE, true);
      const { lead } = ballots.boards[0]!.layout;
      for (const { arena, layout } of ballots.boards) arena[layout.levels[0]! + 1 + lead] = 6;
      play(ballots, 0, 4, lying((round, _receiver, arena, at) => {
        if (round === 0) arena[at + lead] = number;
      }));
      assert.deepEqual(leadersOf(ballots), same(6), String(number));
    }
  });

  it("VIEW.3: who has decided once and for all does not complain", () => {
    const ballots = createBallots(shapeOf("pbft", 4, 1, 0, false, REVIEW));
    play(ballots, 0, 17, honest);
    assert.deepEqual(leadersOf(ballots), same(0));
    assert.deepEqual(logsOf(ballots), [[20], [20], [20], [20]]);
    // Nor if nobody else knows of it.
    const alone = createBallots(shapeOf("pbft", 4, 1, 0, false, REVIEW));
    play(alone, 0, 0, honest);
    play(alone, 1, 1, (round, _sender, receiver) => round < LAST || receiver === 0);
    play(alone, 4, 4, honest);
    assert.deepEqual(alone.boards.map(({ arena, layout }) =>
      arena[layout.levels[0]! + 1 + layout.lead + 4]), [0, 1, 1, 1]);
  });
});

it("VIEW.3: who hears a decision again that it knew before the view complains", () => {
  const ballots = createBallots(SHAPE);
  play(ballots, 0, 0, honest);
  // Only board 0 learns of it; in the next view the others come to it by votes, which all hear.
  play(ballots, 1, 1, (round, _sender, receiver) => round < LAST || receiver === 0);
  play(ballots, 4, 5, honest);
  assert.deepEqual(logsOf(ballots), [[20], [20], [20], [20]]);
  assert.deepEqual(ballots.boards.map(({ arena, layout }) =>
    arena[layout.levels[0]! + 1 + layout.lead + 4]), [1, 0, 0, 0]);
});

describe("VIEW.2: a board votes once", () => {
  it("and says it again when the leader says something else, or nothing", () => {
    // Boards 1 and 2 hear the leader in cycle 1, and no votes; then it proposes another value.
    const ballots = createBallots(SHAPE);
    const said: number[][] = [];
    const watch = (round: number, sender: number, arena: Uint8Array, at: number) => {
      if (round === VOTES && sender === 1) said.push([arena[at]! & 1, arena[at + 1]!]);
    };
    play(ballots, 0, 0, honest);
    play(ballots, 1, 1, (round, sender, receiver, arena, at) => {
      if (receiver === 2) watch(round, sender, arena, at);
      return round < VOTES && !(sender === 0 && receiver === 3);
    });
    play(ballots, 2, 2, (round, sender, receiver, arena, at) => {
      if (receiver === 2) watch(round, sender, arena, at);
      if (sender === 0 && round === CLAIMS) arena[at + 1] = 99;
      return round < LAST;
    });
    play(ballots, 3, 3, (round, sender, receiver, arena, at) => {
      if (receiver === 2) watch(round, sender, arena, at);
      return sender !== 0;
    });
    assert.deepEqual(said, [[1, 20], [1, 20], [1, 20]]);
  });

  it("PBFT.1: and the leader proposes that to those that have not heard it", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 0, honest);
    play(ballots, 1, 1, (_round, sender, receiver) => !(sender === 0 && receiver > 1));
    assert.deepEqual(logsOf(ballots), [[], [], [], []]);
    play(ballots, 2, 2, honest);
    assert.deepEqual(logsOf(ballots), [[20], [20], [20], [20]]);
  });

  it("PBFT.1: a leader's claim of a decision is a proposal, and what it proposes is for the next",
    () => {
      const ballots = createBallots(SHAPE);
      play(ballots, 0, 0, honest);
      // Only board 1 learns of the decision. The others complain, and it leads.
      play(ballots, 1, 1, (round, _sender, receiver) => round < LAST || receiver === 1);
      play(ballots, 4, 4, honest);
      assert.deepEqual(leadersOf(ballots), same(1));
      assert.deepEqual(logsOf(ballots), [[], [20], [], []]);
      play(ballots, 5, 5, honest);
      assert.deepEqual(logsOf(ballots), [[20], [20], [20], [20]]);
      // Of the next slot the records say something else.
      play(ballots, 6, 6, honest);
      assert.deepEqual(logsOf(ballots), [[20, 71], [20, 71], [20, 71], [20, 71]]);
    });

  it("PBFT.2: not for what its own vector does not allow", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 0, honest);
    // Boards 0, 1 and 2 have sent 2b for 20 in the first view; only board 0 hears them.
    play(ballots, 1, 1, (round, _sender, receiver) => round < LAST || receiver === 0);
    assert.deepEqual(logsOf(ballots), [[20], [], [], []]);
    play(ballots, 4, 4, honest);
    // In the second the leader, with power again, proposes something else.
    play(ballots, 5, 5, (round, sender, _receiver, arena, at) => {
      if (sender === 0 && round === CLAIMS) arena.fill(99, at + 1, at + 2);
      if (sender === 0 && round === CLAIMS) arena[at + 6] = 0;
      return true;
    });
    assert.ok(logsOf(ballots).every((log) => log.length === 0 || log[0] === 20));
    play(ballots, 6, 7, honest);
    assert.ok(logsOf(ballots).every((log) => log[0] === 20 && log.length > 1));
  });
});

describe("FaB: a board accepts once in a view", () => {
  const FAST = shapeOf("led fab", 6, 1, 2, false, REVIEW);
  const run = (ballots: Ballots, from: number, to: number, channel: BallotChannel) => {
    for (let cycle = from; cycle <= to; cycle++) {
      ballots.run(cycle, [0, 1, 2, 3, 4, 5].map((board) => 10 * (cycle + 1) + board), channel);
    }
  };
  const decided = ({ boards }: Ballots) => boards.map(({ log }) => log.join());
  const none = Array<string>(6).fill("");

  it("VIEW.2: and says it again when the leader says something else", () => {
    const ballots = createBallots(FAST);
    const said: number[] = [];
    run(ballots, 0, 0, honest);
    run(ballots, 1, 1, (round) => round < VOTES);
    run(ballots, 2, 2, (round, sender, receiver, arena, at) => {
      if (round === CLAIMS && sender === 0) arena[at + 1] = 99;
      if (round === VOTES && receiver === 2) said.push(arena[at + 1]!);
      return round < VOTES;
    });
    assert.deepEqual(said, [20, 20, 20, 20, 20]);
    assert.deepEqual(decided(ballots), none);
  });

  it("FAB.1: and the leader proposes that to those that have not heard it", () => {
    const ballots = createBallots(FAST);
    run(ballots, 0, 0, honest);
    run(ballots, 1, 1, (_round, sender, receiver) => !(sender === 0 && receiver > 2));
    assert.deepEqual(decided(ballots), none);
    run(ballots, 2, 2, honest);
    assert.deepEqual(decided(ballots), Array<string>(6).fill("20"));
  });
});

describe("VIEW.5: claims", () => {
  it("bring a board on that missed a decision, in the next fast cycle", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 0, honest);
    play(ballots, 1, 1, (round, _sender, receiver) => round < LAST || receiver !== 2);
    assert.deepEqual(logsOf(ballots)[2], []);
    play(ballots, 2, 2, honest);
    assert.deepEqual(logsOf(ballots), [[20, 30], [20, 30], [20, 30], [20, 30]]);
  });

  it("have votes count for the slot that they are for, and for none without them", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 0, honest);
    // Nobody's claims but the leader's reach board 2: it hears votes, and counts none.
    play(ballots, 1, 1, (round, sender, receiver) =>
      round !== CLAIMS || receiver !== 2 || sender === 0);
    assert.deepEqual(logsOf(ballots), [[20], [20], [], [20]]);
    // A vote for the slot behind its own is none either.
    const other = createBallots(SHAPE);
    play(other, 0, 0, honest);
    play(other, 1, 1, (round, _sender, receiver, arena, at) => {
      if (round === LAST && receiver === 2) arena[at]! += 2;
      return true;
    });
    assert.deepEqual(logsOf(other), [[20], [20], [], [20]]);
  });

  it("are not made of what a board could not write down that it carries out", () => {
    const ballots = createBallots({ ...SHAPE, stored: true });
    play(ballots, 0, 0, honest);
    let [acting, claims] = [false, 0];
    ballots.acting = () => {
      acting = true;
    };
    ballots.acted = () => {
      acting = false;
    };
    ballots.fate = (board) => (board === 1 && acting ? "refused" : "done");
    play(ballots, 1, 1, honest);
    assert.deepEqual(logsOf(ballots), [[20], [], [20], [20]]);
    play(ballots, 2, 2, (round, sender, _receiver, arena, at) => {
      if (round === CLAIMS && sender === 1) claims += arena[at]!;
      return true;
    });
    assert.equal(claims, 0);
    // It is carried out once that can be written, and nothing is lost.
    assert.deepEqual(logsOf(ballots), [[20, 30], [], [20, 30], [20, 30]]);
    ballots.fate = () => "done";
    play(ballots, 3, 3, honest);
    assert.deepEqual(logsOf(ballots)[1], [20, 30]);
  });
});

describe("VIEW.1: a board that says nothing that binds in a view", () => {
  const ballotsOf = ({ boards }: Ballots) => boards.map(({ ledger }) => ledger.ballot);

  it("did not hear its review open, or a fast cycle, or is told of another view", () => {
    const ballots = createBallots(SHAPE);
    ballots.run(0, [1, 1, 1, 1], honest, 0b100);
    assert.deepEqual(ballotsOf(ballots), [1, 1, 0, 1]);
    ballots.run(1, [1, 1, 1, 1], honest);
    assert.deepEqual(ballotsOf(ballots), [1, 1, 0, 1]);
    ballots.run(2, [1, 1, 1, 1], honest, 0b10);
    assert.deepEqual(ballotsOf(ballots), [1, 0, 0, 1]);
    ballots.run(3, [1, 1, 1, 1], honest);
    assert.deepEqual(ballotsOf(ballots), [1, 1, 0, 1]);
    // The hub goes on within a view that was never opened.
    ballots.run(6, [1, 1, 1, 1], honest);
    assert.deepEqual(ballotsOf(ballots), [0, 0, 0, 0]);
    ballots.run(8, [1, 1, 1, 1], honest);
    assert.deepEqual(ballotsOf(ballots), [9, 9, 9, 9]);
    // Numbers that come again bind nobody.
    ballots.run(8, [1, 1, 1, 1], honest);
    assert.deepEqual(ballotsOf(ballots), [0, 0, 0, 0]);
  });

  it("did not hear its review end: VIEW.4, it would go by records of the view before", () => {
    const ballots = createBallots(SHAPE);
    play(ballots, 0, 3, honest);
    const { ledger } = ballots.boards[2]!;
    ledger.fast = false;
    ledger.open(4);
    assert.equal(ballotsOf(ballots)[2], 5);
    play(ballots, 5, 5, honest);
    assert.equal(ballotsOf(ballots)[2], 0);
    play(ballots, 8, 9, honest);
    assert.deepEqual(ballotsOf(ballots), [9, 9, 9, 9]);
  });

  it("was restarted in it", () => {
    for (const stored of [false, true]) {
      const ballots = createBallots({ ...SHAPE, stored });
      play(ballots, 0, 1, honest);
      ballots.restart(2);
      play(ballots, 2, 2, honest);
      assert.equal(ballotsOf(ballots)[2], 0);
      // It reads, and carries out: of what it forgot only the last.
      assert.deepEqual(logsOf(ballots)[2]!.at(-1), 30);
      play(ballots, 3, 8, honest);
      assert.equal(ballotsOf(ballots)[2], stored ? 9 : ballotsOf(ballots)[2]);
    }
  });
});
