/** A ballot in which all boards vote alike decides a round earlier: when that is carried out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BallotShape } from "../../firmware/ballots/layout.js";
import { shapeOf } from "../ballots/ballots.js";
import { NAIVE_HUB } from "../frame/naive-codec.js";
import { networkOf } from "../topology/drive.js";
import { createBallotStar } from "./ballot-star.js";
import { createNodeWire } from "./node-wire.js";

const ALWAYS = { cut: Infinity, torn: () => [], away: 0 };
const SHAPES: [string, BallotShape][] = [
  ["a log", shapeOf("paxos", 4, 1, 2)], ["once", shapeOf("paxos", 4, 1)],
  ["a log, promises stored", { ...shapeOf("paxos", 4, 1, 2), stored: true }],
  ["a log, boards lead in turn", shapeOf("paxos", 4, 1, 2, true)],
  ["n=7, m=2, a log", shapeOf("paxos", 7, 2, 2)],
];

for (const [name, plain] of SHAPES) {
  const early = { ...plain, early: true };
  const starOf = (shape: BallotShape) => createBallotStar(shape, () => 7, ALWAYS);
  const { rounds } = starOf(plain).layout;

  test(`EARLY.1, EARLY.3: all vote alike, and nothing of the last round comes: ${name}`, () => {
    const isLast = (round: number, sender: number) =>
      round > rounds || (round === rounds && sender !== NAIVE_HUB);
    for (const [shape, decided] of [[early, [[0, 7]]], [plain, []]] as const) {
      const star = starOf(shape);
      star.run(0, isLast);
      for (const one of star.decided) assert.deepEqual(one, decided);
    }
  });

  test(`EARLY.3: after its own last frame, once, and nothing else meanwhile: ${name}`, () => {
    const star = starOf(early);
    star.run(0, () => false);
    star.run(1, () => false);
    const slots = plain.keep ? [0, 1] : [0];
    for (const [board, acts] of star.acts.entries()) {
      assert.deepEqual(acts.filter(({ slot }) => slot !== undefined), slots.map((slot) => ({
        cycle: slot, round: rounds, said: (slot + 1) * rounds, slot, shown: slot,
        vector: Array<number>(plain.boards).fill(7),
      })), `board ${board}`);
      // Once: in the next cycle it does what is done meanwhile.
      assert.equal(acts.length, 2);
    }
  });

  test(`EARLY.1: where one board is not heard it is as ever: ${name}`, () => {
    const star = starOf(early);
    star.run(0, (round, sender, to) => round === rounds - 1 && sender === 1 && to === 0);
    assert.deepEqual(star.acts[0]!.map(({ round, slot }) => [round, slot]), [[rounds + 1, 0]]);
    assert.deepEqual(star.acts[2]!.map(({ round, slot }) => [round, slot]), [[rounds, 0]]);
    const lying = starOf(early);
    lying.alter = (_cycle, round, sender, payload) =>
      (round === rounds - 1 && sender === 3 ? [1, 8, ...payload.slice(2)] : payload);
    lying.run(0, () => false);
    for (const acts of lying.acts.slice(0, 3)) {
      assert.deepEqual(acts.map(({ round, slot }) => [round, slot]), [[rounds + 1, 0]]);
    }
  });
}

test("EARLY.3: who missed the closing beacon does what is done meanwhile in the next cycle", () => {
  const star = createBallotStar(
    { ...shapeOf("paxos", 4, 1, 2), early: true, safe: true }, () => 7, ALWAYS);
  star.run(0, (round) => round > star.layout.rounds);
  assert.deepEqual(star.orders, [7, 7, 7, 7]);
  star.run(1, (round, sender) => round > 1 && sender !== NAIVE_HUB);
  assert.deepEqual(star.orders, [0, 0, 0, 0]);
  assert.deepEqual(star.acts[0]!.map(({ slot }) => slot), [0, undefined]);
});

test("EARLY.3: so does who then misses the last round's beacon as well", () => {
  const star = createBallotStar(
    { ...shapeOf("paxos", 4, 1, 2), early: true, safe: true }, () => 7, ALWAYS);
  const { rounds } = star.layout;
  star.run(0, (round) => round > rounds);
  star.run(1, (round, sender) =>
    round === rounds || (round > 1 && round < rounds && sender !== NAIVE_HUB));
  assert.deepEqual(star.orders, [0, 0, 0, 0]);
});

test("EARLY.3, LOG.2: what it learns from others it carries out then too, and no earlier", () => {
  const star = createBallotStar({ ...shapeOf("paxos", 4, 1, 2), early: true }, () => 7, ALWAYS);
  const { rounds } = star.layout;
  star.run(0, (round, _sender, to) => to === 0 && round >= rounds - 1);
  star.run(1, () => false);
  assert.deepEqual(star.acts[0]!.map(({ cycle, round, slot }) => [cycle, round, slot]),
    [[1, rounds, 0], [1, rounds, 1]]);
});

const WIRE = networkOf(4, 1, { algorithm: "lbp", keep: 2, early: true, wiring: "wire" });

/** Four boards on one wire; says how often each has acted after each board's turn to speak. */
const runWire = (
  cycles: number, lost: (cycle: number, round: number, to: number) => boolean,
  seen: (acts: number[], cycle: number, round: number, speaker: number) => void,
) => {
  const { boards, tell } = createNodeWire(WIRE, lost);
  const turn = (cycle: number, round: number, speaker: number) => {
    tell(cycle, round, speaker);
    seen(boards.map((board) => board.state().acts), cycle, round, speaker);
  };
  for (let cycle = 0; cycle < cycles; cycle++) {
    for (let round = 1; round <= WIRE.rounds; round++) {
      for (let speaker = 0; speaker < 4; speaker++) turn(cycle, round, speaker);
    }
    turn(cycle, 0, NAIVE_HUB);
  }
};

test("EARLY.3: on a shared wire it is when its own frame has left", () => {
  runWire(2, () => false, (acts, cycle, round, speaker) => {
    const done = acts.map((_, board) =>
      cycle + (!round || (round === WIRE.rounds && board <= speaker) ? 1 : 0));
    assert.deepEqual(acts, done, `cycle ${cycle}, round ${round}, board ${speaker} speaks`);
  });
});

test("EARLY.3, LOG.2: on a shared wire too it carries out no earlier what it learns", () => {
  const first: number[] = [];
  runWire(2, (cycle, round, to) => to === 0 && cycle === 0 && round >= WIRE.rounds - 1,
    (acts, cycle, round) => {
      if (cycle === 1) (first[round] ??= acts[0]!);
    });
  // What is done meanwhile at the end of cycle 0; then both slots, once its last frame has left.
  assert.deepEqual(first, [3, ...Array<number>(WIRE.rounds - 1).fill(1), 3]);
});

test("EARLY.3, LOG.6: what is not written down is not carried out early, nor at the end", () => {
  const shape = { ...shapeOf("paxos", 4, 1, 2), early: true, stored: true };
  const star = createBallotStar(shape, () => 7, ALWAYS);
  const { rounds } = star.layout;
  // Written down before its 2b, and then for its decision: the second write of the last round.
  let writes = 0;
  star.fate = (board, cycle, round) => {
    if (board || cycle || round < rounds) return "done";
    return ++writes > 1 ? "refused" : "done";
  };
  star.run(0, () => false);
  assert.deepEqual(star.decided.map((one) => one.length), [0, 1, 1, 1]);
  assert.ok(star.acts[0]!.every(({ slot }) => slot === undefined));
  star.fate = () => "done";
  star.run(1, () => false);
  assert.deepEqual(star.decided[0]!.map(([slot]) => slot), [0, 1]);
});

test("EARLY.3, LOG.5: who promises nothing decides at the end, as ever", () => {
  const star = createBallotStar({ ...shapeOf("paxos", 4, 1, 2), early: true }, () => 7, ALWAYS);
  const { rounds } = star.layout;
  // It misses the opening, and with it the ballot.
  star.run(0, (round, sender, to) => sender === NAIVE_HUB && round === 1 && to === 0);
  for (const [board, acts] of star.acts.entries()) {
    assert.deepEqual(acts.map(({ round, slot }) => [round, slot]), [[rounds + 1, 0]], `${board}`);
  }
});

test("EARLY.3, LOG.7: who has forgotten carries out the last that it learns, and no more", () => {
  const shape = { ...shapeOf("paxos", 4, 1, 2), early: true };
  const star = createBallotStar(shape, () => 7, ALWAYS);
  for (let cycle = 0; cycle < 3; cycle++) star.run(cycle, () => false);
  star.restart(0);
  // Before it learns anything it promises nothing (LOG.5).
  star.run(3, () => false);
  assert.deepEqual(star.acts[0]!.filter(({ cycle }) => cycle === 3).map(({ slot }) => slot), [3]);
});
