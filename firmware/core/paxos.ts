import type { Ledger } from "./ledger.js";
import type { Led } from "./leader.js";
import type { BallotLimits } from "./paxos-limits.js";

/**
 * Byzantine Paxos as an acceptor and leader runs it, under whatever leader: Lamport, "Byzantizing
 * Paxos by Refinement" (2011). Line numbers (LBP.1 ...) are those of DESIGN.md.
 *
 * @param choose writes the value that one fixed rule finds among the proposals, `Led.entry`, to the
 *   arena at `to`; false where it is no value
 */
export const createPaxos = (
  limits: BallotLimits, view: DataView, ledger: Ledger, choose: (to: number) => boolean,
): Led => {
  const { boards, traitors, self, heard, block, body, quorum, valueWidth } = limits;
  const { entries, same, copy } = ledger;
  const avBal = body + 4;
  const avPrev = body + 8;
  const mval = body + 12;
  const avVal = mval + valueWidth;
  const own = limits.levels[0]! + 1;
  const mine = heard + self * block;
  const word = (at: number) => view.getUint32(at, true);
  const keep = (at: number, value: number) => {
    view.setUint32(at, value, true);
  };

  // LBP.2: the records say nothing that binds.
  const free = () => {
    let count = 0;
    for (let board = 0; board < boards; board++) {
      if (entries[board]! >= 0 && !word(entries[board]! + body)) count++;
    }
    return count >= quorum;
  };

  // LBP.2: whether the last vote in the record at `record` was for what is safe.
  const safe = (record: number) => {
    const at = word(record + body);
    let below = 0;
    let vouchers = 0;
    for (let board = 0; board < boards; board++) {
      const other = entries[board]!;
      if (other >= 0) {
        const last = word(other + body);
        if (last < at || (last === at && same(other + mval, record + mval))) below++;
        if (word(other + avPrev) >= at ||
          (word(other + avBal) >= at && same(other + avVal, record + mval))) vouchers++;
      }
    }
    return at && below >= quorum && vouchers > traitors;
  };

  // LBP.2: of the safe ones, the vote in the highest ballot; only for the value at `value`, if that
  // is not -1.
  const find = (value: number) => {
    let best = -1;
    let highest = 0;
    for (let board = 0; board < boards; board++) {
      const record = entries[board]!;
      if (record >= 0 && word(record + body) > highest) {
        if ((value < 0 || same(record + mval, value)) && safe(record)) {
          highest = word(record + body);
          best = record + mval;
        }
      }
    }
    return best;
  };

  const wellFormed = (record: number) => {
    const previous = word(record + avPrev);
    const relayed = word(record + avBal);
    return word(record + body) <= ledger.ballot && relayed <= ledger.ballot &&
      (!previous || previous < relayed);
  };

  return {
    open: ledger.open,
    gather() {
      ledger.gather(wellFormed);
    },
    lead: () => free() ? (choose(mine + 1) ? mine + 1 : -1) : find(-1),
    heed(message) {
      // LBP.3
      if (message < 0 || !ledger.acts() || (!free() && find(message) < 0)) ledger.speak(-1);
      else {
        const relayed = word(own + avBal);
        if (relayed && !same(own + avVal, message)) keep(own + avPrev, relayed);
        keep(own + avBal, ledger.ballot + 1);
        copy(own + avVal, message);
        ledger.speak(message);
      }
    },
    close(step, from) {
      const value = ledger.tally(from);
      if (step > 1) {
        // LBP.5
        if (value >= 0) ledger.decide(value);
      } else if (value < 0 || !ledger.acts()) ledger.speak(-1);
      else {
        // LBP.4
        keep(own + body, ledger.ballot + 1);
        copy(own + mval, value);
        ledger.speak(value);
      }
    },
    entry: ledger.entry,
  };
};
