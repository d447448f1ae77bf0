import type { DecisionLog } from "../ballots/decision-log.js";
import type { BallotLayout, Protocol } from "../ballots/layout.js";
import type { LeaderProtocol } from "../ballots/leader.js";
import { put } from "../base/put.js";
import { same } from "../base/same.js";

/** Its record: mbal 4, mval, avBal 4, avVal, avPrev 4. It votes twice, 2av and 2b. */
export const PAXOS: Protocol = {
  votes: 2, body: (value) => 12 + 2 * value, quorum: (n, m) => ((n + m) >> 1) + 1,
  least: (m) => 3 * m + 1, outvotes: "in ballots", early: true,
};

/**
 * Byzantine Paxos as an acceptor and a leader run it, under whatever leader: Lamport, "Byzantizing
 * Paxos by Refinement" (2011). Line numbers (LBP.1 ...) are those of docs/ballots.md.
 *
 * @param choose see `CreateProtocol`
 */
export const createPaxos = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, log: DecisionLog,
  choose: (to: number) => number,
): LeaderProtocol => {
  const { boards, traitors, self, heard, block, body, quorum, valueWidth } = layout;
  const { records } = log;
  const mval = body + 4;
  const avBal = mval + valueWidth;
  const avVal = avBal + 4;
  const avPrev = avVal + valueWidth;
  const own = layout.levels[0]! + 1;
  // LBP.2: where the value lies that the leader must name; 0: any will do; -1: none.
  let wanted = -1;
  let highest = -1;

  const word = (at: number) => view.getUint32(at, true);

  // The vote for the value at `value`, in this ballot, becomes the one at `at`, and is sent.
  const vote = (at: number, value: number) => {
    if (value >= 0) {
      view.setUint32(own + at, log.ballot, true);
      put(arena, own + at + 4, value, valueWidth);
    }
    log.vote(value);
  };

  // LBP.2: whether the vote for the value at `value` in the ballot before `at` is safe, and the
  // highest so far: 2F+1 records bind to nothing else by it, and F+1 vouch for it. No vote, 0, is
  // before all others, and with that the same two counts say whether every value is safe.
  const weigh = (at: number, value: number, count: number) => {
    // Nearly all boards name the same vote, or none.
    if (at <= highest) return;
    let below = 0;
    let vouchers = 0;
    for (let voter = 0; voter < count; voter++) {
      const other = records[voter]!;
      const last = word(other + body);
      const bound = last === at && at && !same(arena, other + mval, value, valueWidth);
      if (last <= at && !bound) below++;
      const vouches = !at || word(other + avPrev) >= at ||
        (word(other + avBal) >= at && same(arena, other + avVal, value, valueWidth));
      if (vouches) vouchers++;
    }
    if (below >= quorum && vouchers > traitors) {
      highest = at;
      wanted = at && value;
    }
  };

  // EARLY.1: whether every board names a value.
  const isFull = (from: number) => {
    for (let board = 0; board < boards; board++) if (log.named(board, from) < 0) return false;
    return true;
  };

  return {
    gather() {
      const count = log.gather();
      highest = -1;
      wanted = -1;
      for (let index = 0; index < count; index++) {
        const record = records[index]!;
        weigh(word(record + body), record + mval, count);
        // EARLY.2
        if (layout.early && word(record + avBal)) {
          weigh(word(record + avBal), record + avVal, count);
        }
      }
    },
    propose: () => wanted || choose(heard + self * block + 1),
    onProposal(message) {
      const binds = message >= 0 && wanted;
      if (binds && (wanted < 0 || !same(arena, wanted, message, valueWidth))) message = -1;
      // LBP.3
      const relayed = word(own + avBal);
      if (message >= 0 && relayed && !same(arena, own + avVal, message, valueWidth)) {
        view.setUint32(own + avPrev, relayed, true);
      }
      vote(avBal, message);
    },
    close(step, from) {
      const value = log.tally(from);
      // LBP.5, LBP.4
      if (step > 1) log.decide(value);
      else {
        if (layout.early && isFull(from)) log.decide(log.elect(boards, boards));
        vote(body, log.ballot ? value : -1);
      }
    },
  };
};
