import { UsageError } from "../base/error.js";
import type { Network } from "../network/network.js";
import type { Troubles } from "./asked.js";
import { faultyIn } from "./troubles.js";

/**
 * Where every board is faulty, whatever is said of the correct ones is true, and worth nothing.
 *
 * @throws UsageError where that is so in one of the cycles
 */
export const refuseVacuous = (network: Network, troubles: Troubles, cycles: number): void => {
  // Of several that fail at some time, the last one does so in a cycle that a parameter names.
  const begins = [
    ...troubles.traitors.map(({ parameter: [since = 0] }) => since),
    ...(troubles.windows ?? []).map(({ from: [since] }) => since),
  ];
  for (const cycle of [0, ...begins].toSorted((one, other) => one - other)) {
    const faulty = faultyIn(network, troubles, cycle);
    if (cycle < cycles && network.members.every(({ number }) => faulty.has(number))) {
      throw new UsageError(
        `in cycle ${cycle} every board is faulty, so that there is nothing to judge; ` +
        "leave one that is correct",
      );
    }
  }
};
