import { HUB } from "../../firmware/index.js";
import { sameValue } from "../base/values.js";
import type { Value } from "../base/values.js";
import type { Delivery } from "../topology/star/bus.js";

/**
 * Judges what boards put out while they hear no beacon (SPEC.md, SILENCE.1). It looks at nothing
 * but when beacons came, and what was put out.
 */
export interface SilenceJudge {
  /** A delivery has come to a board. */
  take(delivery: Pick<Delivery, "board" | "sender" | "fate">, time: number): void;
  /**
   * @param time microseconds
   * @param output what a board has put out last by then
   * @returns the boards whose output should be safe by now, and is not
   */
  unsafe(time: number, output: (board: number) => Value | undefined): number[];
}

/**
 * @param silence microseconds without a beacon until the output is `safe`; 0: that is not promised
 */
export const createSilenceJudge = (
  boards: number, silence: number, safe: Value,
): SilenceJudge => {
  const last = Array.from({ length: boards }, () => 0);
  return {
    take({ board, sender, fate }, time) {
      if (sender === HUB && fate === "heard") last[board] = time;
    },
    unsafe: (time, output) => last.flatMap((heard, board) =>
      (silence && time - heard >= silence && !sameValue(output(board), safe) ? [board] : [])),
  };
};
