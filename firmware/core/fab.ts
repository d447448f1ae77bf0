import type { Ledger } from "./ledger.js";
import type { Led } from "./leader.js";
import type { BallotLimits } from "./paxos-limits.js";

/**
 * Fast Byzantine Paxos under whatever leader, without signatures: after Martin and Alvisi, "Fast
 * Byzantine Paxos" (2005), of which every board checks the change vouchers in its own vector. Line
 * numbers (LFAB.1 ...) are those of DESIGN.md.
 *
 * @param choose as for `createPaxos`
 */
export const createFab = (
  limits: BallotLimits, arena: Uint8Array, ledger: Ledger, choose: (to: number) => number,
): Led => {
  const { traitors, self, heard, block, body, quorum } = limits;
  const { records, votes, same, copy } = ledger;
  const own = limits.levels[0]! + 1;
  let count = 0;

  // LFAB.2: where the value lies that must be proposed; 0: every value may be; -1: none.
  const find = () => {
    if (count < quorum) return -1;
    let accepted = 0;
    for (let index = 0; index < count; index++) {
      const at = records[index]! + body;
      if (arena[at]) votes[accepted++] = at + 1;
    }
    const value = ledger.elect(accepted, count - 2 * traitors);
    return value < 0 ? 0 : value;
  };

  return {
    open: ledger.open,
    gather() {
      count = ledger.gather();
    },
    lead: () => find() || choose(heard + self * block + 1),
    heed(message) {
      // LFAB.3
      const value = find();
      if (!ledger.ballot || value < 0 || (value && message >= 0 && !same(value, message))) message = -1;
      if (message >= 0) {
        arena[own + body] = 1;
        copy(own + body + 1, message);
      }
      ledger.speak(message);
    },
    close(_, from) {
      ledger.decide(ledger.tally(from));
    },
    entry: ledger.entry,
  };
};
