import type { DecisionLog } from "../ballots/decision-log.js";
import type { BallotLayout } from "../ballots/layout.js";
import type { LeaderProtocol } from "../ballots/leader.js";
import { createFab } from "./fab.js";

/**
 * Fast Byzantine Paxos with a leader for several cycles, after Martin and Alvisi (2005): in the
 * common case a decision takes two steps, the leader's message and one vote. Its record is that of
 * leaderless FaB. Line numbers (FAB.1 ...) are those of docs/leaders.md.
 *
 * @param choose see `CreateProtocol`
 */
export const createLedFab = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, log: DecisionLog,
  choose: (to: number) => number,
): LeaderProtocol => {
  const inner = createFab(layout, arena, view, log, choose);
  const accepted = layout.levels[0]! + 1 + layout.body;
  const mine = layout.heard + layout.self * layout.block;
  // In which view it has accepted what its record says, if it is this one.
  let during = 0;

  // VIEW.2: where the value lies that it has accepted in this view, or 0.
  const voted = () => log.ballot && during === log.ballot && arena[accepted]! && accepted + 1;

  return {
    gather() {
      inner.gather();
    },
    free: () => choose(mine + 1),
    propose: () => voted() || inner.propose(),
    onProposal(message) {
      const at = voted();
      if (at) log.speak(at);
      else {
        inner.onProposal(message);
        // It has said so, and so it has kept it.
        if (arena[mine]! & 1) during = log.ballot;
      }
    },
    close(step, from) {
      inner.close(step, from);
    },
  };
};
