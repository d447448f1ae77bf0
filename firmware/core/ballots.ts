import type { Algorithm } from "./algorithm.js";
import { createFab } from "./fab.js";
import { createRotatingLeader, createVirtualLeader } from "./leader.js";
import { createLedger } from "./ledger.js";
import type { Ledger } from "./ledger.js";
import type { BallotLimits } from "./paxos-limits.js";
import { createPaxos } from "./paxos.js";

/** Agreement by ballots: each cycle is one, and may end without a decision. */
export interface Ballots extends Algorithm {
  /** A cycle opens; see `Ledger`. */
  readonly open: Ledger["open"];
  /** Where the proposal of a board lies, -1 for ⊥. */
  readonly entry: Ledger["entry"];
  /** Where a decision lies, less than 0 for none; see `Ledger`. */
  readonly decided: Ledger["decided"];
}

/**
 * Puts a ballot together: what is decided by it, under which leader, over which interactive
 * consistency.
 *
 * @param agreement carries the records
 * @param choose the fixed rule among the proposals; see `createPaxos`
 */
export const createBallots = (
  limits: BallotLimits, arena: Uint8Array, view: DataView, agreement: Algorithm,
  choose: (to: number) => number,
): Ballots => {
  const ledger = createLedger(limits, arena, view, agreement);
  const led = limits.ballots === "fab"
    ? createFab(limits, arena, ledger, choose)
    : createPaxos(limits, view, ledger, choose);
  const close = limits.rotating
    ? createRotatingLeader(limits, agreement, ledger, led, arena)
    : createVirtualLeader(limits, agreement, led);
  return { open: ledger.open, close, entry: ledger.entry, decided: ledger.decided };
};
