/** Whether something keeps memory each time that it is done. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const memory = (): number => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** Far less than what a kept object of each chunk, frame or cycle takes. */
export const GROWTH_MAX = 400_000;

/**
 * Does something once, and then again, at most three times, until memory does not grow by it: what
 * is kept each time is found, and what compiling takes, or whoever else is in this process, is not.
 *
 * @returns bytes, the least of these times
 */
export const growthOf = (half: () => void): number => {
  half();
  let least = Infinity;
  for (let time = 0; time < 3 && least >= GROWTH_MAX; time++) {
    const before = memory();
    half();
    least = Math.min(least, memory() - before);
  }
  return least;
};
