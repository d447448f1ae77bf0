import { UsageError } from "../base/error.js";
import type { Network } from "../network/network.js";
import { microsecondsOf, planOf } from "./plan.js";

/** How long an order may stand where no cycle is closed any more (SPEC.md, "Silence"). */

/** @returns microseconds; 0: for ever */
export const silenceUs = ({ file }: Network): number => (file.silence_ms ?? 0) * 1000;

/**
 * @returns microseconds from the last beacon that a board hears until its output is safe, at most:
 *   what is computed at one go is computed to its end first; 0: that is not promised
 */
export const safeAfterUs = (network: Network): number => {
  const silence = silenceUs(network);
  if (!silence) return 0;
  const { rounds, decide } = planOf(network);
  const longest = Math.max(...decide, ...rounds.flatMap(({ compute }) => compute));
  return silence + microsecondsOf(network, longest);
};

/** @throws UsageError where a board would take each pause between two cycles for a silence */
export const refuseRestless = (network: Network, where: string): void => {
  const silence = silenceUs(network);
  const period = microsecondsOf(network, planOf(network).period);
  if (!silence || silence > period) return;
  const least = Math.floor(period / 1000) + 1;
  throw new UsageError(
    `${where}silence_ms: ${silence / 1000} is no longer than a period, must be at least ${least}`,
  );
};
