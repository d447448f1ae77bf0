import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  majority, majorityOfBytes, median, midpoint, unanimous,
} from "../../firmware/choice/choice.js";
import { QUICK, SEED } from "../core/random.js";

// fast-check names the path of a counter-example beside the seed.
const options = { seed: SEED, numRuns: QUICK ? 300 : 5000 };

type Vector<Value> = (Value | undefined)[];
const _ = undefined;

interface Row<Input, Expected> {
  readonly desc: string;
  readonly input: Input;
  readonly expected: Expected;
}

const MAJORITY: Row<Vector<number>, number>[] = [
  { desc: "all equal", input: [5, 5, 5, 5], expected: 5 },
  { desc: "three of four", input: [5, 7, 5, 5], expected: 5 },
  { desc: "the last three of five", input: [7, 8, 5, 5, 5], expected: 5 },
  { desc: "half is no majority", input: [5, 5, 7, 7], expected: 99 },
  { desc: "the most frequent is no majority", input: [5, 5, 7, 8], expected: 99 },
  { desc: "⊥ is not counted: two of three", input: [5, _, 5, 7], expected: 5 },
  { desc: "⊥ is not counted: one of one", input: [_, _, 5, _], expected: 5 },
  { desc: "⊥ is not counted: half of two", input: [5, _, _, 7], expected: 99 },
  { desc: "more ⊥ than values is no majority of ⊥", input: [_, _, _, 5, 5], expected: 5 },
  { desc: "nothing but ⊥", input: [_, _, _, _], expected: 99 },
  { desc: "an empty vector", input: [], expected: 99 },
  { desc: "0 is a value", input: [0, 0, _, 7], expected: 0 },
  { desc: "of the default's own kind", input: [99, 99, 5, 5], expected: 99 },
];

for (const { desc, input, expected } of MAJORITY) {
  test(`CHOOSE.1 majority: ${desc}`, () => {
    assert.equal(majority(input, 99), expected);
  });

  test(`CHOOSE.1 majority of bytes: ${desc}`, () => {
    const row = (value: number) => Uint8Array.from([1, value, 2]);
    const rows = input.map((value) => (value === undefined ? undefined : row(value)));
    assert.deepEqual(majorityOfBytes(rows, row(99)), row(expected));
  });
}

test("CHOOSE.1 majority: of truth values, false is a value", () => {
  assert.equal(majority([false, false, true, _], true), false);
  assert.equal(majority([false, true, _, _], true), true);
  assert.equal(majority([false, true, _, _], false), false);
});

test("CHOOSE.1 majority of bytes: one bit at either end makes another value", () => {
  const value = Uint8Array.from([8, 0, 0, 8]);
  const first = Uint8Array.from([9, 0, 0, 8]);
  const last = Uint8Array.from([8, 0, 0, 9]);
  const fallback = Uint8Array.from([0, 0, 0, 0]);
  assert.deepEqual(majorityOfBytes([value, first, last, value], fallback), fallback);
  assert.deepEqual(majorityOfBytes([first, value, last, value, value], fallback), value);
  assert.deepEqual(majorityOfBytes([Uint8Array.from([7]), _, Uint8Array.from([7])], fallback),
    Uint8Array.from([7]));
});

const MEDIAN: Row<Vector<number>, number>[] = [
  { desc: "of an odd number, the middle", input: [30, 10, 20], expected: 20 },
  { desc: "of an even number, the lower of two", input: [40, 10, 30, 20], expected: 20 },
  { desc: "of one, that one", input: [_, 7, _], expected: 7 },
  { desc: "of two, the lower", input: [9, _, 7], expected: 7 },
  { desc: "⊥ is not counted", input: [_, 30, _, 10, 20], expected: 20 },
  { desc: "as numbers, not as words", input: [100, 9, 20], expected: 20 },
  { desc: "equals", input: [5, 5, 1, 5, 9], expected: 5 },
  { desc: "negatives and fractions", input: [-1.5, 0, -2], expected: -1.5 },
  { desc: "descending", input: [5, 4, 3, 2, 1], expected: 3 },
  { desc: "nothing but ⊥", input: [_, _], expected: 99 },
  { desc: "an empty vector", input: [], expected: 99 },
];

for (const { desc, input, expected } of MEDIAN) {
  test(`CHOOSE.2 median: ${desc}`, () => {
    assert.equal(median(input, 99), expected);
  });
}

interface Drop {
  readonly traitors: number;
  readonly whole: boolean;
  readonly vector: Vector<number>;
}

const drop = (traitors: number, whole: boolean, vector: Vector<number>): Drop => ({
  traitors, whole, vector,
});

const MIDPOINT: Row<Drop, number>[] = [
  { desc: "drops one at each end", input: drop(1, false, [1000, 10, 20, -1000]), expected: 15 },
  { desc: "means the extremes, not all", input: drop(1, false, [0, 10, 11, 20, 99]), expected: 15 },
  { desc: "drops two at each end", input: drop(2, false, [1, 2, 3, 5, 9, 60, 70]), expected: 6 },
  { desc: "two each, descending", input: drop(2, false, [8, 7, 6, 4, 3, 2, 1]), expected: 4.5 },
  { desc: "drops nobody", input: drop(0, false, [10, 40, 20]), expected: 25 },
  { desc: "of nobody dropped, one is enough", input: drop(0, false, [_, 7]), expected: 7 },
  { desc: "whole: rounded down", input: drop(1, true, [0, 10, 15, 90]), expected: 12 },
  { desc: "whole: rounded down below 0 too", input: drop(1, true, [-9, -2, -1, 9]), expected: -2 },
  { desc: "not whole: as it is", input: drop(1, false, [0, 10, 15, 90]), expected: 12.5 },
  { desc: "⊥ is not counted", input: drop(1, false, [_, 0, 10, 90]), expected: 10 },
  { desc: "two are too few for one traitor", input: drop(1, false, [_, _, 10, 20]), expected: 99 },
  { desc: "four are too few for two", input: drop(2, false, [1, 2, _, _, 3, 4, _]), expected: 99 },
  { desc: "five are enough for two", input: drop(2, false, [1, 2, _, 9, 3, 4, _]), expected: 3 },
  { desc: "nothing but ⊥", input: drop(1, false, [_, _, _, _]), expected: 99 },
  { desc: "nothing but ⊥, and nobody to drop", input: drop(0, false, [_, _]), expected: 99 },
];

for (const { desc, input, expected } of MIDPOINT) {
  test(`CHOOSE.3 midpoint: ${desc}`, () => {
    assert.equal(midpoint(input.traitors, input.whole)(input.vector, 99), expected);
  });
}

test("CHOOSE.5 unanimous: of all vectors of up to seven boards, one commits", () => {
  const entries = [true, false, _];
  for (let boards = 1; boards <= 7; boards++) {
    const committed: string[] = [];
    for (let number = 0; number < 3 ** boards; number++) {
      const vector = Array.from({ length: boards }, (__, at) =>
        entries[Math.floor(number / 3 ** at) % 3]);
      if (unanimous(vector)) committed.push(vector.join());
    }
    assert.deepEqual(committed, [Array.from({ length: boards }, () => true).join()]);
  }
});

/**
 * What correct boards read, what liars and boards without a reading have instead, and in which
 * order.
 */
interface Scene {
  readonly traitors: number;
  readonly correct: number[];
  readonly vector: Vector<number>;
}

const scene = (values: fc.Arbitrary<number>): fc.Arbitrary<Scene> =>
  fc
    .record({
      traitors: fc.integer({ min: 0, max: 6 }),
      more: fc.integer({ min: 0, max: 31 }),
      readings: fc.array(values, { minLength: 31, maxLength: 31 }),
      // A liar may appear as ⊥.
      lies: fc.array(fc.option(values, { nil: undefined }), { maxLength: 6 }),
      keys: fc.array(fc.nat(), { minLength: 31, maxLength: 31 }),
    })
    .map(({ traitors, more, readings, lies, keys }) => {
      const boards = Math.min(3 * traitors + 1 + more, 31);
      const correct = readings.slice(0, boards - traitors);
      const all = [...correct, ...lies.slice(0, traitors)];
      const placed = all.map((value, board) => ({ value, key: keys[board]! }));
      placed.sort((one, other) => one.key - other.key);
      return { traitors, correct, vector: placed.map(({ value }) => value) };
    });

const whole = fc.integer({ min: -100, max: 100 });
const fractional = fc.integer({ min: -1e9, max: 1e9 }).map((value) => value / 1000);

// Without a message of its own, each of the many failures of a shrinking property would be slow.
const assertBetween = (low: number, chosen: number, high: number) => {
  assert.ok(chosen >= low && chosen <= high, `${chosen} is not within ${low} to ${high}`);
};

for (const [desc, values] of [["whole", whole], ["fractional", fractional]] as const) {
  test(`CHOOSE.2, CHOOSE.3: within what correct boards read, ${desc} readings, any m liars`, () => {
    fc.assert(
      fc.property(scene(values), ({ traitors, correct, vector }) => {
        const low = Math.min(...correct);
        const high = Math.max(...correct);
        assertBetween(low, median(vector, Number.NaN), high);
        assertBetween(low, midpoint(traitors, false)(vector, Number.NaN), high);
        // Rounding down stays above a whole minimum.
        assertBetween(Math.floor(low), midpoint(traitors, true)(vector, Number.NaN), high);
      }),
      options,
    );
  });
}

test("CHOOSE.1..CHOOSE.3: what all correct boards read is chosen, whatever m liars say", () => {
  fc.assert(
    fc.property(scene(whole), whole, ({ traitors, correct, vector }, reading) => {
      // As many entries as there are correct boards become the same; the liars' keep their values.
      const left = [...correct];
      const alike = vector.map((value) => {
        const at = value === undefined ? -1 : left.indexOf(value);
        if (at < 0) return value;
        left.splice(at, 1);
        return reading;
      });
      const middles = [midpoint(traitors, false), midpoint(traitors, true)];
      for (const choose of [majority<number>, median, ...middles]) {
        assert.equal(choose(alike, Number.NaN), reading);
      }
      const row = (value: number) => Uint8Array.of(value + 100, 0);
      const rows = alike.map((value) => (value === undefined ? value : row(value)));
      assert.deepEqual(majorityOfBytes(rows, Uint8Array.of(0, 1)), row(reading));
    }),
    options,
  );
});

test("CHOOSE.1..CHOOSE.3: against counting and sorting, on any vector at all", () => {
  const vectors = fc.array(fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(vectors, fc.integer({ min: 0, max: 3 }), (vector, traitors) => {
      const present = vector.filter((value) => value !== undefined);
      const ascending = present.toSorted((one, other) => one - other);
      const winner = [0, 1, 2, 3].find(
        (value) => present.filter((other) => other === value).length * 2 > present.length,
      );
      assert.equal(majority(vector, 99), winner ?? 99);
      assert.equal(median(vector, 99), ascending[Math.ceil(present.length / 2) - 1] ?? 99);
      const rest = ascending.slice(traitors, Math.max(present.length - traitors, 0));
      const middle = rest.length ? (rest[0]! + rest.at(-1)!) / 2 : 99;
      assert.equal(midpoint(traitors, false)(vector, 99), middle);
      assert.equal(midpoint(traitors, true)(vector, 99), Math.floor(middle));
    }),
    options,
  );
});

test("CHOOSE.1..CHOOSE.3: the same vector gives the same order, whatever was chosen before", () => {
  fc.assert(
    fc.property(scene(whole), scene(whole), (one, other) => {
      const before = [...one.vector];
      const all = [majority<number>, median, midpoint(one.traitors, false)];
      const first = all.map((choose) => choose(one.vector, 99));
      for (const choose of all) choose(other.vector, 99);
      assert.deepEqual(all.map((choose) => choose([...one.vector], 99)), first);
      // In whichever order the boards are numbered.
      assert.deepEqual(all.map((choose) => choose(one.vector.toReversed(), 99)), first);
      assert.deepEqual(one.vector, before);
    }),
    options,
  );
});
