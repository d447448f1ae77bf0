import { derive } from "../base/random.js";
import type { Network } from "../network/network.js";
import type { Plan } from "../plan/plan.js";
import type { WireTrouble } from "../topology/wire/wire.js";
import type { Troubles } from "./asked.js";
import { createFaultInjector } from "./star-faults.js";
import type { Faults } from "./star-faults.js";
import { checkTroubles } from "./troubles.js";
import { refuseVacuous } from "./vacuous.js";
import { createWireTrouble } from "./wire-faults.js";

/** From a cycle on, something else goes wrong, in place of all that did. */
export interface Phase {
  readonly from: number;
  readonly troubles: Troubles;
}

/** Uses of a run's seed, of which each phase has one more. */
const PHASES = 1024;

/**
 * @param now what went wrong until then
 * @returns what goes wrong from this cycle on; undefined: no phase begins
 * @throws UsageError where that may not be asked for
 */
export const beginning = (
  network: Network, now: Troubles, phases: readonly Phase[], cycle: number,
): Troubles | undefined => {
  const found = phases.findLast(({ from }) => from === cycle)?.troubles;
  if (!found) return undefined;
  const troubles = { ...found, windows: now.windows ?? [] };
  checkTroubles(network, troubles);
  refuseVacuous(network, troubles, cycle + 1);
  return troubles;
};

/** @returns all that goes wrong in any of them: who lies once is not trusted in ballots before */
export const allTroubles = (first: Troubles, phases: readonly Phase[]): Troubles => {
  const all = [first, ...phases.map(({ troubles }) => troubles)];
  const byBoard = new Map(all.flatMap(({ traitors }) => traitors)
    .map((traitor) => [traitor.board, traitor]));
  return {
    lines: all.flatMap(({ lines }) => lines), traitors: [...byBoard.values()],
    windows: first.windows ?? [],
  };
};

/** What fails, as the bus of a network meets it: a star, or a wire that all share. */
export type Failing = (
  | { readonly star: Faults | undefined; readonly wire?: undefined }
  | { readonly wire: WireTrouble; readonly star?: undefined }
) & {
  /** Present where there may be phases: from this cycle on it is that which fails. */
  readonly change?: (troubles: Troubles, cycle: number) => void;
};

const seedOf = (seed: number, cycle: number): number => derive(seed, PHASES + cycle);

const phasedStar = (network: Network, plan: Plan, first: Troubles, seed: number): Failing => {
  let now = createFaultInjector(network, plan, first, seed);
  return {
    star: {
      keyless: false,
      pass: (...given) => now?.pass(...given) ?? true,
      lies: (...given) => now?.lies(...given) ?? false,
      tell: (...given) => now!.tell(...given),
      lieIn: (...given) => now!.lieIn(...given),
      hear: (...given) => now?.hear(...given),
      stall: (...given) => now?.stall?.(...given) ?? 0,
    },
    change(troubles, cycle) {
      now = createFaultInjector(network, plan, troubles, seedOf(seed, cycle));
    },
  };
};

const phasedWire = (network: Network, first: Troubles, seed: number): Failing => {
  let now = createWireTrouble(network, first, seed);
  return {
    wire: {
      slot: (slot) => now.slot(slot),
      answer: (...given) => now.answer(...given),
      pass: (happening) => now.pass(happening),
      clash: () => now.clash(),
    },
    change(troubles, cycle) {
      now = createWireTrouble(network, troubles, seedOf(seed, cycle));
    },
  };
};

/**
 * Lines and boards that fail, otherwise in each phase.
 *
 * @param phased whether there may be phases
 */
export const createFailing = (
  network: Network, plan: Plan, first: Troubles, seed: number, phased: boolean,
): Failing => {
  if (network.wiring) {
    return phased ? phasedWire(network, first, seed)
      : { wire: createWireTrouble(network, first, seed) };
  }
  return phased ? phasedStar(network, plan, first, seed)
    : { star: createFaultInjector(network, plan, first, seed) };
};
