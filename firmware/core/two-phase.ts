import type { DecisionLog } from "../ballots/decision-log.js";
import type { BallotLayout, Protocol } from "../ballots/layout.js";
import type { Phases } from "../ballots/leader.js";
import { createVotes } from "../ballots/phases.js";
import type { Algorithm } from "../base/algorithm.js";

/** Its record: whether it may have voted, 1. It is safe whoever fails, and waits where it must. */
export const TWO_PHASE: Protocol = {
  votes: 0, body: () => 1, quorum: (n) => n, least: (m) => m + 1, outvotes: "that vote",
  direct: true, phases: 2,
};

/**
 * Commit in two phases: Gray (1978), Lampson and Sturgis (1976). Line numbers (COMMIT.1 ...) are
 * those of docs/commit.md.
 */
export const createTwoPhase = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, log: DecisionLog,
  _choose: (to: number) => number, agreement: Algorithm,
): Phases => {
  const kept = layout.levels[0]! + 1 + layout.slot + 4;
  const votes = createVotes(layout, arena, view, log, agreement);

  return {
    // COMMIT.1, COMMIT.2
    close(round) {
      if (round > 1) return;
      const ready = votes.count();
      if (ready < 0 || layout.self === layout.coordinator) {
        // What cannot be kept is not decided; a place in the log is lost by that.
        const state = arena[kept]!;
        votes.decide(ready === layout.boards);
        if (!votes.bind()) arena[kept] = Math.min(state, 2 * layout.keep - 2);
      }
    },
  };
};
