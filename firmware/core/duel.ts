import type { DecisionLog } from "../ballots/decision-log.js";
import type { BallotLayout, Protocol } from "../ballots/layout.js";
import type { LeaderProtocol } from "../ballots/leader.js";
import { move } from "../base/move.js";

/** A number: whose it is, 1, and one more than the cycle in which it was asked for, 4. */
const NUMBER = 5;

/** Its record: the number that it promised, the one that it accepted, and the value of that. */
export const DUEL: Protocol = {
  votes: 1, body: (value) => 2 * NUMBER + value, quorum: (n) => (n >> 1) + 1,
  least: (m) => 2 * m + 1, outvotes: "in ballots", direct: true,
};

/**
 * Paxos without leases: every board that has heard no decision proposes, under numbers of its own,
 * and may overtake all others for ever. A record answers what was asked for in the cycle before.
 * Line numbers (DUEL.1 ...) are those of docs/leaders.md.
 *
 * @param choose see `CreateProtocol`
 */
export const createDuel = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, log: DecisionLog,
  choose: (to: number) => number,
): LeaderProtocol => {
  const { boards, self, heard, block, slot, body, quorum, valueWidth, keep } = layout;
  const { records } = log;
  const own = layout.levels[0]! + 1;
  const mine = heard + self * block;
  const promised = own + body;
  const accepted = promised + NUMBER;
  // DUEL.1: the cycle in which it asked last, one more; 0: it has used that.
  let asked = 0;
  // DUEL.2: the record whose value binds it; 0: none does; -1: it was not promised enough.
  let bound = -1;

  const cycleOf = (number: number) => view.getUint32(number + 1, true);

  // Whether the number at `one` is not below that of `board` and `cycle`.
  const reaches = (one: number, cycle: number, board: number) =>
    cycleOf(one) > cycle || (cycleOf(one) === cycle && arena[one]! >= board);

  const become = (number: number, cycle: number, board: number) => {
    arena[number] = board;
    view.setUint32(number + 1, cycle, true);
  };

  // Whether `board` is heard in the last round, and speaks of this board's slot.
  const isHere = (board: number, from: number) =>
    ((from | (1 << self)) >> board) & 1 && (!keep ||
      view.getUint32(heard + board * block + 1 + valueWidth, true) ===
        view.getUint32(own + slot, true));

  return {
    gather() {
      const count = log.gather();
      let promises = 0;
      let chosen = -1;
      bound = 0;
      for (let index = 0; index < count; index++) {
        const at = records[index]! + body;
        // DUEL.4: who has accepted the same number has accepted the same value.
        let equal = 0;
        for (let other = 0; other < count && cycleOf(at + NUMBER); other++) {
          const vote = records[other]! + body + NUMBER;
          if (cycleOf(vote) === cycleOf(at + NUMBER) && arena[vote] === arena[at + NUMBER]) equal++;
        }
        if (equal >= quorum) chosen = at + 2 * NUMBER;
        // DUEL.2
        if (asked && cycleOf(at) === asked && arena[at] === self) {
          promises++;
          const vote = at + NUMBER;
          if (cycleOf(vote) &&
            (!bound || !reaches(bound + NUMBER, cycleOf(vote), arena[vote]!))) bound = at;
        }
      }
      if (promises < quorum || asked + 1 !== log.ballot) bound = -1;
      log.decide(chosen);
    },
    propose() {
      if (log.done() || bound < 0) return -1;
      return bound ? bound + 2 * NUMBER : choose(mine + 1);
    },
    // DUEL.1, DUEL.2
    onProposal(message) {
      log.speak(log.ballot ? message : -1);
      asked = 0;
      if (message < 0 && log.ballot && !log.done()) {
        arena[mine] = 2;
        asked = log.ballot;
      }
    },
    // DUEL.3: first comes who asks, then who sends a value, and last what it asks itself. Whatever
    // is sent later has a higher number than what was sent before.
    close(_, from) {
      const { ballot } = log;
      if (!ballot) return;
      for (let board = 0; board < boards; board++) {
        if (board !== self && isHere(board, from) && arena[heard + board * block]! > 1) {
          become(promised, ballot, board);
        }
      }
      for (let board = 0; board < boards; board++) {
        const at = heard + board * block;
        if (isHere(board, from) && arena[at] === 1 &&
          !reaches(promised, ballot - 1, board + 1)) {
          become(accepted, ballot - 1, board);
          move(arena, accepted + NUMBER, at + 1, at + 1 + valueWidth);
        }
      }
      if (asked && !reaches(promised, ballot, self)) become(promised, ballot, self);
    },
  };
};
