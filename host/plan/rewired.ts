import { UsageError } from "../base/error.js";
import { parseNetwork } from "../network/network.js";
import type { Network } from "../network/network.js";
import { BITS_A_BYTE, planOf } from "./plan.js";

/** What a cycle costs on other wires than those that the network file names. */
export interface Rewired {
  readonly wiring: "star" | "wire";
  readonly guardian: boolean;
  /** What the busiest link, or the wire, carries in a cycle. */
  readonly bytes: number;
  readonly bits: number;
  /** What a cycle takes, in bits. */
  readonly needed: number;
}

const costOf = ({ wiring, ...network }: Network): Rewired => {
  const { busiest, needed } = planOf({ ...network, wiring });
  return {
    wiring: wiring ? "wire" : "star", guardian: wiring?.guardian ?? false,
    bytes: busiest, bits: BITS_A_BYTE * busiest, needed,
  };
};

/** @returns the same network, wired otherwise; undefined where that cannot be */
const withWires = (
  { file }: Network, wires: { readonly wiring?: "wire"; readonly guardian?: boolean },
): Network | undefined => {
  const { wiring: _wiring, guardian: _guardian, release_us: release, boards, ...rest } = file;
  const kept = wires.wiring && release !== undefined ? { release_us: release } : {};
  try {
    return parseNetwork({
      ...rest, ...wires, ...kept,
      boards: boards.map(({ enable, ...board }) =>
        ({ ...board, ...(wires.wiring && enable !== undefined ? { enable } : {}) })),
    }, "");
  } catch (thrown) {
    if (thrown instanceof UsageError) return undefined;
    throw thrown;
  }
};

/** @returns what a star, a shared wire, and one with a guardian cost, as far as they can be had */
export const wiringCosts = (network: Network): Rewired[] => [
  withWires(network, {}), withWires(network, { wiring: "wire" }),
  withWires(network, { wiring: "wire", guardian: true }),
].flatMap((other) => (other ? [costOf(other)] : []));
