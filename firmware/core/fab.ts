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
  limits: BallotLimits, arena: Uint8Array, ledger: Ledger, choose: (to: number) => boolean,
): Led => {
  const { boards, traitors, self, heard, block, body, quorum } = limits;
  const { entries, same, copy } = ledger;
  const own = limits.levels[0]! + 1;
  const mine = heard + self * block;
  let count = 0;

  // LFAB.2: what k-2F records have accepted, or -1.
  const bound = () => {
    for (let board = 0; board < boards; board++) {
      const value = entries[board]! + body + 1;
      let equal = 0;
      for (let other = 0; other < boards; other++) {
        const at = entries[other]! + body;
        if (entries[other]! >= 0 && arena[at] && same(at + 1, value)) equal++;
      }
      if (entries[board]! >= 0 && equal >= count - 2 * traitors) return value;
    }
    return -1;
  };

  return {
    open: ledger.open,
    gather() {
      ledger.gather(() => true);
      count = 0;
      for (let board = 0; board < boards; board++) if (entries[board]! >= 0) count++;
    },
    lead() {
      const value = count < quorum ? -1 : bound();
      return value >= 0 || count < quorum ? value : choose(mine + 1) ? mine + 1 : -1;
    },
    heed(message) {
      const value = bound();
      if (message < 0 || !ledger.acts() || count < quorum || (value >= 0 && !same(value, message))) {
        ledger.speak(-1);
      } else {
        // LFAB.3
        arena[own + body] = 1;
        copy(own + body + 1, message);
        ledger.speak(message);
      }
    },
    close(_, from) {
      const value = ledger.tally(from);
      if (value >= 0) ledger.decide(value);
    },
    entry: ledger.entry,
  };
};
