/**
 * LOG.5, LOG.6, BALLOT.6: a board is cut off from its power at every byte that it stores and before
 * and after every frame, starts again, and breaks no promise.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BallotShape } from "../../firmware/ballots/layout.js";
import { FAB } from "../../firmware/core/fab.js";
import { PAXOS } from "../../firmware/core/paxos.js";
import { shapeOf } from "../ballots/ballots.js";
import { QUICK, SEED, createRandom, replay } from "../core/random.js";
import { NAIVE_HUB } from "../frame/naive-codec.js";
import { createBallotStar } from "./ballot-star.js";
import type { BallotStar, Said, Torn } from "./ballot-star.js";

/** TAGMA_LONG=1: more runs, each of which is cut at every step. */
const LONG = process.env["TAGMA_LONG"] === "1";
/** Every so many steps: at each where time is, and for mutants. */
const STEP = QUICK && process.env["TAGMA_QUICK"] !== "1" ? 5 : 1;

const TORN: readonly Torn[] = [
  (old, fresh, bytes) => [...fresh.slice(0, bytes), ...old.slice(bytes)],
  (_, fresh, bytes) => fresh.map((byte, at) => (at < bytes ? byte : 255)),
  (_, fresh, bytes) => fresh.slice(0, bytes),
];

/** As few messages as a decision can bear to lose, drawn anew for each cycle. */
const losses = (random: () => number, { boards }: BallotShape, rounds: number) => {
  const chance = [0, 0, 10, 25][random() % 4]!;
  // Somebody who hears nothing of the last rounds does not know what was decided.
  const deaf = random() % (2 * boards);
  return (round: number, sender: number, receiver: number) =>
    (sender !== NAIVE_HUB || random() % 4 === 0) &&
    (random() % 100 < chance || (receiver === deaf && round > rounds - 2));
};

const word = (bytes: readonly number[], at: number) =>
  bytes[at]! + 256 * (bytes[at + 1]! + 256 * (bytes[at + 2]! + 256 * bytes[at + 3]!));

/** What a record says, read by hand from SPEC.md, BALLOT.1 and BALLOT.3; of one-byte values. */
const recordOf = ({ keep, protocol }: BallotShape, { payload }: Said) => {
  const record = payload.slice(1);
  const body = 2 + (keep ? 5 + keep : 0);
  const votes = record.slice(body);
  return {
    slot: keep ? word(record, 2) : 0,
    voted: protocol === FAB ? undefined : { ballot: word(votes, 0) - 1, value: votes[4]! },
    relayed: protocol === FAB
      ? { ballot: votes[0] ? Infinity : -1, value: votes[1]! }
      : { ballot: word(votes, 5) - 1, value: votes[9]! },
  };
};

interface Vote {
  readonly ballot: number;
  readonly slot: number;
  readonly value: number;
}

/** Whether the record still tells of a vote, or of one in a later ballot, or is of a later slot. */
const remembers = (
  record: ReturnType<typeof recordOf>, kept: { ballot: number; value: number }, vote: Vote,
) => record.slot > vote.slot || kept.ballot > vote.ballot ||
  (kept.ballot === vote.ballot && kept.value === vote.value) ||
  (kept.ballot === Infinity && kept.value === vote.value);

/** Reads everything that board 0 ever said, as one who holds it to its word. */
const brokenBy = (shape: BallotShape, { layout, said }: BallotStar): string => {
  const relays = shape.traitors + 1;
  const first = relays + 1 + (shape.rotating ? 1 : 0);
  const kept: { voted: Vote | undefined; relayed: Vote | undefined } = {
    voted: undefined, relayed: undefined,
  };
  const spoken = new Map<string, string>();
  let highest = -1;
  for (const one of said[0]!) {
    const { cycle, round, payload } = one;
    if (!(payload[0]! & 1) || (round > 1 && round < first)) continue;
    const text = payload.join();
    const key = `${cycle}.${round}`;
    if (spoken.has(key) && spoken.get(key) !== text) return `${key}: two things`;
    spoken.set(key, text);
    if (cycle < highest) return `${key}: behind ballot ${highest}`;
    highest = cycle;
    if (round > 1) {
      const vote = {
        ballot: cycle, value: payload[1]!, slot: shape.keep ? word(payload, 2) : 0,
      };
      if (round === layout.rounds && shape.protocol === PAXOS) kept.voted = vote;
      else kept.relayed = vote;
      continue;
    }
    const record = recordOf(shape, one);
    if (kept.voted && !remembers(record, record.voted!, kept.voted)) {
      return `${key}: forgot its 2b of ${kept.voted.ballot}`;
    }
    if (kept.relayed && !remembers(record, record.relayed, kept.relayed)) {
      return `${key}: forgot its vote of ${kept.relayed.ballot}`;
    }
  }
  return "";
};

/** What all boards decided in each slot: one value. */
const disagreementIn = ({ decided }: BallotStar): string => {
  const orders = new Map<number, number>();
  for (const [slot, order] of decided.flat()) {
    if (orders.has(slot) && orders.get(slot) !== order) return `slot ${slot}`;
    orders.set(slot, order);
  }
  return "";
};

/** Whether, after its power was cut, board 0 binds itself in a slot in which it may have before. */
const spokeAgain = (shape: BallotShape, { said, layout }: BallotStar): string => {
  let highest = -1;
  for (const one of said[0]!) {
    const { life, cycle, round, payload } = one;
    if (!(payload[0]! & 1) || (round > 1 && round <= shape.traitors + 1)) continue;
    const leads = shape.rotating && round === shape.traitors + 2;
    if (leads) continue;
    const slot = round > 1 ? (shape.keep ? word(payload, 2) : 0) : recordOf(shape, one).slot;
    if (life > 1 && slot <= highest) return `${cycle}.${round} of ${layout.rounds}: slot ${slot}`;
    if (life < 2) highest = Math.max(highest, slot);
  }
  return "";
};

const CYCLES = 4;

const runWith = (shape: BallotShape, seed: number, cut: number, torn: Torn, away: number) => {
  const random = createRandom(seed);
  let cycle = 0;
  const star = createBallotStar(
    shape, (board) => 1 + ((seed >> board) + cycle) % 3, { cut, torn, away },
  );
  for (; cycle < CYCLES; cycle++) {
    star.run(cycle, losses(random, shape, star.layout.rounds));
  }
  for (; cycle < CYCLES + 2; cycle++) star.run(cycle, () => false);
  return star;
};

const SHAPES: [string, BallotShape][] = [
  ["LBP, a log", shapeOf("paxos", 4, 1, 2)], ["LBP, once", shapeOf("paxos", 4, 1)],
  ["LBP that decides early, a log", { ...shapeOf("paxos", 4, 1, 2), early: true }],
  ["LBP under boards in turn", shapeOf("paxos", 4, 1, 2, true)],
  ["LFaB, a log", shapeOf("fab", 6, 1, 2)],
];

/** All cuts of one run: every step is one. */
const everyCut = (
  shape: BallotShape, seed: number, judge: (star: BallotStar, what: string) => void,
) => {
  const whole = runWith(shape, seed, Infinity, TORN[0]!, 0);
  judge(whole, "no cut");
  let cuts = 0;
  for (let cut = 1 + (seed % STEP); cut <= whole.steps; cut += STEP) {
    const torn = TORN[(seed + cut) % TORN.length]!;
    const away = (seed + cut) % 3;
    const star = runWith(shape, seed, cut, torn, away);
    judge(star, `cut at step ${cut}, away for ${away} rounds, seed ${seed}, ${replay}`);
    cuts += star.lives - 1;
  }
  return cuts;
};

describe("a board whose power is cut at any step", () => {
  const turns = LONG ? 12 : 1;
  for (const [name, shape] of SHAPES) {
    test(`LOG.6: ${name}, promises stored: breaks none`, (t) => {
      let cuts = 0;
      for (let turn = 0; turn < turns; turn++) {
        cuts += everyCut({ ...shape, stored: true }, SEED + turn, (star, what) => {
          assert.equal(brokenBy(shape, star), "", what);
          assert.equal(disagreementIn(star), "", what);
        });
      }
      t.diagnostic(`${cuts} cuts`);
      assert.ok(cuts > 150 / STEP);
    });

    test(`LOG.5: ${name}, promises forgotten: is silent where it may have spoken`, (t) => {
      let cuts = 0;
      for (let turn = 0; turn < 3 * turns; turn++) {
        cuts += everyCut(shape, SEED + turn, (star, what) => {
          assert.equal(disagreementIn(star), "", what);
          assert.equal(spokeAgain(shape, star), "", what);
        });
      }
      t.diagnostic(`${cuts} cuts`);
      assert.ok(cuts > 40 / STEP);
    });
  }

  test("LOG.6: goes on at once, where one that forgets is silent for ever", () => {
    const once = shapeOf("paxos", 4, 1);
    const spokeLast = (shape: BallotShape, cut: number) => {
      const star = runWith(shape, SEED, cut, TORN[0]!, 0);
      assert.equal(star.lives, 2);
      return star.said[0]!.some(({ cycle, round, payload }) =>
        cycle === CYCLES + 1 && round === 1 && payload[0]! & 1);
    };
    assert.equal(spokeLast({ ...once, stored: true }, 160), true);
    assert.equal(spokeLast(once, 20), false);
  });
});
