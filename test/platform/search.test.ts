import assert from "node:assert/strict";
import { test } from "node:test";
import * as there from "../../firmware/platform/espruino.js";
import { before, replace, search } from "../../firmware/platform/host.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";

/** Words are found and replaced alike, byte by byte and in strings of so many bytes. */

const PIECE = 256;

/**
 * A string as Espruino's, which finds half a word, too, where it ends with that
 * (test/dialect/builtins.json). No character of it is asked for by its number: what is added to a
 * string must be a slice.
 */
const textThere = (text: string) => ({
  slice: (from: number, end: number) => text.slice(from, end),
  indexOf(word: string, from = 0): number {
    const whole = text.indexOf(word, from);
    const last = text.length - 1;
    return whole < 0 && from <= last && text[last] === word[0] ? last : whole;
  },
});

Object.assign(globalThis, {
  E: { toString: (bytes: Uint8Array) => textThere(String.fromCharCode(...bytes)) },
});

/** The same, as anyone would write it down. */
const naiveSearch = (
  bytes: readonly number[], word: number, size: number, from: number, end: number,
): number => {
  for (let at = from; at <= end - size; at++) {
    if (bytes[at] === word % 256 && (size < 2 || bytes[at + 1] === word >> 8)) return at;
  }
  return -1;
};

const naiveReplace = (
  bytes: readonly number[], word: number, by: number, size: number, from: number, end: number,
): number[] => {
  const result = [...bytes];
  let at = from;
  while ((at = naiveSearch(result, word, size, at, end)) >= 0) {
    result[at] = by % 256;
    if (size > 1) result[at + 1] = by >> 8;
    at += size;
  }
  return result;
};

const check = (
  bytes: readonly number[], word: number, by: number, size: number, from: number, end: number,
): void => {
  const about = `${word} by ${by}, ${size}, ${from} to ${end} of ${bytes.join()}; ${replay}`;
  const arena = Uint8Array.from(bytes);
  const found = naiveSearch(bytes, word, size, from, end);
  assert.equal(search(arena, word, size, from, end), found, about);
  assert.equal(there.search(arena, word, size, from, end), found, about);
  const low = word & 255;
  const followed = bytes.slice(from, Math.max(from, end - 1))
    .filter((_, at) => bytes[from + at + 1] === low);
  for (const each of [before, there.before]) {
    assert.equal(each(arena, low, from, end), String.fromCharCode(...followed), about);
  }
  const replaced = naiveReplace(bytes, word, by, size, from, end);
  for (const each of [replace, there.replace]) {
    const other = Uint8Array.from(bytes);
    each(other, word, by, size, from, end);
    assert.deepEqual([...other], replaced, about);
  }
};

const START = 22 * 257;
const MASK = 23 * 256 + 1;

test("a word is found and replaced at both sides of a piece's end, and across it", () => {
  for (let at = PIECE - 4; at < PIECE + 3; at++) {
    for (const count of [1, 2, 3, 4, 5]) {
      for (const size of [1, 2]) {
        const bytes = Array.from({ length: 2 * PIECE + 5 }, () => 7);
        bytes.fill(22, at, at + count);
        const word = size > 1 ? START : 22;
        const by = size > 1 ? MASK : 24;
        check(bytes, word, by, size, 0, bytes.length);
        check(bytes, word, by, size, 2, at + count);
        check(bytes, word, by, size, 2, at + count - 1);
        check(bytes, word, by, size, at, at + 1);
        check(bytes, word, by, size, at + 1, bytes.length);
      }
    }
  }
});

test("in bytes of few kinds at random, whatever the length", (t) => {
  const random = createRandom(SEED);
  for (let run = runs(t, 20_000, 1500); run--; ) {
    const size = 1 + random() % 2;
    const length = random() % (random() % 4 ? 40 : 3 * PIECE);
    const bytes = Array.from({ length }, () => [22, 22, 23, 1, 0, 255][random() % 6]!);
    const from = random() % (length + 1);
    const end = from + random() % (length - from + 1);
    const one = [1, 0][random() % 2]!;
    const mask = 256 * [22, 23, one][random() % 3]! + one;
    const [word, by] = [[22, 24], [1, 22], [START, MASK], [mask, START]][
      2 * (size - 1) + random() % 2] as [number, number];
    check(bytes, word, by, size, from, end);
  }
});

test("nothing is found in nothing", () => {
  for (const size of [1, 2]) {
    for (const length of [0, 1, 2]) check([22, 22, 22].slice(0, length), START, MASK, size, 0, 0);
    check([22, 22], size > 1 ? START : 22, size > 1 ? MASK : 24, size, 1, 1);
  }
});
