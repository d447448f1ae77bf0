import type { DecisionLog } from "../ballots/decision-log.js";
import type { BallotLayout, Protocol } from "../ballots/layout.js";
import type { Phases } from "../ballots/leader.js";
import { createVotes } from "../ballots/phases.js";
import type { Algorithm } from "../base/algorithm.js";

/**
 * Its record: whether it may have voted, 1, or 3 if that was in an earlier cycle; and whether it
 * was told that all are ready, 1.
 */
export const THREE_PHASE: Protocol = {
  votes: 0, body: () => 2, quorum: (n) => n, least: (m) => m + 1, outvotes: "that vote",
  direct: true, phases: 3,
};

/**
 * Commit in three phases, for one board that fails and messages that are in time: Skeen (1981),
 * with acknowledgements to all. Line numbers (COMMIT.4 ...) are those of docs/commit.md.
 */
export const createThreePhase = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, log: DecisionLog,
  _choose: (to: number) => number, agreement: Algorithm,
): Phases => {
  const { boards, self, coordinator, body } = layout;
  const own = layout.levels[0]! + 1;
  const votes = createVotes(layout, arena, view, log, agreement);

  // COMMIT.4: a vote of an earlier cycle is none.
  const isReady = () => {
    for (let board = 0; board < boards; board++) {
      const at = votes.said(board);
      if (at < 0 || (arena[at]! & 3) !== 1 || !arena[at + 1]) return false;
    }
    return true;
  };

  // How many are in this transaction, and know no outcome.
  const here = () => {
    let count = 0;
    for (let board = 0; board < boards; board++) if (votes.said(board) >= 0) count++;
    return count;
  };

  // COMMIT.5: who hears that another was told counts as told.
  const listen = () => {
    for (let board = 0; board < boards; board++) {
      const at = votes.said(board);
      if (at >= 0 && arena[at + body + 1]) arena[own + body + 1] = 1;
    }
  };

  return {
    close(round) {
      if (round > 1) listen();
      if (round < 2) {
        if (self !== coordinator) return;
        if (isReady()) arena[own + body + 1] = 1;
        else votes.decide(false);
      } else if (round > 2) {
        if (arena[own + body + 1]) votes.decide(true);
        else if (arena[own + body] === 1 || (arena[own + body] && here() >= boards - 1)) {
          votes.decide(false);
        }
      }
    },
  };
};
