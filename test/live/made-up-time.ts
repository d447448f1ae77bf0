import type { Clock } from "../../host/live/live.js";

/** Time that goes on when somebody sleeps, and not before. */
export interface MadeUpTime {
  readonly clock: Clock;
  /** Does something at a time, in microseconds. */
  readonly at: (due: number, act: () => void) => void;
}

export const createMadeUpTime = (): MadeUpTime => {
  let time = 1_000_000;
  let acts: { time: number; act: () => void }[] = [];
  const takeDue = () => {
    const due = acts.filter((one) => one.time <= time);
    acts = acts.filter((one) => one.time > time);
    return due;
  };
  // Whatever waits for a promise has its turn before time goes on.
  const settle = async () => new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
  const clock: Clock = {
    now: () => time,
    async sleepUntil(until) {
      await settle();
      for (;;) {
        const next = acts.reduce((least, one) => Math.min(least, one.time), Infinity);
        if (next > until) break;
        time = Math.max(time, next);
        for (const { act } of takeDue()) act();
      }
      time = Math.max(time, until);
      await settle();
    },
  };
  return {
    clock,
    at(due, act) {
      acts.push({ time: due, act });
    },
  };
};
