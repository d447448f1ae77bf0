import { wiredBytes } from "../emulate/wired.js";
import type { Network } from "../network/network.js";
import type { Readings } from "../network/readings.js";
import type { Known } from "./observe.js";

/**
 * What the boards put into a cycle, where that is known.
 *
 * @param whose of all boards, or of those that get it by wire
 */
export const knownIn = (
  network: Network, readings: Readings | undefined, whose: "all" | "wired", cycle: number,
): Known[] => {
  const shown = readings?.(cycle);
  return network.boards.map(({ number, layout }) => {
    const known = shown !== undefined && (whose === "all" || layout.wired);
    return { known, value: known ? shown[number] : undefined };
  });
};

/** What goes by wire of it, with the beacon that opens the cycle. */
export const wiredIn = (network: Network, known: readonly Known[]) =>
  network.boards.map(({ layout, number }) =>
    (layout.wired ? wiredBytes(network, known[number]!.value) : undefined));
