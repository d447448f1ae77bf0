import type { DecisionLog } from "../ballots/decision-log.js";
import type { BallotLayout, Protocol } from "../ballots/layout.js";
import type { LeaderProtocol } from "../ballots/leader.js";
import { move } from "../base/move.js";

/** Its record: the view in which it accepted a value last, 4, and that value. It votes once. */
export const MULTI_PAXOS: Protocol = {
  votes: 1, body: (value) => 4 + value, quorum: (n) => (n >> 1) + 1,
  least: (m) => 2 * m + 1, outvotes: "in views", views: true, direct: true,
};

/**
 * Paxos for many decisions, of boards that may fail and never lie: Lamport, "The Part-Time
 * Parliament" (1998) and "Paxos Made Simple" (2001). A view is a ballot whose first phase holds for
 * all slots. Line numbers (PAX.1 ...) are those of docs/leaders.md.
 *
 * @param choose see `CreateProtocol`
 */
export const createMultiPaxos = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, log: DecisionLog,
  choose: (to: number) => number,
): LeaderProtocol => {
  const { self, heard, block, slot, lead, body, quorum, valueWidth, keep } = layout;
  const { records } = log;
  const own = layout.levels[0]! + 1;
  // What it proposes in this view, where it says that; and for which slot: one value for each. What
  // it votes for lies there too, and is the same.
  const fixed = heard + self * block + 1;
  let of = -1;
  // PAX.3: the view that it leads.
  let leads = 0;

  const open = () => (keep ? view.getUint32(own + slot, true) : 0);

  // PAX.4
  const propose = (to: number) => {
    if (!log.ballot || leads !== log.ballot) return -1;
    if (of !== to) {
      if (choose(fixed) < 0) return -1;
      of = to;
    }
    return fixed;
  };

  return {
    gather() {
      const count = log.gather();
      let named = 0;
      let latest = 0;
      for (let index = 0; index < count; index++) {
        const record = records[index]!;
        if (arena[record + lead] === self) {
          named++;
          const accepted = view.getUint32(record + body, true);
          if (accepted > latest) {
            latest = accepted;
            move(arena, fixed, record + body + 4, record + body + 4 + valueWidth);
          }
        }
      }
      leads = named < quorum ? 0 : log.ballot;
      of = latest ? open() : -1;
    },
    propose: () => propose(open()),
    free: () => propose(open() + 1),
    // PAX.5, VIEW.2
    onProposal(message) {
      if (log.ballot && view.getUint32(own + body, true) === log.ballot) log.speak(own + body + 4);
      else {
        if (message >= 0) {
          view.setUint32(own + body, log.ballot, true);
          move(arena, own + body + 4, message, message + valueWidth);
        }
        log.vote(message >= 0 ? own + body + 4 : -1);
      }
    },
    close(_, from) {
      log.decide(log.tally(from));
    },
  };
};
