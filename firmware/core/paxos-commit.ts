import type { DecisionLog } from "../ballots/decision-log.js";
import type { BallotLayout, Protocol } from "../ballots/layout.js";
import type { Phases } from "../ballots/leader.js";
import { createVotes } from "../ballots/phases.js";
import type { Algorithm } from "../base/algorithm.js";

/**
 * Its record: whether it may have voted, and whether it accepted that one is not ready, 1; whom it
 * names, 1; of which ballot is what it accepted, 4; and that: who is ready, a bit a board.
 */
export const PAXOS_COMMIT: Protocol = {
  votes: 0, body: (_, boards) => 6 + ((boards + 7) >> 3), quorum: (n) => (n >> 1) + 1,
  least: (m) => 2 * m + 1, outvotes: "that accept votes", direct: true, phases: 2, accepts: true,
};

/**
 * Paxos Commit: Gray and Lamport, "Consensus on Transaction Commit" (2006). Whether a board is
 * ready is a value in an instance of Paxos of its own, and all boards accept. Line numbers
 * (PC.1 ...) are those of docs/commit.md.
 */
export const createPaxosCommit = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, log: DecisionLog,
  _choose: (to: number) => number, agreement: Algorithm,
): Phases => {
  const { boards, self, body, quorum } = layout;
  const own = layout.levels[0]! + 1;
  const named = body + 1;
  const ballot = body + 2;
  const bits = body + 6;
  const none = new Uint8Array(layout.width - bits);
  const votes = createVotes(layout, arena, view, log, agreement);
  // In which ballot it has promised to hear whom it names in the next; and which it leads then,
  // with what: whether all instances are ready.
  let promised = 0;
  let leads = 0;
  let proposal = false;

  const isReady = (at: number, board: number) =>
    (arena[at + bits + (board >> 3)]! >> (board & 7)) & 1;
  const isAll = (at: number) => {
    for (let board = 0; board < boards; board++) if (!isReady(at, board)) return false;
    return true;
  };
  const add = (board: number) => {
    arena[own + bits + (board >> 3)]! |= 1 << (board & 7);
  };

  // PC.2: of ballot 0, votes that come before it has promised to hear another; PC.5: of a later
  // ballot, what its leader says.
  const accept = () => {
    const leader = arena[own + named]! - 1;
    if (leader < 0) {
      for (let board = 0; board < boards; board++) {
        const at = votes.said(board);
        if (at >= 0 && arena[at]! & 1) {
          if (arena[at + 1]) add(board);
          else arena[own + body]! |= 2;
        }
      }
      return;
    }
    const at = votes.said(leader);
    if (promised + 1 !== log.ballot || at < 0 || !(arena[at]! & 4)) return;
    view.setUint32(own + ballot, log.ballot, true);
    arena.set(none, own + bits);
    if (arena[at]! & 8) for (let board = 0; board < boards; board++) add(board);
  };

  // PC.4: a board that takes part in this transaction, another first in each cycle.
  const nominate = () => {
    for (let turn = 0; turn < boards; turn++) {
      const board = (log.ballot + turn) % boards;
      if (votes.said(board) >= 0) arena[own + named] = board + 1;
    }
    promised = log.ballot;
  };

  // PC.3: more than half have accepted that each is ready, or that one is not; or the same in one
  // later ballot.
  const learn = () => {
    let least = boards;
    let refused = 0;
    for (let board = 0; board < boards; board++) {
      let ready = 0;
      let settled = 0;
      const one = votes.said(board);
      const of = one < 0 ? 0 : view.getUint32(one + ballot, true);
      for (let other = 0; other < boards; other++) {
        const at = votes.said(other);
        if (at >= 0) {
          const last = view.getUint32(at + ballot, true);
          if (!last && isReady(at, board)) ready++;
          if (of && last === of) settled++;
        }
      }
      if (settled >= quorum) {
        votes.decide(isAll(one));
        return;
      }
      if (one >= 0 && !of && arena[one + body]! & 2) refused++;
      if (ready < least) least = ready;
    }
    if (least >= quorum || refused >= quorum) votes.decide(refused < quorum);
  };

  // PC.4: with what more than half report that name it, it settles what is open.
  const gather = () => {
    let count = 0;
    let latest = 0;
    leads = 0;
    proposal = true;
    for (let board = 0; board < boards; board++) {
      let ready = 0;
      for (let other = 0; other < boards; other++) {
        const at = votes.said(other);
        if (at >= 0 && arena[at + named] === self + 1) {
          if (!board) {
            const last = view.getUint32(at + ballot, true);
            count++;
            if (last > latest) {
              latest = last;
              leads = at;
            }
          }
          if (isReady(at, board)) ready = 1;
        }
      }
      if (!ready) proposal = false;
    }
    if (latest) proposal = isAll(leads);
    leads = count < quorum ? 0 : log.ballot;
  };

  return {
    open() {
      if (leads && leads + 1 === log.ballot && arena[own + named] === self + 1) {
        arena[own]! += proposal ? 12 : 4;
      }
    },
    close(round) {
      if (round > 1) {
        learn();
        if (!log.done()) gather();
      } else {
        accept();
        nominate();
        votes.bind();
      }
    },
  };
};
