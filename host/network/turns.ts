import { firstRound, lastRound } from "../../firmware/index.js";
import type { Network } from "./network.js";

/** @returns how many rounds the cycle of this number has: with views that is not all */
export const roundsIn = ({ boards }: Network, number: number): number => {
  const { layout } = boards[0]!;
  return lastRound(layout, number) - firstRound(layout, number) + 1;
};
