import type { Prng } from "../base/random.js";
import type { Happening } from "../topology/queue.js";
import type { LineFault } from "./asked.js";

/** @returns whether a line's fault comes about for bytes that are about to arrive, by chance */
export const hitsOf = ({ board, probability }: LineFault) =>
  ({ board: at, sender }: Happening, prng: Prng): boolean =>
    (board < 0 || board === at || board === sender) && prng.chance(probability);
