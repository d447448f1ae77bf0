import type { BeaconEvent, FrameEvent } from "../events/events.js";
import type { Network } from "../network/network.js";
import type { Plan } from "../plan/plan.js";
import type { Ear } from "./ear.js";
import type { Gathering } from "./figures.js";
import type { Line } from "./line.js";

/** A board, as its line has it; on a shared wire that is the line of all. */
export interface Member {
  readonly line: Line;
  readonly ear: Ear;
  readonly answers: Gathering;
  /** Until when its line is busy downwards, in bits. */
  busy: number;
  lost: number;
  late: number;
  odd: number;
  floods: number;
}

/** What is between the bus and the boards: a star's links, or a wire that all share. */
export interface Medium {
  readonly network: Network;
  readonly plan: Plan;
  readonly members: readonly Member[];
  /** What has happened since the last cycle. */
  readonly events: (BeaconEvent | FrameEvent)[];
  readonly tally: { frames: number; bytes: number };
  readonly bitsAt: (time: number) => number;
  readonly micro: (bits: number) => number;
  /** Looks after lines that are away. */
  tick(): void;
  /**
   * Begins a round, or with round 0 ends the cycle; on a shared wire, begins a slot of it.
   *
   * @param speaker on a shared wire, who is polled
   * @returns when, in microseconds
   */
  begin(
    cycle: number, round: number, wired: readonly (Uint8Array | undefined)[], speaker: number,
  ): number;
  /** The deadline has passed. */
  passed(): void;
  /** Waits until a time in microseconds, and sends meanwhile what was held back. */
  sleepUntil(time: number): Promise<void>;
  /** The next beacon is due. */
  end(round: number, speaker: number): void;
}
