import type { Algorithm } from "../base/algorithm.js";
import type { DecisionLog } from "./decision-log.js";
import type { BallotLayout } from "./layout.js";
import type { Close, Phases } from "./leader.js";
import type { Views } from "./views.js";

/**
 * A commit in phases: one transaction a slot, and as many rounds as it takes in each cycle
 * (docs/commit.md). All that boards say goes straight to all, and all of it begins as a record
 * does: with their vote, their slot and their decisions. So who has an outcome tells it in each
 * frame, and who has none asks by that (COMMIT.3).
 */
export const createPhases = (
  layout: BallotLayout, arena: Uint8Array, agreement: Algorithm, log: Views, phases: Phases,
): Close => {
  const own = layout.levels[0]! + 1;
  const vote = own + layout.body;

  // COMMIT.1: a board votes once in a transaction, and that it may have voted is kept before. It
  // says the same vote again (presence 3) as long as it remembers it.
  log.begin = () => {
    const voted = arena[vote]! & 1;
    if (layout.phases > 2 && voted) arena[vote] = 3;
    arena[own] = voted && arena[own]! & 1 && 3;
    if (log.ballot) {
      arena[vote]! |= 1;
      if (!log.hold!()) {
        log.ballot = 0;
        arena[vote]! ^= voted ^ 1;
      }
    }
    arena[own - 1] = log.ballot && 1;
    return voted ? -1 : own;
  };
  // No list grows later: outcomes are claimed by many only now and then.
  for (let board = 0; board < layout.boards; board++) log.votes[board] = log.records[board] = 0;
  log.blocked = () => (log.done() ? 0 : arena[vote]! & 1);
  if (layout.accepts) {
    log.speakFirst = () => {
      phases.open!();
    };
  }
  return (round, from) => {
    agreement.close(round, from);
    log.gather();
    // It has come to this transaction in the middle of a cycle, and has no vote in it yet.
    if (round < layout.rounds && !(arena[vote]! & 1)) arena[own] = 0;
    if (log.ballot && !log.done()) phases.close(round);
    // Who has decided goes on, and has a vote when the next cycle opens.
    if (round === layout.rounds) log.gather();
  };
};

/** The votes of the open transaction, as this board has heard them. */
export interface Votes {
  /** Where what a board said lies, if that is of this transaction; else -1. */
  readonly said: (board: number) => number;
  /** How many boards said that they are ready; -1: one said that it is not. */
  readonly count: () => number;
  /** The transaction is decided: all commit, or none. */
  readonly decide: (commit: boolean) => void;
  /** Keeps what this board has come to, or says nothing more in this cycle. @returns whether */
  readonly bind: () => boolean;
}

export const createVotes = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, log: DecisionLog,
  agreement: Algorithm,
): Votes => {
  const { boards, slot } = layout;
  const own = layout.levels[0]! + 1;
  const mine = layout.heard + layout.self * layout.block;

  const votes: Votes = {
    said(board) {
      const at = agreement.entry(board);
      return at >= 0 && view.getUint32(at + slot, true) === view.getUint32(own + slot, true)
        ? at : -1;
    },
    count() {
      let ready = 0;
      for (let board = 0; board < boards; board++) {
        const at = votes.said(board);
        if (at >= 0 && arena[at]! & 1) {
          if (!arena[at + 1]) return -1;
          ready++;
        }
      }
      return ready;
    },
    decide(commit) {
      arena[mine] = commit ? 1 : 0;
      log.decide(mine);
    },
    bind() {
      const held = log.hold!();
      if (!held) log.ballot = arena[own - 1] = 0;
      return held;
    },
  };
  return votes;
};
