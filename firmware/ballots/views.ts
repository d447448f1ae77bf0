import type { Algorithm } from "../base/algorithm.js";
import { move } from "../base/move.js";
import type { DecisionLog } from "./decision-log.js";
import type { BallotLayout } from "./layout.js";
import type { Close, LeaderProtocol } from "./leader.js";

/** What a node has of views, besides the log. */
export interface Views extends DecisionLog {
  /**
   * A fast cycle is open, and the board has its reading: makes what it says first (VIEW.5). The
   * same of a transaction whose votes are accepted (PC.4).
   */
  speakFirst: () => void;
}

/**
 * Views: a board leads for several cycles (docs/leaders.md). In a review all records go to all, as
 * under the virtual leader; in the fast cycles that follow the leader proposes and the others vote.
 * A lease is exactly this: for so many cycles nobody else can lead.
 */
export const createViews = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, agreement: Algorithm,
  log: Views, protocol: LeaderProtocol,
): Close => {
  const { boards, traitors, self, exchanges: rounds, keep, valueWidth } = layout;
  const { slot, ring, lead } = layout;
  const own = layout.levels[0]! + 1;
  const mine = layout.heard + self * layout.block;

  const slotOf = (record: number) => view.getUint32(record + slot, true);

  const leader = () => (layout.direct ? arena[own + lead]!
    : view.getUint32(own + lead, true) % boards);

  // PAX.2: it names the highest board that it heard say that it is there, or itself.
  const nominate = (from: number) => {
    arena[own + lead] = self;
    for (let board = self + 1; board < boards; board++) {
      if ((from >> board) & arena[layout.heard + board * layout.block]! & 1) {
        arena[own + lead] = board;
      }
    }
  };

  // VIEW.4: the (F+1)-th highest number of the records, and one more if F+1 of them complain. From
  // then on a board has something to complain of, until it learns a decision (VIEW.3).
  const follow = () => {
    let complaints = 0;
    let found = 0;
    let highest = 0;
    for (let one = 0; one < boards; one++) {
      const at = agreement.entry(one);
      if (at < 0) continue;
      const number = view.getUint32(at + lead, true);
      let reached = 0;
      for (let other = 0; other < boards; other++) {
        const from = agreement.entry(other);
        if (from >= 0 && view.getUint32(from + lead, true) >= number) reached++;
      }
      found++;
      if (reached > traitors && number > highest) highest = number;
      if (arena[at + lead + 4]) complaints++;
    }
    if (found > traitors) {
      view.setUint32(own + lead, highest + (complaints > traitors ? 1 : 0), true);
    }
    arena[own + lead + 4] = !keep && log.done() ? 0 : 1;
  };

  // PBFT.1: where a value lies for the first slot that it has not decided; -1: it proposes none.
  const proposal = () => {
    if (leader() !== self) return -1;
    if (!log.done()) return protocol.propose();
    return keep ? protocol.free!() : -1;
  };

  // VIEW.5: what it says first, as a record begins, with room for one decision.
  const claim = () => {
    const done = log.done();
    const state = arena[own + slot + 4]!;
    const decision = keep ? own + ring + ((slotOf(own) + done - 1) % keep) * valueWidth : own + 1;
    const value = !keep && done ? decision : proposal();
    if (value >= 0) move(arena, mine + 1, value, value + valueWidth);
    arena[mine] = (value < 0 ? 0 : 1) + (keep || done ? 2 : 0);
    if (keep) {
      view.setUint32(mine + slot, slotOf(own), true);
      arena[mine + slot + 4] = done + (state > 1 ? 2 : 0);
      if (state > 1) move(arena, mine + ring, decision, decision + valueWidth);
    }
  };

  // PBFT.1: where the value lies that the leader proposes for this board's slot; -1: none.
  const message = (from: number) => {
    const board = leader();
    if (!log.ballot || !keep) return log.ballot ? log.named(board, from) : -1;
    const at = layout.heard + board * layout.block;
    const state = arena[at + slot + 4]!;
    const beyond = slotOf(at) + (state & 1) - slotOf(own);
    if (!((log.claimed >> board) & 1)) return -1;
    if (!beyond) return arena[at]! & 1 ? at + 1 : -1;
    return beyond === 1 && state > 1 ? at + ring : -1;
  };

  log.speakFirst = () => {
    if (log.ballot) claim();
    else arena[mine] = 0;
  };
  return (round, from) => {
    if (round <= rounds) {
      agreement.close(round, from);
      if (layout.direct && round < rounds) nominate(from);
      if (round === rounds) {
        if (!layout.direct) follow();
        protocol.gather();
      }
    } else if (round > rounds + 1) protocol.close(round - rounds - 1, from);
    else {
      // What a leader may propose in later slots follows from the slots alone (PAX.4).
      if (log.learn(from) && !layout.direct) protocol.gather();
      protocol.onProposal(message(from));
    }
  };
};
