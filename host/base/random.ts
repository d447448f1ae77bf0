/**
 * A small generator of pseudo-random numbers whose whole state is its seed, so that a run can be
 * replayed: 32 bits of splitmix, which is enough to choose faults and lies by, and nothing else.
 */
export interface Prng {
  /** @returns the next whole number from 0 to 2^32 - 1. */
  next(): number;
  /** @returns a whole number from 0 to `bound` - 1. */
  below(bound: number): number;
  /** @returns true with this probability. */
  chance(probability: number): boolean;
}

// From one state to the next, and what is told of a state: both signed, as no number has to be
// allocated for one.
const after = (state: number): number => (state + 0x9e3779b9) | 0;
const mixed = (state: number): number => {
  let mix = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  mix = Math.imul(mix ^ (mix >>> 15), 0x735a2d97);
  return mix ^ (mix >>> 15);
};

export const createPrng = (seed: number): Prng => {
  let state = seed | 0;
  const step = () => mixed((state = after(state)));
  return {
    next: () => step() >>> 0,
    below: (bound) => Math.floor(((step() >>> 0) / 2 ** 32) * bound),
    chance: (probability) => (step() >>> 0) < probability * 2 ** 32,
  };
};

/** @returns a seed for one use of a run's seed, independent of its other uses. */
export const derive = (seed: number, use: number): number =>
  mixed(after(Math.imul(seed ^ 0x5bd1e995, use * 2 + 1) ^ use)) >>> 0;
