import type { DecisionLog } from "../ballots/decision-log.js";
import type { BallotLayout } from "../ballots/layout.js";
import type { LeaderProtocol } from "../ballots/leader.js";
import { createPaxos } from "./paxos.js";

/**
 * Practical Byzantine fault tolerance without signatures, after Castro and Liskov (1999):
 * pre-prepare, prepare and commit are the leader's message, 2av and 2b. What the paper shows by
 * certificates every board checks in its own vector. Its record is that of Byzantine Paxos, with
 * numbers of views in place of those of ballots. Line numbers (PBFT.1 ...) are those of
 * docs/leaders.md.
 *
 * @param choose see `CreateProtocol`
 */
export const createPbft = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, log: DecisionLog,
  choose: (to: number) => number,
): LeaderProtocol => {
  const inner = createPaxos(layout, arena, view, log, choose);
  const avBal = layout.levels[0]! + 1 + layout.body + 4 + layout.valueWidth;

  // VIEW.2: where the value lies that it has voted for in this view, or 0.
  const voted = () => log.ballot && view.getUint32(avBal, true) === log.ballot && avBal + 4;

  return {
    gather() {
      inner.gather();
    },
    free: () => choose(layout.heard + layout.self * layout.block + 1),
    propose: () => voted() || inner.propose(),
    onProposal(message) {
      const at = voted();
      if (at) log.speak(at);
      else inner.onProposal(message);
    },
    close(step, from) {
      inner.close(step, from);
    },
  };
};
