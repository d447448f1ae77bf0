import { createPrng } from "../base/random.js";
import type { Network } from "../network/network.js";
import type { Plan } from "../plan/plan.js";
import type { Happening } from "../topology/queue.js";
import type { Again } from "../topology/star/bus.js";
import type { Window } from "./asked.js";
import type { WindowRun } from "./fault.js";
import { longestRound } from "./longest.js";
import { synchronyFaultNamed } from "./registry.js";
import { numberOf, stepOf } from "./windows.js";

/** What windows without synchrony do to the wires, and to the hub's time. */
export interface SynchronyInjector {
  /** As `FaultInjector.pass`: bytes are about to arrive. */
  pass(happening: Happening, again: Again): boolean;
  /** By how many bits the hub opens a round late. */
  readonly stall: (cycle: number, round: number) => number;
}

export const createSynchronyInjector = (
  network: Network, plan: Plan, windows: readonly Window[], seed: number,
): SynchronyInjector => {
  const longest = longestRound(plan);
  const run: WindowRun = {
    network, plan, longest, prng: createPrng(seed),
    numberOf: (cycle) => numberOf(network, windows, cycle),
  };
  const steps = windows.map((window) => {
    const kind = synchronyFaultNamed(window.name);
    return {
      window, stalls: kind.stalls, passes: kind.passes?.(run),
      first: stepOf(network, ...window.from), last: stepOf(network, ...window.to),
    };
  });
  const openAt = (step: number) => steps.filter(({ first, last }) => step >= first && step <= last);

  return {
    pass: (happening, again) => openAt(stepOf(network, happening.cycle, happening.round))
      .every(({ window, passes }) => passes?.(window, happening, again) ?? true),
    stall: (cycle, round) => openAt(stepOf(network, cycle, round))
      .reduce((sum, { window, stalls }) => sum + (stalls?.(window, longest) ?? 0), 0),
  };
};
