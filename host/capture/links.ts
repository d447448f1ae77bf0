import { HUB } from "../../firmware/index.js";
import type { FrameEvent, TraceEvent } from "../events/events.js";
import type { Network } from "../network/network.js";
import { BITS_A_BYTE, planOf } from "../plan/plan.js";

/** The lines that an analyser could be clipped to, and what was on them as a trace has it. */

/** A file of what was on the lines. */
export interface Capture {
  take(event: TraceEvent): void;
  /** The file is there once this returns. @throws UsageError where it cannot be written */
  finish(): void;
  /** Leaves nothing behind; does nothing once it is finished. */
  abandon(): void;
}

export interface Link {
  /** As at the board's pins: `a_tx` goes to the hub, `a_rx` comes from it. */
  readonly name: string;
}

export interface Links {
  readonly all: readonly Link[];
  /** On which of them a transmission was, by its place in `all`. */
  readonly of: (frame: FrameEvent) => number;
  /** When its first bit began, in bits since the start; `t` is when its last one ended. */
  readonly begins: (frame: FrameEvent) => number;
  /** Bits from one of its bytes to the next. */
  readonly pace: (frame: FrameEvent) => number;
  /** The longest that a transmission lasts that is as it should be, in bits. */
  readonly longest: number;
}

/** Whether something was on the line at all; what was lost, or shut out by a guardian, was not. */
export const isOnLine = ({ wiring }: Network, { fate, bytes }: FrameEvent): boolean =>
  bytes.length > 0 && fate !== "lost" && !(wiring && fate === "refused");

export const linksOf = (network: Network): Links => {
  const { boards, wiring } = network;
  const plan = planOf(network);
  const up = wiring ? [{ name: "hub_rx" }] : boards.map(({ name }) => ({ name: `${name}_tx` }));
  const { overhead, payloads } = boards[0]!.layout;
  const paces = boards.map((_, board) => (plan.paced[board]
    ? Math.max(...plan.rounds.map(({ intake }) => intake[board]!.pace)) : BITS_A_BYTE));
  const pace = ({ from, to, round }: FrameEvent): number => {
    if (to === HUB || from === HUB || !plan.paced[to]) return BITS_A_BYTE;
    return plan.rounds[round - 1]?.intake[to]?.pace ?? BITS_A_BYTE;
  };
  return {
    all: [...up, ...boards.map(({ name }) => ({ name: `${name}_rx` }))],
    of: ({ from, to }) => (to === HUB ? (wiring ? 0 : from) : up.length + to),
    begins: (frame) => frame.t - pace(frame) * frame.bytes.length,
    pace,
    longest: Math.max(...paces) * (overhead + Math.max(...payloads)) * 2,
  };
};
