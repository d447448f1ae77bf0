import { createDecisionLog } from "../ballots/decision-log.js";
import type { Promises } from "../ballots/decision-log.js";
import type { BallotLayout } from "../ballots/layout.js";
import { createRotatingLeader, createVirtualLeader } from "../ballots/leader.js";
import type { CreateProtocol, LeaderProtocol, Phases } from "../ballots/leader.js";
import { createLearner } from "../ballots/learner.js";
import { createPhases } from "../ballots/phases.js";
import { createViews } from "../ballots/views.js";
import type { Views } from "../ballots/views.js";
import type { Algorithm } from "../base/algorithm.js";

/** Agreement by ballots: each cycle is one, and may end without a decision. */
export interface Ballots extends Views, Algorithm {
  close: Algorithm["close"];
  entry: Algorithm["entry"];
}

/**
 * Puts a ballot together: what is decided by it, under which leader, over which interactive
 * consistency.
 *
 * @param agreement carries the records
 * @param create makes what decides; `choose` is the fixed rule among the proposals
 * @param show see `createDecisionLog`
 */
export const createBallots = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, agreement: Algorithm,
  create: CreateProtocol, choose: (to: number) => number, promises: Promises,
  show?: () => void,
): Ballots => {
  const ballots = createDecisionLog(layout, arena, view, agreement, promises, show) as Ballots;
  const made = layout.learner ? undefined
    : create(layout, arena, view, ballots, choose, agreement);
  const protocol = made as LeaderProtocol;
  ballots.close = layout.learner ? createLearner(layout, agreement, ballots) : layout.phases
    ? createPhases(layout, arena, agreement, ballots, made as Phases)
    : layout.review
      ? createViews(layout, arena, view, agreement, ballots, protocol)
      : layout.rotating
        ? createRotatingLeader(layout, agreement, ballots, protocol)
        : createVirtualLeader(layout, agreement, protocol);
  return ballots;
};
