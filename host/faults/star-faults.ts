import { createPrng, derive } from "../base/random.js";
import type { Network } from "../network/network.js";
import type { Plan } from "../plan/plan.js";
import { AT_HUB } from "../topology/queue.js";
import type { FaultInjector } from "../topology/star/bus.js";
import type { Troubles } from "./asked.js";
import { createSeconds } from "./copies.js";
import type { Seconds } from "./copies.js";
import type { StarRun } from "./fault.js";
import { hitsOf } from "./hits.js";
import { createHubLies } from "./hub-lies.js";
import { createLiars } from "./liars.js";
import { longestRound } from "./longest.js";
import { lineKind, traitorKind } from "./registry.js";
import { createSynchronyInjector } from "./synchrony.js";
import { numberOf } from "./windows.js";

/** Lines and boards that fail, as the bus meets them. One seed, one run. */

/** What may go wrong, and who hears the second copies of boards. */
export type Faults = FaultInjector & Pick<Seconds, "hear">;

/** @param keyless whether liars have no keys: those of a real network only its boards have */
export const createFaultInjector = (
  network: Network, plan: Plan, troubles: Troubles, seed: number, keyless = false,
): Faults | undefined => {
  const { lines, traitors, windows = [] } = troubles;
  if (!lines.length && !traitors.length && !windows.length) return undefined;
  const prng = createPrng(derive(seed, 1));
  const roundBits = longestRound(plan);
  const seconds = createSeconds(network);
  const liars = createLiars(
    network, traitors, derive(seed, 2), { roundBits, keyless, second: seconds.said });
  const synchrony = createSynchronyInjector(network, plan, windows, derive(seed, 3));
  const run: StarRun = { network, prng, numberOf: (cycle) => numberOf(network, windows, cycle) };
  const byBoard = new Map(traitors.map(({ board, name, parameter }) => {
    const { isDown, sends } = traitorKind(network, name);
    return [board, { isDown, sends: sends?.(run), parameter }];
  }));
  const faults = lines.map((line) => ({ kind: lineKind(network, line.name), hits: hitsOf(line) }));
  const hub = faults.some(({ kind }) => kind.on === "hub")
    ? createHubLies(network, createPrng(derive(seed, 4))) : undefined;

  return {
    keyless,
    pass(happening, again, deadline) {
      const traitor = byBoard.get(happening.board);
      if (traitor?.isDown?.(traitor.parameter, happening.cycle, happening.round)) {
        happening.fate = "lost";
        return false;
      }
      const sends = happening.kind === AT_HUB ? traitor?.sends : undefined;
      if (sends && !sends(happening, traitor!.parameter, again, deadline)) return false;
      if (!synchrony.pass(happening, again)) return false;
      for (const { kind, hits } of faults) {
        if (!hits(happening, prng) || !happening.length) continue;
        if (kind.on === "hub") hub!.tell(kind, happening);
        else if (!kind.strike(happening, again, prng, roundBits)) return false;
      }
      hub?.hear(happening);
      return true;
    },
    lies: liars.lies,
    tell: (sender, receiver, round, cycle, payload, spoken) =>
      liars.tell({ sender, receiver, round, cycle, payload }, spoken),
    lieIn: liars.lieIn,
    hear: seconds.hear,
    stall: synchrony.stall,
  };
};
