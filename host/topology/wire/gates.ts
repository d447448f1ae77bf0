import type { Network } from "../../network/network.js";
import { windowOf } from "../../network/wiring.js";

/**
 * The guardian of a shared wire: between each board's driver and the wire there is a gate that the
 * board has no power over. It opens when the board's driver is first enabled in the slot for which
 * the board was polled, for the time of one frame, and not again before its next slot.
 */
export interface Gates {
  /** A slot begins: each gate is as new. */
  open(): void;
  /** @returns until when what `board` begins to transmit at `time` gets through; `time`: not */
  admit(
    board: number, time: number,
    slot: { readonly speaker: number; readonly polled: number; readonly ends: number },
  ): number;
}

export const createGates = (network: Network): Gates => {
  const window = windowOf(network.boards[0]!.layout, network.wiring!);
  let used = false;
  return {
    open() {
      used = false;
    },
    admit(board, time, { speaker, polled, ends }) {
      if (board !== speaker || used || time < polled || time >= ends) return time;
      used = true;
      return Math.min(time + window, ends);
    },
  };
};
