import { createDecisionLog } from "../ballots/decision-log.js";
import type { DecisionLog, Promises } from "../ballots/decision-log.js";
import type { BallotLimits } from "../ballots/layout.js";
import { createRotatingLeader, createVirtualLeader } from "../ballots/leader.js";
import type { CreateProtocol } from "../ballots/leader.js";
import type { Algorithm } from "../base/algorithm.js";

/** Agreement by ballots: each cycle is one, and may end without a decision. */
export interface Ballots extends DecisionLog, Algorithm {
  close: Algorithm["close"];
  entry: Algorithm["entry"];
}

/**
 * Puts a ballot together: what is decided by it, under which leader, over which interactive
 * consistency.
 *
 * @param agreement carries the records
 * @param create makes what decides; `choose` is the fixed rule among the proposals
 */
export const createBallots = (
  limits: BallotLimits, arena: Uint8Array, view: DataView, agreement: Algorithm,
  create: CreateProtocol, choose: (to: number) => number, promises: Promises,
): Ballots => {
  const ballots = createDecisionLog(limits, arena, view, agreement, promises) as Ballots;
  const protocol = create(limits, arena, view, ballots, choose);
  ballots.close = limits.rotating
    ? createRotatingLeader(limits, agreement, ballots, protocol)
    : createVirtualLeader(limits, agreement, protocol);
  return ballots;
};
