import { UsageError } from "../base/error.js";
import { loadNetwork } from "../network/network.js";
import type { Network } from "../network/network.js";
import { memoryOf, planOf } from "../plan/plan.js";
import { refuseRestless } from "../plan/silence.js";

/** @returns bytes of a board's arena and routes. */
export const arenaOf = (network: Network, number: number): number =>
  memoryOf(network, network.boards[number]!).reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * Loads a network, and refuses what every command must refuse.
 *
 * @throws UsageError naming the field, and the number that would be right
 */
export const openNetwork = (path: string): Network => {
  const network = loadNetwork(path);
  const { file } = network;
  const needed = Math.ceil((planOf(network).needed * 1e6) / file.baud) / 1000;
  if (file.period_ms !== undefined && file.period_ms < needed) {
    const { period_ms: period } = file;
    throw new UsageError(
      `${path}: period_ms: ${period} is shorter than a cycle takes, must be at least ${needed}`,
    );
  }
  refuseRestless(network, `${path}: `);
  return network;
};
