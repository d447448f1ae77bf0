import type { Network } from "../network/network.js";
import { planOf } from "../plan/plan.js";
import { CYCLES_MAX } from "./limits.js";

/** What may stand behind a fault's name: c=crash:3.2, c=late:5. */
export interface Parameter {
  readonly means: string;
  /** What it is unless told. */
  readonly fallback: readonly number[];
  /** @returns what is wrong with the first of its numbers, or "" */
  readonly wrong: (network: Network, first: number) => string;
  /** @returns what is wrong, where a person gives it, with the second one, or "" */
  readonly wrongSecond: (network: Network, second: number) => string;
}

const within = (what: string, value: number, least: number, most: number, why = ""): string => {
  if (value < least) return `${what} ${value} must be at least ${least}`;
  return value > most ? `${what} ${value} must be at most ${most}${why}` : "";
};

const wrongCycle = (_network: Network, cycle: number): string =>
  within("CYCLE", cycle, 0, CYCLES_MAX);

/** A stop in round 0, the closing one, is for programs to ask. */
export const AT: Parameter = {
  means: "CYCLE.ROUND", fallback: [2, 2], wrong: wrongCycle,
  wrongSecond: ({ rounds }, round) =>
    (round < 1 || round > rounds ? `round ${round} must be 1 to ${rounds}` : ""),
};

export const FOR: Parameter = {
  means: "CYCLE.CYCLES", fallback: [2, 3], wrong: wrongCycle,
  wrongSecond: (_network, cycles) => (cycles < 1 ? `CYCLES ${cycles} must be at least 1` : ""),
};

/**
 * A frame that is later than a cycle is long would be one of many that wait, more each cycle. One
 * before the deadline is for programs to ask.
 */
export const BITS: Parameter = {
  means: "BITS", fallback: [1],
  wrong(network, bits) {
    const { period } = planOf(network);
    return within("BITS", bits, -period, period, ", a cycle's period");
  },
  wrongSecond: () => "",
};
