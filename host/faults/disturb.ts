import { HUB, createWire } from "../../firmware/index.js";
import { createPrng } from "../base/random.js";
import type { Network } from "../network/network.js";
import type { Plan } from "../plan/plan.js";
import { AT_BOARD } from "../topology/queue.js";
import type { Happening } from "../topology/queue.js";
import type { Again } from "../topology/star/bus.js";
import { longestRound, numberOf, stepOf } from "./windows.js";
import type { Window } from "./windows.js";

/** What windows without synchrony do to the wires, and to the hub's time. */
export interface SynchronyInjector {
  /** As `FaultInjector.pass`: bytes are about to arrive. */
  pass(happening: Happening, again: Again): boolean;
  /** By how many bits the hub opens a round late. */
  readonly stall: (cycle: number, round: number) => number;
}

/** Whether bytes go from one of the boards of a window to another that may not hear them. */
const parted = ({ name, groups }: Window, { kind, sender, board }: Happening): boolean => {
  const from = kind === AT_BOARD ? sender : board;
  const to = kind === AT_BOARD ? board : HUB;
  if (name === "oneway") return groups[0]!.includes(from) && groups[1]!.includes(to);
  if (from === HUB || to === HUB) return false;
  return !groups.some((group) => group.includes(from) && group.includes(to));
};

/** @returns what makes of a beacon one of a later round: the last one closes the cycle */
const createHurry = (network: Network, windows: readonly Window[]) => {
  const { boards, rounds } = network;
  const { limits } = boards[0]!;
  const arena = new Uint8Array(limits.end);
  const { encode } = createWire(
    limits, arena, new DataView(arena.buffer), new Uint32Array(3), () => -1, () => undefined,
  );
  return (happening: Happening, by: number) => {
    const { round, cycle, bytes } = happening;
    const later = round + by > rounds ? 0 : round + by;
    const number = numberOf(network, windows, cycle);
    const end = encode((later << 5) | HUB, number, limits.heard, 0);
    happening.round = later;
    happening.length = end - limits.transmit;
    bytes.set(arena.subarray(limits.transmit, end));
  };
};

export const createSynchronyInjector = (
  network: Network, plan: Plan, windows: readonly Window[], seed: number,
): SynchronyInjector => {
  const prng = createPrng(seed);
  const longest = longestRound(plan);
  const hurry = createHurry(network, windows);
  const steps = windows.map((window) => ({
    window, first: stepOf(network, ...window.from), last: stepOf(network, ...window.to),
  }));
  const openAt = (step: number) =>
    steps.filter(({ first, last }) => step >= first && step <= last).map(({ window }) => window);

  // Whether the bytes arrive now, for all that this window does to them.
  const passOne = (window: Window, happening: Happening, again: Again): boolean => {
    const { name, amount, groups } = window;
    const { kind, sender, board, round, time } = happening;
    const here = kind === AT_BOARD && groups[0]?.includes(board);
    if (name === "echo") again(happening, time + amount * longest);
    if (name === "late" && prng.chance(amount)) {
      again(happening, time + 1 + prng.below(plan.period));
      return false;
    }
    if (name === "behind" && here) {
      again(happening, time + amount * longest);
      return false;
    }
    // A cycle's first beacon is on time, and nothing is before the last.
    if (name === "ahead" && here && sender === HUB && round > 1) hurry(happening, amount);
    const cut = (name === "oneway" || name === "partition") && parted(window, happening);
    if (cut || (name === "loss" && prng.chance(amount))) {
      happening.fate = "lost";
      return false;
    }
    return true;
  };

  return {
    pass(happening, again) {
      const open = openAt(stepOf(network, happening.cycle, happening.round));
      return open.every((window) => passOne(window, happening, again));
    },
    stall: (cycle, round) => openAt(stepOf(network, cycle, round))
      .reduce((sum, { name, amount }) => (name === "stall" ? sum + amount * longest : sum), 0),
  };
};
