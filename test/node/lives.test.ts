/**
 * LOG.5, LOG.6, LOG.7, BALLOT.3: what a board may count as its own, and take for new, through
 * restarts, repeats and stores that fail, with one liar. In each of these two correct boards would
 * decide two things, or a decision would be lost, if a rule were left out.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BallotShape } from "../../firmware/ballots/layout.js";
import { COUNTERS } from "../../firmware/index.js";
import { shapeOf } from "../ballots/ballots.js";
import { NAIVE_HUB } from "../frame/naive-codec.js";
import { createBallotStar } from "./ballot-star.js";
import type { BallotStar, WriteFate } from "./ballot-star.js";

const [a, b, c, d] = [0, 1, 2, 3];
/** The first rounds of LBP in which a board votes, n=4, m=1, under the virtual leader. */
const [RELAY, VOTE] = [3, 4];
const SKIPPED = COUNTERS.indexOf("skipped");

type Lost = (round: number, sender: number, receiver: number) => boolean;
const nothing: Lost = () => false;
/** `board` is cut off from all but the hub, from `round` on. */
const without = (board: number, from = 1): Lost => (round, sender, receiver) =>
  round >= from && sender !== NAIVE_HUB && (sender === board || receiver === board);

/** A star whose boards all propose what was last put into `readings`. */
const starOf = (shape: BallotShape) => {
  const readings = { value: 1 };
  const star = createBallotStar(
    shape, () => readings.value, { cut: Infinity, torn: () => [], away: 0 });
  return { star, readings };
};

const slotBytes = ({ keep }: BallotShape, slot: number) => (keep ? [slot, 0, 0, 0] : []);

/**
 * From now on `board` says that it has promised nothing, and votes for 2 in `slot`, whatever its
 * program says. Its relays are honest.
 */
const deny = (star: BallotStar, shape: BallotShape, board: number, slot: number) => {
  const { body, rounds } = star.layout;
  const relays = shape.traitors + 1;
  star.alter = (_cycle, round, sender, payload) => {
    if (sender !== board || (round > 1 && round <= relays)) return payload;
    if (round > relays && round <= rounds) return [1, 2, ...slotBytes(shape, slot)];
    return payload.map((byte, at) => (at === 0 ? 1 : at > body ? 0 : byte));
  };
};

/** What was decided in each slot, by all boards but `liar`, in all their lives. */
const valuesOf = ({ decided }: BallotStar, liar = d): Map<number, Set<number>> => {
  const values = new Map<number, Set<number>>();
  decided.forEach((orders, board) => {
    for (const [slot, order] of board === liar ? [] : orders) {
      values.set(slot, (values.get(slot) ?? new Set()).add(order));
    }
  });
  return values;
};

const agrees = (star: BallotStar, what: string, liar = d) => {
  for (const [slot, values] of valuesOf(star, liar)) {
    assert.equal(values.size, 1, `${what}: slot ${slot}: ${[...values].join(" and ")}`);
  }
};

/** In which rounds of a cycle `board` said something that binds it. */
const boundIn = (star: BallotStar, shape: BallotShape, board: number, cycle: number) =>
  star.said[board]!.filter((one) =>
    one.cycle === cycle && (one.round === 1 || one.round > shape.traitors + 1) &&
    (one.payload[0]! & 1) > 0).map(({ round }) => round);

const SHAPES: [string, BallotShape][] = [0, 2].flatMap((keep) => [false, true].map(
  (stored): [string, BallotShape] => [
    `${keep ? "a log" : "once"}, promises ${stored ? "stored" : "forgotten"}`,
    { ...shapeOf("paxos", 4, 1, keep), stored },
  ]));

describe("LOG.5: no repeat makes a board new", () => {
  for (const [name, shape] of SHAPES) {
    for (const whole of [false, true]) {
      for (const times of [1, 2]) {
        const what = `${name}: ${whole ? "all" : "the opening"} of the first ballot,
          ${times} times`;
        test(what, () => {
          const { star, readings } = starOf(shape);
          // c is cut off before it can vote: a and b decide 1.
          star.run(0, without(c, RELAY));
          assert.deepEqual(star.decided[b], [[0, 1]]);
          for (let time = 0; time < times; time++) {
            star.restart(a);
            star.repeat(a, 0, whole);
          }
          // Were a new, it would vote for 2 with c and the liar.
          deny(star, shape, d, 0);
          readings.value = 2;
          star.run(1, without(b));
          star.run(2, without(b));
          agrees(star, what);
          if (!shape.stored) {
            assert.deepEqual([1, 2].flatMap((cycle) => boundIn(star, shape, a, cycle)), []);
          }
        });
      }
    }
  }

  test("a whole ballot that is heard again says nothing of the slots of today", () => {
    const shape = shapeOf("paxos", 4, 1, 2);
    const { star, readings } = starOf(shape);
    for (let ballot = 0; ballot < 4; ballot++) star.run(ballot, nothing);
    star.run(4, without(c, RELAY));
    assert.deepEqual(star.decided[b]!.at(-1), [4, 1]);
    star.restart(a);
    star.repeat(a, 0, true);
    deny(star, shape, d, 4);
    readings.value = 2;
    for (let ballot = 5; ballot < 9; ballot++) star.run(ballot, without(b));
    agrees(star, "a repeat of ballot 0");
  });

  test("a store in which nothing is whole: silent for ever, and carries out the last it learns",
    () => {
    for (const stored of [false, true]) {
      const shape = { ...shapeOf("paxos", 4, 1, 2), stored };
      const { star } = starOf(shape);
      star.run(0, nothing);
      star.files[a]!.clear();
      star.restart(a);
      star.repeat(a, 0, false);
      for (let ballot = 1; ballot < 12; ballot++) {
        star.run(ballot, nothing);
        assert.deepEqual(boundIn(star, shape, a, ballot), [], `ballot ${ballot}`);
      }
      assert.deepEqual(star.decided[a]!.map(([slot]) => slot), [...Array(12).keys()]);
    }
  });

  test("who forgot speaks again from the slot after those that were open, and not before", () => {
    const shape = { ...shapeOf("paxos", 4, 1, 2), reserve: 3 };
    const { star } = starOf(shape);
    for (let ballot = 0; ballot < 4; ballot++) star.run(ballot, nothing);
    star.restart(a);
    const spoke: number[] = [];
    for (let ballot = 4; ballot < 12; ballot++) {
      star.run(ballot, nothing);
      if (boundIn(star, shape, a, ballot).length) spoke.push(ballot);
    }
    // It reserved ballots up to 5; in 6 the others are at slot 5, decided: it waits for slot 7.
    assert.deepEqual(spoke, [8, 9, 10, 11]);
  });
});

/** The write of `board` before it speaks in `round` of `cycle` fails in this way. */
const failsIn = (star: BallotStar, board: number, cycle: number, round: number,
  fate: WriteFate) => {
  star.fate = (of, now, at) => (of === board && now === cycle && at === round ? fate : "done");
};

describe("LOG.6: what is not kept counts nowhere", () => {
  const FAILS: WriteFate[] = ["refused", "torn", "deaf"];

  for (const keep of [0, 2]) {
    for (const fate of FAILS) {
      test(`the board's own 2b, keep ${keep}, ${fate}`, () => {
        const shape = { ...shapeOf("paxos", 4, 1, keep), stored: true };
        const { star, readings } = starOf(shape);
        failsIn(star, a, 0, VOTE, fate);
        // The liar shows its 2b to a alone: with b's and a's own that would be three.
        star.run(0, (round, sender, receiver) => without(c, RELAY)(round, sender, receiver) ||
          (round === VOTE && sender === d && receiver !== a));
        assert.ok(!boundIn(star, shape, a, 0).includes(VOTE));
        assert.deepEqual(star.decided[a], []);
        star.restart(a);
        deny(star, shape, d, 0);
        readings.value = 2;
        star.run(1, without(b));
        agrees(star, fate);
      });

      test(`the board's own 2av, keep ${keep}, ${fate}`, () => {
        const shape = { ...shapeOf("paxos", 4, 1, keep), stored: true };
        const { star } = starOf(shape);
        failsIn(star, a, 0, RELAY, fate);
        star.run(0, without(c, RELAY));
        assert.deepEqual(boundIn(star, shape, a, 0), [1]);
        assert.deepEqual(star.decided[a], []);
      });

      test(`the board's own record, keep ${keep}, ${fate}`, () => {
        const shape = { ...shapeOf("paxos", 4, 1, keep), stored: true };
        const { star } = starOf(shape);
        failsIn(star, a, 0, 1, fate);
        star.run(0, without(c, 1));
        assert.deepEqual(boundIn(star, shape, a, 0), []);
        // The first ballot in which it could be kept is not harmed by the one before.
        star.run(1, nothing);
        assert.deepEqual(boundIn(star, shape, a, 1), [1, RELAY, VOTE]);
      });
    }
  }

  test("LFaB: what a board accepted, and could not keep", () => {
    for (const fate of FAILS) {
      const shape = { ...shapeOf("fab", 6, 1, 0), stored: true };
      const { star, readings } = starOf(shape);
      const { rounds } = star.layout;
      failsIn(star, a, 0, rounds, fate);
      // e accepts nothing; the liar f shows what it accepted to a alone.
      const [e, f] = [4, 5];
      star.run(0, (round, sender, receiver) => without(e, rounds)(round, sender, receiver) ||
        (round === rounds && sender === f && receiver !== a));
      assert.deepEqual(star.decided[a], []);
      star.restart(a);
      deny(star, shape, f, 0);
      readings.value = 2;
      star.run(1, without(b));
      agrees(star, fate, f);
    }
  });

  test("who forgets says nothing in a ballot that it could not reserve", () => {
    for (const fate of FAILS) {
      const shape = shapeOf("paxos", 4, 1);
      const { star } = starOf(shape);
      failsIn(star, a, 0, 1, fate);
      star.run(0, nothing);
      assert.deepEqual(boundIn(star, shape, a, 0), []);
      assert.equal(star.nodes[a]!.counts[COUNTERS.indexOf("unkept")], 1);
      star.run(1, nothing);
      assert.equal(boundIn(star, shape, a, 1)[0], 1);
    }
  });
});

describe("BALLOT.6: a promise that was told outlasts any two writes that fail", () => {
  const FATES: WriteFate[] = ["refused", "torn", "deaf", "cut"];
  for (const keep of [0, 2]) {
    for (const first of FATES) {
      for (const second of FATES) {
        test(`keep ${keep}: ${first}, then ${second}`, () => {
          const shape = { ...shapeOf("paxos", 4, 1, keep), stored: true };
          const { star, readings } = starOf(shape);
          // a says 2b and does not hear the others'; b decides.
          star.run(0, (round, sender, receiver) => without(c, RELAY)(round, sender, receiver) ||
            (round === VOTE && receiver === a && sender !== NAIVE_HUB));
          assert.deepEqual([star.decided[a], star.decided[b]], [[], [[0, 1]]]);
          star.fate = (board, cycle) => (board !== a || cycle > 2 ? "done" :
            cycle === 1 ? first : cycle === 2 ? second : "done");
          const alone: Lost = (_, sender) => sender !== NAIVE_HUB;
          star.run(1, alone);
          star.run(2, alone);
          star.restart(a);
          deny(star, shape, d, 0);
          readings.value = 2;
          star.run(3, without(b));
          const record = star.said[a]!.find(({ cycle, round }) => cycle === 3 && round === 1)!;
          // mbal: ballot 0.
          assert.equal(record.payload[1 + star.layout.body], 1);
          agrees(star, `${first}, then ${second}`);
        });
      }
    }
  }
});

describe("LOG.7: every decision is carried out once, or counted as skipped", () => {
  for (const stored of [false, true]) {
    for (const [algorithm, boards] of [["paxos", 4], ["fab", 6]] as const) {
      const shape = { ...shapeOf(algorithm, boards, 1, 2), stored };
      const name = `${algorithm}, ${stored ? "stored" : "forgotten"}`;

      test(`K decisions that it missed and one of today: ${name}`, () => {
        const { star } = starOf(shape);
        star.run(0, nothing);
        for (const ballot of [1, 2]) star.run(ballot, (_, sender, to) => to === b || sender === b);
        star.run(3, nothing);
        star.run(4, nothing);
        assert.deepEqual(star.decided[b]!.map(([slot]) => slot), [0, 1, 2, 3, 4]);
        assert.equal(star.nodes[b]!.counts[SKIPPED], 0);
      });

      test(`the ends of several ballots are missed: ${name}`, () => {
        const { star } = starOf(shape);
        const last = star.layout.rounds + 1;
        for (let ballot = 0; ballot < 6; ballot++) {
          star.run(ballot, (round, sender, to) =>
            ballot > 0 && ballot < 5 && to === b && sender === NAIVE_HUB && round === last);
        }
        star.run(6, nothing);
        star.run(7, nothing);
        const slots = star.decided[b]!.map(([slot]) => slot);
        const skipped = star.nodes[b]!.counts[SKIPPED]!;
        assert.equal(slots.length + skipped, 8);
        assert.deepEqual(slots.slice(0, 3), [0, 1, 2]);
      });
    }
  }

  const stores: BallotShape = { ...shapeOf("paxos", 4, 1, 2), stored: true };

  test("after a restart nothing is carried out twice, and the last order is held", () => {
    const { star, readings } = starOf(stores);
    for (let ballot = 0; ballot < 4; ballot++) {
      readings.value = 1 + ballot;
      star.run(ballot, nothing);
    }
    star.restart(a);
    assert.equal(star.nodes[a]!.order, 4);
    star.run(4, (_, sender) => sender !== NAIVE_HUB);
    assert.equal(star.orders[a], 4);
    star.run(5, nothing);
    star.run(6, nothing);
    assert.deepEqual(star.decided[a]!.map(([slot]) => slot), [0, 1, 2, 3, 4, 5]);
  });

  test("what could not be noted is carried out later, and once", () => {
    for (const fate of ["refused", "torn", "deaf"] as const) {
      const { star } = starOf(stores);
      const last = star.layout.rounds + 1;
      failsIn(star, a, 1, last, fate);
      star.run(0, nothing);
      star.run(1, nothing);
      assert.deepEqual(star.decided[a]!.map(([slot]) => slot), [0], fate);
      star.run(2, nothing);
      assert.deepEqual(star.decided[a]!.map(([slot]) => slot), [0, 1, 2], fate);
      star.restart(a);
      star.run(3, nothing);
      assert.deepEqual(star.decided[a]!.map(([slot]) => slot), [0, 1, 2, 3], fate);
    }
  });

  test("who forgot makes up for nothing but the last that it learns", () => {
    const { star } = starOf(shapeOf("paxos", 4, 1, 2));
    for (let ballot = 0; ballot < 4; ballot++) star.run(ballot, nothing);
    star.restart(a);
    const before = star.decided[a]!.length;
    star.run(4, nothing);
    assert.equal(star.decided[a]!.length, before + 1);
  });
});

test("BALLOT.3: a leader's message for another slot is none", () => {
  const shape = shapeOf("paxos", 4, 1, 2, true);
  const { star, readings } = starOf(shape);
  readings.value = 7;
  // d does not learn what slot 0 was decided to be; b, which leads next, not that others did.
  star.run(0, (round, sender, receiver) => round === 5 && receiver === d && sender <= b);
  readings.value = 9;
  star.run(1, (round, sender, receiver) =>
    (round === 1 && sender === c && receiver === b) ||
    (round === 2 && sender === a && receiver === b));
  const second = star.decided.flat().filter(([slot]) => slot === 1).map(([, order]) => order);
  assert.ok(second.every((order) => order === 9), second.join());
  star.run(2, nothing);
  star.run(3, nothing);
  agrees(star, "another slot", -1);
});
