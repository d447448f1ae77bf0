import type { Ledger } from "./ledger.js";
import type { Led } from "./leader.js";
import type { BallotLimits } from "./paxos-limits.js";

/**
 * Byzantine Paxos as an acceptor and a leader run it, under whatever leader: Lamport, "Byzantizing
 * Paxos by Refinement" (2011). Line numbers (LBP.1 ...) are those of DESIGN.md.
 *
 * @param choose writes the value that one fixed rule finds among the proposals, `Led.entry`, to the
 *   arena at `to`, and returns `to`; -1 where there is none
 */
export const createPaxos = (
  limits: BallotLimits, view: DataView, ledger: Ledger, choose: (to: number) => number,
): Led => {
  const { traitors, self, heard, block, body, quorum, valueWidth } = limits;
  const { records, same, copy } = ledger;
  const avBal = body + 4;
  const avPrev = body + 8;
  const mval = body + 12;
  const avVal = mval + valueWidth;
  const own = limits.levels[0]! + 1;
  let count = 0;

  const word = (at: number) => view.getUint32(at, true);
  const put = (at: number, value: number) => {
    view.setUint32(at, value, true);
  };

  // LBP.2: whether the last vote in the record at `record` was for what is safe, where 2F+1 records
  // bind to nothing else by it, and F+1 vouch for it. No vote, 0, is before all others: with that
  // the same two counts say whether every value is safe.
  const safe = (record: number) => {
    const at = word(record + body);
    let below = 0;
    let vouchers = 0;
    for (let index = 0; index < count; index++) {
      const other = records[index]!;
      const last = word(other + body);
      if (last < at || (last === at && (!at || same(other + mval, record + mval)))) below++;
      if (word(other + avPrev) >= at ||
        (word(other + avBal) >= at && same(other + avVal, record + mval))) vouchers++;
    }
    return below >= quorum && vouchers > traitors;
  };

  // LBP.2: where the value of the highest safe vote lies; 0: every value is safe; -1: none is.
  const find = () => {
    let best = -1;
    let highest = -1;
    for (let index = 0; index < count; index++) {
      const at = word(records[index]! + body);
      if (at > highest && safe(records[index]!)) {
        highest = at;
        best = at && records[index]! + mval;
      }
    }
    return best;
  };

  return {
    open: ledger.open,
    gather() {
      count = ledger.gather();
    },
    lead: () => find() || choose(heard + self * block + 1),
    heed(message) {
      // LBP.3
      const value = find();
      if (!ledger.ballot || value < 0 || (value && message >= 0 && !same(value, message))) message = -1;
      if (message >= 0) {
        const relayed = word(own + avBal);
        if (relayed && !same(own + avVal, message)) put(own + avPrev, relayed);
        put(own + avBal, ledger.ballot);
        copy(own + avVal, message);
      }
      ledger.speak(message);
    },
    close(step, from) {
      let value = ledger.tally(from);
      // LBP.5
      if (step > 1) ledger.decide(value);
      else {
        // LBP.4
        if (!ledger.ballot) value = -1;
        if (value >= 0) {
          put(own + body, ledger.ballot);
          copy(own + mval, value);
        }
        ledger.speak(value);
      }
    },
    entry: ledger.entry,
  };
};
