import type { Network } from "../network/network.js";

/** Boards that lose their power, and when they are whole again. */

/**
 * The last cycle in which a restarted board is not whole yet. One that signs skips the leaves that
 * were reserved, up to the end of their block, and commands nothing until then.
 */
export const wholeAfter = (since: number, { signing, shape }: Network): number => {
  const reserve = signing && shape.traitors ? signing.reserve : 1;
  return (Math.floor(since / reserve) + 1) * reserve - 1;
};

/** Whether a board that stops at (cycle, round) has stopped by then; round 0 comes last. */
export const hasStopped = (
  [stops = 0, inRound = 1]: readonly number[], cycle: number, round: number,
): boolean => cycle > stops || (cycle === stops && (round === 0 || round >= inRound));
