import { HUB } from "../../firmware/index.js";
import type { Network } from "../network.js";
import type { Medium } from "./medium.js";
import { SLICE, idle } from "./run-cycle.js";
import type { Pace } from "./run-cycle.js";

/**
 * The very first ballot of a network (SPEC.md, HUB.2). A board that does not hear it open counts as
 * restarted (LOG.5), and if those are more than are outvoted, nothing is ever decided. So its round
 * 1 is opened again and again, until enough have answered. Only then is its number used.
 */
export interface Birth extends Pace {
  readonly cycle: number;
  /** Is told who has not answered, where that changes, and in the end whether it goes on. */
  readonly wait?: ((missing: readonly number[], goes: boolean) => void) | undefined;
}

/** So often those are waited for that are not needed; and after so many, see `shake`. */
const TRIES = 20;

/** @returns the number of the network's first ballot; -1 where there are no ballots */
export const firstBallotOf = ({ boards, file }: Network): number => {
  const { limits } = boards[0]!;
  return limits.ballots ? file.first_cycle ?? 0 : -1;
};

/**
 * Boards that heard the ballot open, in this run of the bus or one before, but whose answer was
 * lost, take all further openings for the same, and are silent. A beacon of round 2 of the next
 * cycle, which opens no ballot, takes them out of this one: they answer when it is opened again,
 * and say nothing in it that binds.
 */
const shake = async (
  medium: Medium, birth: Birth, wired: readonly (Uint8Array | undefined)[],
): Promise<void> => {
  const { plan, micro } = medium;
  const began = medium.begin(birth.cycle + 1, 2, wired, HUB);
  await medium.sleepUntil(began + micro(plan.rounds[1]!.length));
};

/**
 * Follows the first try of round 1. Of further tries those that nobody new answered are not told:
 * they were nothing to anybody, and there may be very many of them.
 *
 * @param again runs round 1 again
 * @returns whether enough have answered; else somebody stopped it
 */
export const waitForAll = async (
  medium: Medium, birth: Birth, wired: readonly (Uint8Array | undefined)[],
  again: (due: number) => Promise<void>,
): Promise<boolean> => {
  const { clock, wait = () => undefined } = birth;
  const { network: { boards, shape }, events, tally, members } = medium;
  const answered = new Set<number>();
  const missing = () => boards.map(({ number }) => number).filter((board) => !answered.has(board));
  const listen = () => {
    const before = answered.size;
    members.forEach(({ ear }, board) => {
      if (ear.heard) answered.add(board);
    });
    return answered.size > before;
  };
  // Who answers in one try is silent in the next: no such figures are told.
  const unmeasured = () => {
    for (const { ear } of members) ear.measured();
  };
  listen();
  if (!missing().length) return true;
  unmeasured();
  wait(missing(), false);
  let enough = 0;
  for (let tries = 1; enough < TRIES && missing().length; tries++) {
    const [told, { frames, bytes }] = [events.length, tally];
    const forget = () => {
      events.length = told;
      Object.assign(tally, { frames, bytes });
    };
    if (missing().length > shape.traitors && tries % TRIES === 0) {
      await shake(medium, birth, wired);
      forget();
    }
    if (!await idle(medium, birth, clock.now() + SLICE)) return false;
    await again(clock.now());
    unmeasured();
    if (!listen()) forget();
    else if (missing().length) wait(missing(), false);
    if (missing().length <= shape.traitors) enough++;
  }
  wait(missing(), true);
  return true;
};
