/** The judge of views against histories made by hand: each law broken once, and kept. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createBallotOracle } from "../../host/judge/ballot-oracle.js";
import type { BallotLaw } from "../../host/judge/ballot-oracle.js";
import { createLeaders } from "../../host/judge/words.js";
import { networksOf } from "./drive.js";

/** n = 4, F = 1, a review and two fast cycles. */
const LAW: BallotLaw = { boards: 4, traitors: 1, log: true, proof: 2, review: 3 };

/** One cycle: by board, up to which slot each knows from now on; who leads; what goes wrong. */
interface Step {
  readonly known?: readonly number[];
  readonly led?: boolean;
  /** Which board leads, then; the first unless told. */
  readonly leader?: number;
  readonly late?: boolean;
  readonly down?: readonly number[];
  readonly restarted?: number;
  /** The cycle's number, where the hub's numbers jump. */
  readonly number?: number;
}

/** @returns of each cycle "1" or "2" where that law is broken, "?" where it asks, else "." */
const play = (steps: readonly Step[], law = LAW, faulty = [3]): string => {
  const oracle = createBallotOracle(law);
  oracle.proposed("v");
  const known = [0, 0, 0, 0];
  return steps.map((step, cycle) => {
    if (step.restarted !== undefined) {
      oracle.restarted(step.restarted);
      oracle.excused(step.restarted);
      known[step.restarted] = 0;
    }
    const { known: after = known, led = false, leader = 0, late = false, down = [] } = step;
    const decisions = known.map((before, board) => Array.from(
      { length: Math.max(0, after[board]! - before) },
      (_, at) => ({ slot: before + at, value: "v" })));
    for (const { slot } of decisions.flat()) {
      for (const one of [0, 1]) oracle.voted(one, cycle, slot, "v");
    }
    after.forEach((to, board) => {
      known[board] = Math.max(known[board]!, to);
    });
    const { cl1, cl2, cs1, cs2, cs3, live } = oracle.close({
      cycle, number: step.number ?? cycle, synchronous: !late, faulty: new Set(faulty),
      leaders: new Set(led ? [leader] : []), down: new Set(down), decisions,
    });
    assert.ok(cs1 && cs2 && cs3);
    return !cl1 ? "1" : !cl2 ? "2" : live ? "?" : ".";
  }).join("");
};

const all = (slots: number): Step => ({ known: [slots, slots, slots, 0], led: true });
const nothing: Step = {};

describe("CL1 and CL2 of views", () => {
  test("a fast cycle that a correct board leads decides, but for a view's first", () => {
    assert.equal(play([nothing, all(1), all(2), nothing, all(3), all(4)]), "..?..?");
    assert.equal(play([nothing, { led: true }, all(1)]), "..?");
    assert.equal(play([nothing, { led: true }, { led: true }]), "..1");
    // One correct board is left behind.
    assert.equal(play([nothing, nothing, { known: [1, 1, 0, 0], led: true }]), "..2");
    // It had less than the others, and is brought on: nobody has to decide more.
    assert.equal(play([nothing, { known: [1, 1, 0, 0] }, all(1)]), "..?");
  });

  test("nothing is asked where a liar leads, or the view was not in time so far", () => {
    assert.equal(play([nothing, nothing, nothing]), "...");
    assert.equal(play([{ late: true }, { led: true }, { led: true }]), "...");
    assert.equal(play([nothing, { late: true }, { led: true }]), "...");
    assert.equal(play([nothing, { down: [2] }, { led: true }]), "...");
    assert.equal(play([nothing, { down: [2] }, { led: true }], LAW, []), "..1");
    assert.equal(play([nothing, { number: 4 }, { number: 5, led: true }]), "...");
  });

  test("F+2 views in time bring all on, whoever leads", () => {
    const view = [nothing, nothing, nothing];
    assert.equal(play([...view, ...view, ...view]), "........2");
    assert.equal(play([...view, ...view, nothing, nothing, { known: [1, 1, 1, 0] }]), "........?");
    assert.equal(play([...view, ...view, nothing, nothing, { known: [1, 1, 0, 0] }]), "........2");
    // They begin anew with each that is not in time, or in which another board is away.
    const late = [nothing, { late: true }, nothing];
    assert.equal(play([...view, ...late, ...view, ...view]), "............");
    assert.equal(play([...view, ...late, ...view, ...view, ...view]), "..............2");
    const away = [{ down: [2] }, nothing, nothing];
    assert.equal(play([...view, ...view, ...away, ...view], LAW, []), "............");
    // Once and for all.
    const once = { ...LAW, log: false };
    assert.equal(play([...view, ...view, ...view], once), "........2");
    assert.equal(play([nothing, all(1), nothing, ...view, ...view], once), "........?");
  });

  // Board 2 is at slot 4 when the others are at 9, and learns slots 4 and 5 from another straggler.
  const late: Step = { late: true, known: [9, 9, 4, 9] };
  const fed: Step = { known: [9, 9, 6, 9] };
  const on = (slots: number, straggler: number): Step =>
    ({ known: [slots, slots, straggler, slots], led: true });

  test("whom only stragglers fed in a review comes on in a later one (LOG.7)", () => {
    const all4 = (steps: readonly Step[]) => play(steps, LAW, []);
    const before: readonly Step[] = [late, late, late];
    assert.equal(all4([...before, fed, on(10, 6), on(11, 6)]), ".....?");
    assert.equal(all4([...before, fed, on(10, 6), { led: true }]), ".....1");
    // Whom nobody fed, or who is but one slot behind, has to be brought on.
    assert.equal(all4([...before, nothing, on(10, 4), on(11, 4)]), ".....2");
    assert.equal(all4([...before, { known: [9, 9, 8, 9] }, on(9, 8), on(10, 8)]), ".....2");
    // It leads nobody, and counts among the F.
    assert.equal(all4([...before, fed, on(10, 6), { led: true, leader: 2 }]), "......");
    assert.equal(all4([...before, { ...fed, down: [3] }, on(10, 6), { led: true }]), "......");
    // The next review brings it on, or feeds it again; but not for ever.
    const next: readonly Step[] = [nothing, nothing, on(12, 6)];
    assert.equal(all4([...before, fed, on(10, 6), on(11, 6), ...next]), ".....?..2");
    const again = (slots: number, to: number): readonly Step[] =>
      [{ known: [slots, slots, to, slots] }, on(slots, to), on(slots + 1, to)];
    const often = [...before, fed, on(10, 6), on(11, 6), ...again(12, 7), ...again(13, 8)];
    assert.equal(all4(often), ".....?..?..?");
    assert.equal(all4([...often, ...again(14, 9)]), ".....?..?..?..2");
  });

  test("a board that forgot and reported nothing need not know", () => {
    const back: Step = { restarted: 2 };
    const four = (slots: number): Step => ({ known: [slots, slots, slots, slots], led: true });
    const without: Step = { known: [3, 3, 0, 3], led: true };
    assert.equal(play([nothing, four(1), four(2), back, nothing, without], LAW, []), "..?..?");
    const led: Step = { led: true };
    assert.equal(play([nothing, four(1), four(2), back, nothing, led], LAW, []), "..?..1");
  });
});

test("who leads is who proposes; without a log, until the view is over", () => {
  const frameOf = (first: number, sender: number, round: number) => {
    const payload = Uint8Array.of(first, 7, 0, 0, 0, 0, 0, 0);
    return { sender, round, low: 1, payload, view: new DataView(payload.buffer) };
  };
  const led = (mode: string) => {
    const leaders = createLeaders(networksOf("fab", "a b c d e f")({ mode }));
    return (number: number, ...said: readonly number[]) => {
      leaders.open(number);
      said.forEach((first, sender) => {
        leaders.hear(frameOf(first, sender, 3));
      });
      leaders.hear(frameOf(1, 5, 4)); // A vote.
      return [...leaders.known];
    };
  };
  const log = led("log");
  assert.deepEqual([log(1, 0, 1, 2, 3), log(2, 2, 2), log(4)], [[1, 3], [], []]);
  // A decision that is claimed may be anybody's.
  const once = led("once");
  assert.deepEqual([once(1, 0, 0, 2, 3), once(2, 3, 1, 3)], [[], [1]]);
  assert.deepEqual([once(3, 3, 3, 3), once(4), once(5, 3, 3, 3)], [[1], [], []]);
});
