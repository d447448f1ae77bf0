import type { Clock } from "../live/live.js";
import type { Io } from "./io.js";

/** Timers wake up to 1 ms late, and by themselves never early: the rest is waited for awake. */
const AWAKE = 2;

/** @returns the clock that the process has, in microseconds. */
export const clockOf = (io: Io): Clock => {
  const now = () => io.now() * 1000;
  return {
    now,
    async sleepUntil(time) {
      do {
        const left = (time - now()) / 1000;
        await io.sleep(left > AWAKE ? Math.floor(left - AWAKE + 1) : 0);
      } while (now() < time);
    },
  };
};
