import type { DecisionLog } from "../ballots/decision-log.js";
import type { BallotLayout, Protocol } from "../ballots/layout.js";
import type { LeaderProtocol } from "../ballots/leader.js";
import { move } from "../base/move.js";
import { same } from "../base/same.js";

/** Its record: presence 1, and the value that was accepted. It votes once. */
export const FAB: Protocol = {
  votes: 1, body: (value) => 1 + value, quorum: (n, m) => n - m,
  least: (m) => 5 * m + 1, outvotes: "in two steps",
};

/**
 * Fast Byzantine Paxos under whatever leader, without signatures: after Martin and Alvisi, "Fast
 * Byzantine Paxos" (2005), of which every board checks the change vouchers in its own vector. Line
 * numbers (LFAB.1 ...) are those of docs/ballots.md.
 *
 * @param choose as for `createPaxos`
 */
export const createFab = (
  layout: BallotLayout, arena: Uint8Array, _view: DataView, log: DecisionLog,
  choose: (to: number) => number,
): LeaderProtocol => {
  const { traitors, self, heard, block, body, quorum } = layout;
  const { records, votes } = log;
  const own = layout.levels[0]! + 1;
  // LFAB.2: where the value lies that must be proposed; 0: any will do; -1: none.
  let wanted = -1;

  return {
    gather() {
      const count = log.gather();
      let accepted = 0;
      for (let index = 0; index < count; index++) {
        const at = records[index]! + body;
        if (arena[at]) votes[accepted++] = at + 1;
      }
      wanted = count < quorum ? -1 : Math.max(0, log.elect(accepted, count - 2 * traitors));
    },
    propose: () => wanted || choose(heard + self * block + 1),
    onProposal(message) {
      const binds = message >= 0 && wanted;
      if (binds && (wanted < 0 || !same(arena, wanted, message, layout.valueWidth))) message = -1;
      // LFAB.3
      if (message >= 0) {
        arena[own + body] = 1;
        move(arena, own + body + 1, message, message + layout.valueWidth);
      }
      log.vote(message);
    },
    close(_, from) {
      log.decide(log.tally(from));
    },
  };
};
