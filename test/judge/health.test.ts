/** The judge of health: what it lets pass, and what it does not. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseNetwork } from "../../host/index.js";
import type { Value } from "../../host/index.js";
import type { StateWord, Watched } from "../../host/events/names.js";
import { createHealthJudge } from "../../host/judge/health.js";
import type { HealthFacts } from "../../host/judge/health.js";

const NETWORK = parseNetwork({
  name: "n", algorithm: "om", traitors: 1, value: "u8", decision: "majority", default: 0,
  baud: 115200, health: { permanent: 2, forget: 3 },
  boards: ["a", "b", "c", "d"].map((name) => ({ name, kind: "EMULATED" })),
}, "test");

type Words = readonly StateWord[];
const GOOD: Words = ["trusted", "trusted", "trusted", "trusted"];
const D: Words = ["trusted", "trusted", "trusted", "transient"];
const PERMANENT: Words = ["trusted", "trusted", "trusted", "permanent"];
const NONE = ["none", "none", "none", "none"] as const;
const DISSENT = ["none", "none", "none", "dissent"] as const;

const held = (states: Words, signs: Watched["signs"] = NONE): Watched => ({ states, signs });

const cycleOf = (
  cycle: number, vector: readonly (Value | undefined)[], one: Watched,
  more: Partial<HealthFacts> = {},
): HealthFacts => ({
  cycle, inputs: vector, vectors: [vector, vector, vector, undefined], faulty: new Set([3]),
  watched: [one, one, one, undefined], asynchronous: false, ...more,
});

/** @returns what is said of the last of these cycles; of all before, that they held */
const judged = (...cycles: readonly HealthFacts[]): boolean => {
  const judge = createHealthJudge(NETWORK)!;
  const said = cycles.map((facts) => judge.take(facts));
  assert.deepEqual(said.slice(0, -1), cycles.slice(1).map(() => true));
  return said.at(-1)!;
};

const LIE = [5, 5, 5, 9];
const first = cycleOf(0, LIE, held(D, DISSENT));
const second = (one: Watched, more: Partial<HealthFacts> = {}) => cycleOf(1, LIE, one, more);

describe("health", () => {
  test("is what the vectors say, at all boards that missed nothing", () => {
    assert.equal(judged(first, second(held(PERMANENT, DISSENT))), true);
    assert.equal(judged(first, second(held(D, DISSENT))), false, "found too late");
    assert.equal(judged(first, second(held(PERMANENT))), false, "another sign");
    const unknown: Words = ["trusted", "trusted", "trusted", "unknown"];
    assert.equal(judged(first, second(held(unknown, DISSENT))), false, "knows nothing");
  });

  test("of a trusted board is trusted, also where it has not moved yet", () => {
    const calm = (states: Words) => cycleOf(0, [5, 5, 5, 5], held(states));
    assert.equal(judged(calm(GOOD)), true);
    assert.equal(judged(calm(D)), false, "a sign that nothing asks for");
    assert.equal(judged(calm(GOOD), { ...calm(D), cycle: 1 }), false);
  });

  test("is the same at all of them", () => {
    const right = held(PERMANENT, DISSENT);
    const apart = [right, right, held(D, DISSENT), undefined];
    assert.equal(judged(first, second(right, { watched: apart })), false);
  });

  test("may be unknown to who missed a cycle, and to nobody else", () => {
    const right = held(PERMANENT, DISSENT);
    const unsure = held(["trusted", "trusted", "trusted", "unknown"], DISSENT);
    const missed = { ...first, vectors: [LIE, LIE, undefined, undefined], faulty: new Set([2, 3]) };
    const late = (watched: Watched) =>
      second(right, { watched: [right, right, watched, undefined] });
    assert.equal(judged(missed, late(unsure)), true);
    assert.equal(judged(missed, late(held(GOOD))), false, "nor may it say what is not so");
  });

  test("of a correct board is never permanent", () => {
    // Vectors that no synchronous cycle has: d put in what all others did.
    const wrong = (cycle: number, one: Watched) => cycleOf(cycle, LIE, one,
      { inputs: [5, 5, 5, 5], faulty: new Set(), vectors: [LIE, LIE, LIE, LIE],
        watched: [one, one, one, one] });
    assert.equal(judged(wrong(0, held(D, DISSENT)), wrong(1, held(PERMANENT, DISSENT))), false);
    const apart = (cycle: number, one: Watched) =>
      ({ ...wrong(cycle, one), inputs: [5, 5, 5, 9] });
    assert.equal(judged(apart(0, held(D, DISSENT)), apart(1, held(PERMANENT, DISSENT))), true);
  });

  test("is not asked of a cycle that is not synchronous, nor of what may come of it", () => {
    const parted = { vectors: [LIE, [5, 5, 5, 5], LIE, undefined], asynchronous: true };
    const one = cycleOf(0, LIE, held(GOOD), parted);
    assert.equal(judged(one, second(held(PERMANENT, DISSENT))), true);
    assert.equal(judged(one, second(held(D, DISSENT))), true);
    assert.equal(judged(one, second(held(GOOD, DISSENT))), false, "in no case");
    assert.equal(judged({ ...one, asynchronous: false, vectors: first.vectors }), false);
  });
});
