/** What the random tests have in common: a seed that replays them, and how many runs they make. */
import type { TestContext } from "node:test";

/** `TAGMA_SEED` replays a run; without it every run is the same. */
export const SEED = Number(process.env["TAGMA_SEED"] ?? 1982) >>> 0;

/** Fewer random runs, which they say. `TAGMA_SOAK=1`, as `make soak` sets it, makes all of them. */
export const QUICK = process.env["TAGMA_SOAK"] !== "1";

/** Tests that have said how many runs they make: some ask in each. */
const told = new WeakSet<TestContext>();

/** How many runs to make: `full`, or the fewer that are enough to kill a mutant. */
export const runs = (t: TestContext, full: number, few: number): number => {
  if (!QUICK) return full;
  if (!told.has(t)) t.diagnostic(`${few} runs; ${full} with TAGMA_SOAK=1`);
  told.add(t);
  return few;
};

/** Named in every random test's output and failure. */
export const replay = `replay with TAGMA_SEED=${SEED}`;

/**
 * Mulberry32, of period 2^32.
 *
 * @returns a source of whole numbers 0..2^32-1
 */
export const createRandom = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
};

/** A bit set of `count` of the boards 0..boards-1. */
export const pick = (random: () => number, boards: number, count: number): number => {
  let set = 0;
  while (count) {
    const bit = 1 << random() % boards;
    if (!(set & bit)) count--;
    set |= bit;
  }
  return set;
};
