import { HUB } from "../../firmware/index.js";
import { cycleIn } from "../plan/plan.js";
import type { RoundPlan } from "../plan/plan.js";
import type { Medium } from "./medium.js";

/** Between two looks at whether to stop, and at lines that are away; microseconds. */
export const SLICE = 100_000;

/** Who says when it is, and whether to go on. */
export interface Pace {
  readonly clock: { now(): number; sleepUntil(time: number): Promise<void> };
  readonly stopped: () => boolean;
}

/** Sleeps in slices, and looks after lines that are away. @returns whether it slept to the end */
export const idle = async (
  medium: Medium, { clock, stopped }: Pace, until: number,
): Promise<boolean> => {
  while (!stopped()) {
    const next = Math.min(until, clock.now() + SLICE);
    await medium.sleepUntil(next);
    if (next >= until) return !stopped();
    medium.tick();
  }
  return false;
};

export interface CycleRun {
  readonly cycle: number;
  /** When it is due, in microseconds. */
  readonly due: number;
  readonly wired: readonly (Uint8Array | undefined)[];
  /** Is told by how much a beacon was late. */
  readonly late: (by: number) => void;
}

/** @returns by how much the latest beacon was late */
export const runCycle = async (
  medium: Medium, { cycle, due, wired, late }: CycleRun,
): Promise<number> => {
  const { network, plan, micro } = medium;
  const { first, last } = cycleIn(plan, network, cycle);
  let next = due;
  let latest = 0;
  const begin = (round: number, speaker: number) => {
    const began = medium.begin(cycle, round, wired, speaker);
    latest = Math.max(latest, began - next);
    late(Math.max(0, began - next));
    return began;
  };
  const run = async ({ round, deadline, length: all, slots }: RoundPlan) => {
    for (const { board, length } of slots.length ? slots : [{ board: HUB, length: all }]) {
      const began = begin(round, board);
      await medium.sleepUntil(began + micro(Math.min(deadline, length)));
      medium.passed();
      next = began + micro(length);
      await medium.sleepUntil(next);
      medium.end(round, board);
    }
  };
  for (const round of plan.rounds.slice(first - 1, last)) await run(round);
  const closed = begin(0, HUB);
  await medium.sleepUntil(closed + micro(plan.closingLength));
  medium.end(0, HUB);
  return Math.round(latest);
};
