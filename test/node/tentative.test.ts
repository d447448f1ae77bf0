/** TENT.1 to TENT.4: what a board does before it is decided, and what it takes back. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BallotShape } from "../../firmware/ballots/layout.js";
import { shapeOf } from "../ballots/ballots.js";
import { SEED, createRandom, replay } from "../core/random.js";
import { NAIVE_HUB } from "../frame/naive-codec.js";
import { networkOf } from "../topology/drive.js";
import { createBallotStar } from "./ballot-star.js";
import type { BallotStar, Tried } from "./ballot-star.js";
import { createNodeWire } from "./node-wire.js";

const ALWAYS = { cut: Infinity, torn: () => [], away: 0 };
/** A review of the rounds 1 and 2, then two fast cycles of the rounds 3 and 4; board 0 leads. */
const REVIEW = 3;
const [CLAIMS, VOTES, CLOSED] = [3, 4, 5];
const BOARDS = 6;
const ALL = [0, 1, 2, 3, 4, 5];

const shape = (keep: number, stored: boolean): BallotShape =>
  ({ ...shapeOf("led fab", BOARDS, 1, keep, false, REVIEW), tentative: true, stored });
const SHAPES: [string, BallotShape][] = [
  ["a log", shape(2, false)], ["once", shape(0, false)],
  ["a log, stored", shape(2, true)], ["once, stored", shape(0, true)],
];
const starOf = (of: BallotShape, reading: (board: number) => number = () => 7) =>
  createBallotStar(of, reading, ALWAYS);
const none = () => false;
/** No vote comes to anybody. */
const voteless = (round: number, sender: number) => round === VOTES && sender !== NAIVE_HUB;

/** What each did, as a list of [cycle, round, slot, order], and what is put there in its place. */
const short = (tried: readonly Tried[]) =>
  tried.map(({ cycle, round, slot, order, before }) => [cycle, round, slot, order, before]);

for (const [name, of] of SHAPES) {
  describe(`a board that acts tentatively: ${name}`, () => {
    test("TENT.1: acts on what it has accepted, after its frame, and once more when it is decided",
      () => {
        const star = starOf(of);
        star.run(0, none);
        assert.deepEqual(star.tried, ALL.map(() => []), "a review has nothing to act on");
        star.run(1, none);
        for (const board of ALL) {
          // After two frames of the review, and both of this cycle.
          assert.deepEqual(star.tried[board]!.map(({ said }) => said), [4]);
          assert.deepEqual(short(star.tried[board]!), [[1, VOTES, 0, 7, undefined]]);
          assert.deepEqual(star.acts[board]!.map(({ cycle, round, slot }) => [cycle, round, slot]),
            [[0, CLOSED - 2, undefined], [1, CLOSED, 0]]);
          assert.deepEqual(star.decided[board], [[0, 7]]);
        }
      });

    test("TENT.1: only where the network asks for it", () => {
      const star = starOf({ ...of, tentative: false });
      for (const cycle of [0, 1, 2]) star.run(cycle, none);
      assert.deepEqual(star.tried, ALL.map(() => []));
      assert.equal(star.decided[1]!.length, of.keep ? 2 : 1);
    });

    test("TENT.1: not where it hears no proposal, nor in a view in which it says nothing", () => {
      const star = starOf(of);
      star.run(0, (round, sender, to) => round === 1 && sender === NAIVE_HUB && to === 2);
      star.run(1, (round, sender, to) => round === CLAIMS && sender === 0 && to === 1);
      // Four of six decide nothing, so the others take it back.
      assert.deepEqual(star.tried.map(({ length }) => length), [2, 0, 0, 2, 2, 2]);
    });

    test("TENT.2: where nothing is decided it takes that back, and does it again with its vote",
      () => {
        const star = starOf(of);
        star.run(0, none);
        star.run(1, voteless);
        for (const tried of star.tried) {
          assert.deepEqual(short(tried), [[1, VOTES, 0, 7, undefined], [1, CLOSED, 0, 7, 0]]);
        }
        assert.deepEqual(star.orders, ALL.map(() => 0));
        star.run(2, none);
        for (const board of ALL) {
          assert.deepEqual(short(star.tried[board]!.slice(2)), [[2, VOTES, 0, 7, undefined]]);
          assert.deepEqual(star.decided[board], [[0, 7]]);
        }
      });

    test("TENT.2: a leader proposes one and another is decided: that is taken back first", () => {
      const star = starOf(of);
      star.run(0, none);
      star.split = (_cycle, round, sender, receiver) =>
        (round === CLAIMS && sender === 0 && receiver === 5
          ? of.keep ? [3, 9, 0, 0, 0, 0, 0, 0] : [1, 9] : undefined);
      star.run(1, none);
      assert.deepEqual(short(star.tried[5]!), [[1, VOTES, 0, 9, undefined], [1, CLOSED, 0, 9, 0]]);
      assert.deepEqual(star.decided, ALL.map(() => [[0, 7]]));
      assert.deepEqual(star.orders, ALL.map(() => 7), "what is decided is done last");
      for (const tried of star.tried.slice(0, 5)) assert.equal(tried.length, 1);
    });

    test("TENT.2: what it puts in its place is what was decided before", () => {
      const star = starOf(of);
      for (const cycle of [0, 1]) star.run(cycle, none);
      star.run(2, voteless);
      const tried = short(star.tried[3]!).slice(1);
      assert.deepEqual(tried, of.keep ? [[2, VOTES, 1, 7, undefined], [2, CLOSED, 1, 7, 7]] : []);
    });

    test("TENT.2: who does not hear the end takes it back at the next beginning", () => {
      const star = starOf(of);
      star.run(0, none);
      star.run(1, (round, sender, to) => round === CLOSED && sender === NAIVE_HUB && to === 4);
      assert.equal(star.tried[4]!.length, 1);
      const { length } = star.said[4]!;
      star.run(2, none);
      const [, back] = star.tried[4]!;
      assert.deepEqual(short([back!]), [[2, CLAIMS, 0, 7, 0]]);
      assert.equal(back!.said, length, "before it says anything");
      // LOG.2: it learns what was decided, and then does it.
      assert.deepEqual(star.decided[4]![0], [0, 7]);
    });

    test("TENT.3: a decision that cannot be kept is not carried out, and is taken back", () => {
      const star = starOf(of);
      star.run(0, none);
      star.fate = (board, cycle, round) =>
        (board === 2 && cycle === 1 && round === CLOSED ? "refused" : "done");
      star.run(1, none);
      const back = [1, CLOSED, 0, 7, 0];
      assert.deepEqual(short(star.tried[2]!), of.stored
        ? [[1, VOTES, 0, 7, undefined], back] : [[1, VOTES, 0, 7, undefined]]);
      assert.deepEqual(star.decided[2], of.stored ? [] : [[0, 7]]);
      // What could not be kept is carried out once it can.
      star.fate = () => "done";
      star.run(2, none);
      assert.deepEqual(star.decided[2].slice(0, 1), [[0, 7]]);
    });

    test("TENT.3: what could not be kept is not acted on", () => {
      const star = starOf(of);
      star.run(0, none);
      star.fate = (board, _cycle, round) => (board === 2 && round === VOTES ? "refused" : "done");
      star.run(1, none);
      assert.equal(star.tried[2]!.length, of.stored ? 0 : 1);
    });

    test("TENT.4: after a loss of power it takes that back before anything else", () => {
      const star = starOf(of);
      for (const cycle of [0, 1]) star.run(cycle, none);
      // Once: what is decided stays, and there is nothing to take back.
      const cycle = of.keep ? 2 : 1;
      const fresh = of.keep ? star : starOf(of);
      if (!of.keep) fresh.run(0, none);
      fresh.between = (_cycle, round) => {
        if (round === CLOSED) fresh.restart(3);
      };
      const { length } = fresh.tried[3]!;
      fresh.run(cycle, none);
      const [slot, before] = of.keep ? [1, 7] : [0, 0];
      const [did, back, ...more] = short(fresh.tried[3]!.slice(length));
      assert.deepEqual(did, [cycle, VOTES, slot, 7, undefined]);
      assert.deepEqual(back?.slice(2), of.stored ? [slot, 7, before] : undefined);
      assert.deepEqual(more, []);
      // What is decided is not taken back, whenever the power goes.
      fresh.between = () => {};
      for (const next of [3, 4, 5, 6]) fresh.run(next, none);
      const count = fresh.tried[3]!.length;
      fresh.restart(3);
      fresh.run(7, none);
      assert.ok(fresh.tried[3]!.slice(count).every((one) => one.before === undefined));
    });
  });
}

test("TENT.1: not before all slots before it are carried out", () => {
  const star = starOf(shape(2, true));
  star.run(0, none);
  // Board 1 hears nobody's vote in cycle 1, and so it learns slot 0 by claims and votes in slot 1.
  star.run(1, (round, sender, to) => round === VOTES && sender !== NAIVE_HUB && to === 1);
  star.run(2, none);
  assert.deepEqual(short(star.tried[1]!), [[1, VOTES, 0, 7, undefined], [1, CLOSED, 0, 7, 0]]);
  assert.deepEqual(star.decided[1], [[0, 7], [1, 7]]);
  assert.deepEqual(short(star.tried[0]!).at(-1), [2, VOTES, 1, 7, undefined]);
});

/**
 * What board 0 has done and not taken back, and nobody decided; "" where there is none. Of its own
 * decision it may not know more than that it is kept: the power went before it did it once more.
 */
const standing = ({ tried, decided }: BallotStar): string => {
  const all = new Set(decided.flat().map(([slot, order]) => `${slot}: ${order}`));
  const left = tried[0]!.filter(({ slot, before }, at, list) =>
    before === undefined && !(list[at + 1]?.before !== undefined && list[at + 1]!.slot === slot));
  return left.map(({ slot, order }) => `${slot}: ${order}`).find((one) => !all.has(one)) ?? "";
};

/** Cycles in which votes and closing beacons are lost, and board 0 is without power in between. */
const cutAt = (cut: number, seed: number, keep: number): BallotStar => {
  const random = createRandom(seed);
  const star = createBallotStar(shape(keep, true), (board) => 1 + (board + seed) % 3,
    { cut, torn: (old, fresh, bytes) => [...fresh.slice(0, bytes), ...old.slice(bytes)], away: 1 });
  for (let cycle = 0; cycle < 12; cycle++) {
    const bad = cycle < 8 && random() % 2 === 0;
    star.run(cycle, (round, sender) => (sender === NAIVE_HUB
      ? round === CLOSED && bad && random() % 4 === 0
      : round === VOTES && bad && random() % 3 === 0));
  }
  return star;
};

test(`TENT.4: wherever the power goes, what stands is what was decided; ${replay}`, (t) => {
  let [runs, took] = [0, 0];
  for (const seed of [SEED, SEED + 1, SEED + 2]) {
    for (const keep of [0, 2]) {
      const { steps } = cutAt(Infinity, seed, keep);
      for (let cut = 1; cut <= steps; cut += 3) {
        const star = cutAt(cut, seed, keep);
        runs++;
        assert.equal(standing(star), "", `cut at ${cut}, seed ${seed}, keep ${keep}; ${replay}`);
        const resumed = star.tried[0]!.filter(({ life, before }, at, all) =>
          before !== undefined && life === 2 && all[at - 1]?.life !== 2);
        took += resumed.length;
      }
    }
  }
  assert.ok(took > runs / 20, `${took} of ${runs}`);
  t.diagnostic(`${runs} runs; in ${took} the board took something back when it was back`);
});

const WIRE = networkOf(BOARDS, 1,
  { algorithm: "fab", review: REVIEW, keep: 2, tentative: true, wiring: "wire" });

test("TENT.1: on a shared wire a board acts once it was its turn, and not before", () => {
  const { boards, tell } = createNodeWire(WIRE);
  const turn = (cycle: number, round: number, speaker: number) => {
    tell(cycle, round, speaker);
    assert.deepEqual(boards.map((board) => board.state().trials), boards.map((_, board) =>
      Number(cycle === 1 && (!round || (round === VOTES && board <= speaker)))),
    `cycle ${cycle}, round ${round}, board ${speaker} speaks`);
  };
  for (const [cycle, rounds] of [[0, [1, 2]], [1, [CLAIMS, VOTES]]] as const) {
    for (const round of rounds) for (const speaker of ALL) turn(cycle, round, speaker);
    turn(cycle, 0, NAIVE_HUB);
  }
  assert.deepEqual(boards.map((board) => board.state().decisions), ALL.map(() =>
    [{ slot: 0, value: 7 }]));
});
