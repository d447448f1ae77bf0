import type { Algorithm } from "../base/algorithm.js";
import { put } from "../base/put.js";
import { same } from "../base/same.js";
import type { BallotLayout } from "./layout.js";

/** No ballot, and no slot, is known to come after what was promised. */
export const UNKNOWN = 0xffffffff;

/**
 * What ballots are for: one decision, or a log of them, slot after slot (LOG.1 ...); who takes part
 * in a ballot; and how votes are counted.
 */
/**
 * What outlasts a loss of power: what this board may have promised, and what it has carried out.
 */
export interface Promises {
  /**
   * One more than the last ballot in which this board may have promised anything. 0: it is new, and
   * has promised nothing; 2^32-1: that is not known, and it never promises anything again.
   */
  readonly ballot: number;
  /**
   * The first slot in which it may promise anything (LOG.5). 0: what it has promised is in the
   * arena again (LOG.6), or it is new; 2^32-1: that is forgotten, and no such slot is known.
   */
  readonly from: number;
  /** How many slots are behind it: it has carried out what was decided there, or skipped it. */
  readonly acted: number;
  /**
   * Before anything is promised in the ballot before `ballot` (0: nothing is), or anything in the
   * slots before `acted` is carried out: makes that outlast a loss of power, and `from` with it.
   *
   * @returns whether it does, read back; if not, nothing may be promised or carried out
   */
  readonly keep: (ballot: number, acted: number, from: number) => boolean;
}

export interface DecisionLog {
  /** After `gather`: where the records lie that are not ⊥, in the order of the boards. */
  readonly records: number[];
  /** For `elect`: where values lie. */
  readonly votes: number[];
  /** One more than the open ballot; 0 where this board says nothing in it that binds (LOG.5). */
  ballot: number;
  /** With views: whether the cycle that opens, or is open, is a fast one (VIEW.1). */
  fast: boolean;
  /** The bit set of those whose claims were heard in this cycle (VIEW.5). */
  claimed: number;
  /**
   * A cycle opens.
   *
   * @param ballot its number in full; -1 where its opening was missed
   * @returns where in the arena the board's proposal belongs, a presence byte and then the value,
   *   before the first frame is sent; -1 where none is asked for
   */
  readonly open: (ballot: number) => number;
  /** How many slots are behind it, see `Promises.acted`. */
  acted: number;
  /**
   * Reads the vector, learns what F+1 records claim, and moves on in the log (LOG.2, LOG.3). Then
   * each record is one of this board's open slot.
   *
   * @returns how many records there are; 0 where this board says nothing that binds
   */
  readonly gather: () => number;
  /** The first of `count` votes that `quorum` of them equal, or -1. */
  readonly elect: (count: number, quorum: number) => number;
  /** 1 if its slot is decided, else 0. */
  readonly done: () => number;
  /**
   * VIEW.5: learns what itself and those of the bit set `from` claim, which is then in `claimed`.
   *
   * @returns whether it is in another slot now
   */
  readonly learn: (from: number) => boolean;
  /** The payload of the next round, which promises nothing: the value at `value`, or ⊥ for -1. */
  readonly speak: (value: number) => void;
  /**
   * The same, and a promise: this board votes for the value at `value`, which is in its record
   * already; for nothing if that is -1.
   */
  readonly vote: (value: number) => void;
  /** Of a commit: `Promises.keep` for the open ballot. */
  hold?: () => boolean;
  /** COMMIT.1: what `open` does of a commit, once it is known whether the board takes part. */
  begin?: () => number;
  /** COMMIT.3: 1 if it may have voted in the open transaction, and knows no outcome; else 0. */
  blocked?: () => number;
  /**
   * Where the value lies that `board` names for the open slot; -1 where it is not in the bit set
   * `from`, names none, or names one for another slot.
   */
  readonly named: (board: number, from: number) => number;
  /** A value that a quorum of `from` and this board name for the open slot, or -1. */
  readonly tally: (from: number) => number;
  /** The open slot is decided: for the value at `value`; not if that is -1. */
  readonly decide: (value: number) => void;
  /** Where the proposal of board `of` lies, or -1 for ⊥. */
  readonly entry: (of: number) => number;
  /** Where the value lies that was carried out last; -1: that is not in the record any more. */
  readonly recall: () => number;
  /**
   * The ballot is over: everything that is decided and not carried out yet is handed to `carry`, in
   * the order of the slots; `at`: where the value lies.
   *
   * @returns whether there was anything
   */
  readonly act: (carry: (at: number, slot: number) => void) => boolean;
}

/**
 * @param promises what outlasted the last loss of power; the record is in the arena already
 * @param show is told when the records are in, and the slot is the one that they are for
 */
export const createDecisionLog = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, agreement: Algorithm, promises: Promises,
  show?: () => void,
): DecisionLog => {
  const { boards, traitors, lies, self, heard, block, width, keep } = layout;
  const { slot, ring, lead, body, quorum, valueWidth } = layout;
  const own = layout.levels[0]! + 1;
  const mine = heard + self * block;
  const kept = own + slot + 4;
  const none = new Uint8Array(width - body);
  const records: number[] = [];
  const votes: number[] = [];
  let found = 0;
  const slotOf = (record: number) => view.getUint32(record + slot, true);
  // No ballot up to `last` binds: what is heard may be a repeat. `fresh`: the open one is later.
  let last = promises.ballot - 1;
  let fresh = false;
  // The open slot, and the first to promise anything in (LOG.5, LEARN.4). `forgot`: it is below.
  let open = keep ? slotOf(own) : 0;
  let from = layout.learner && !layout.stored ? UNKNOWN : promises.from;
  let forgot = false;
  let front = 0; // The slot of whoever is furthest, or its own: nobody claims one after it.
  let taken = 0; // The view that it takes part in (VIEW.1).

  const elect = (count: number, enough: number) => {
    // Equal ones are counted from the first of them on.
    for (let one = 0; one + enough <= count; one++) {
      const vote = votes[one]!;
      let equal = 1;
      for (let other = one + 1; other < count && equal < enough; other++) {
        if (same(arena, vote, votes[other]!, valueWidth)) equal++;
      }
      if (equal >= enough) return vote;
    }
    return -1;
  };

  // LOG.1: where the record claims that the open slot was decided; -1: it does not.
  const claim = (record: number) => {
    if (!keep) return arena[record]! > 1 ? record + 1 : -1;
    const state = arena[record + slot + 4]!;
    const top = slotOf(record) + (state & 1);
    return open >= top || open < top - (state >> 1)
      ? -1 : record + ring + (layout.review && log.fast ? 0 : (open % keep) * valueWidth);
  };

  // LOG.7: what is not carried out yet is not given up for what is newer; but who has forgotten may
  // have carried it out before.
  const decide = (value: number) => {
    if (value < 0) return;
    // VIEW.3: it learns one, if it did not know that.
    if (layout.review && !layout.direct && !(keep && arena[kept]! & 1)) arena[own + lead + 4] = 0;
    if (!keep) {
      arena[own] = 2;
      put(arena, own + 1, value, valueWidth);
    } else if (!(arena[kept]! & 1) && (forgot || open - log.acted < keep)) {
      if (forgot) log.acted = open;
      arena[kept] = Math.min((arena[kept]! >> 1) + 1, keep) * 2 + 1;
      const to = own + ring + (open % keep) * valueWidth;
      put(arena, to, value, valueWidth);
    }
  };

  // LOG.2
  const adopt = () => {
    const claims = open > front ? 0 : found;
    let count = 0;
    for (let index = 0; index < claims; index++) {
      const at = claim(records[index]!);
      if (at >= 0) votes[count++] = at;
    }
    // What a slot is decided for it stays decided for.
    if (!keep || !(arena[kept]! & 1)) decide(elect(count, lies + 1));
    return count;
  };

  // The slot that F+1 boards have reached, if it is after its own; and LOG.5: what this board may
  // have done before it was restarted is bounded by what N-F others have reached. Most are where it
  // is, and only those are counted that can change anything.
  const survey = () => {
    let crowd = (front = open);
    for (let one = 0; one < found; one++) {
      const reached = slotOf(records[one]!);
      if (reached > crowd || (fresh && reached + 2 < from)) {
        if (reached > front) front = reached;
        let ahead = 0;
        let behind = 0;
        for (let other = 0; other < found; other++) {
          if (slotOf(records[other]!) >= reached) ahead++;
          if (slotOf(records[other]!) <= reached) behind++;
        }
        if (ahead > lies && reached > crowd) crowd = reached;
        if (fresh && behind >= boards - traitors && reached + 2 < from) from = reached + 2;
      }
    }
    return crowd;
  };

  // LOG.3, LOG.4, LOG.7
  const advance = () => {
    const crowd = survey();
    for (;;) {
      const count = adopt();
      const done = arena[kept]! & 1;
      if (
        done
          ? crowd <= open && elect(count, 2 * lies + 1) < 0
          : crowd < open + keep || log.acted < open || (layout.review && log.fast)
      ) return;
      open = done ? open + 1 : (log.acted = crowd - keep + 1);
      view.setUint32(own + slot, open, true);
      arena[kept] = done ? arena[kept]! & 254 : 0;
      // Espruino's own `fill` goes through all that is before the place.
      arena.set(none, own + body);
    }
  };

  // A record of an earlier slot is a fresh one of this slot; one of a later slot is none.
  const align = () => {
    let count = 0;
    for (let index = 0; index < found; index++) {
      const record = records[index]!;
      const reached = slotOf(record);
      if (reached <= open) {
        if (reached < open) arena.set(none, record + body);
        records[count++] = record;
      }
    }
    found = count;
  };

  const log: DecisionLog = {
    records, votes,
    ballot: 0, fast: false, claimed: 0, acted: promises.acted,
    // Kept, then counted, then said, then acted on (LOG.6). Only these three promise or carry out
    // anything, and each asks `promises` first; what they leave in the arena counts, and is said.
    open(ballot) {
      fresh = ballot > last;
      if (fresh) last = ballot;
      forgot = open < from;
      // It promises nothing, and puts nothing in.
      if (layout.learner) return -1;
      if (layout.review && log.fast) {
        const here = ballot - ballot % layout.review + 1 === taken;
        log.ballot = fresh && here && log.acted >= open + log.done() ? taken : 0;
        return !keep && arena[own]! > 1 ? -1 : own;
      }
      log.ballot = fresh && open >= from ? (ballot + 1) >>> 0 : 0;
      if (layout.phases) return log.begin!();
      if (log.ballot && !promises.keep(log.ballot, log.acted, from)) log.ballot = 0;
      // VIEW.4: without the end of its review a board has no S, and no part in the view. Of Paxos
      // it needs none: it follows whom it named (PAX.5).
      if (layout.review) taken = layout.direct ? log.ballot : 0;
      arena[own - 1] = log.ballot && 1;
      return !keep && arena[own]! > 1 ? -1 : own;
    },
    vote(value) {
      if (value >= 0 && !promises.keep(log.ballot, log.acted, from)) {
        log.ballot = 0;
        if (layout.review) taken = 0;
      }
      log.speak(log.ballot ? value : -1);
    },
    act(carry) {
      const end = keep ? open + (arena[kept]! & 1) : arena[own]! >> 1;
      if (log.acted >= end || !promises.keep(0, end, from)) return false;
      while (log.acted < end) {
        carry(keep ? own + ring + (log.acted % keep) * valueWidth : own + 1, log.acted++);
      }
      return true;
    },
    recall() {
      const { acted } = log;
      if (!keep) return acted ? own + 1 : -1;
      const state = arena[kept]!;
      return acted > open + (state & 1) - (state >> 1)
        ? own + ring + ((acted - 1) % keep) * valueWidth : -1;
    },
    gather() {
      found = 0;
      for (let board = 0; board < boards; board++) {
        const at = agreement.entry(board);
        if (at >= 0) records[found++] = at;
      }
      if (!keep) adopt();
      else {
        // VIEW.5: in a fast cycle it has moved on by claims.
        if (!layout.review || !log.fast) advance();
        align();
      }
      if (!layout.direct && layout.review && !log.fast) taken = log.ballot;
      if (show) show();
      return (layout.review ? taken : log.ballot) && found;
    },
    done: () => (keep ? arena[kept]! & 1 : arena[own]! >> 1),
    learn(senders) {
      const before = open;
      found = 0;
      log.claimed = 0;
      for (let board = 0; board < boards; board++) {
        const at = heard + board * block;
        if (((senders | (1 << self)) >> board) & (arena[at]! >> 1) & 1) {
          log.claimed |= 1 << board;
          records[found++] = at;
        }
      }
      if (keep) advance();
      else adopt();
      return open !== before;
    },
    elect,
    speak(value) {
      arena[mine] = value < 0 ? 0 : 1;
      if (value >= 0) put(arena, mine + 1, value, valueWidth);
      if (layout.review) {
        // VIEW.5: the slot that it named in its claim stands there still.
        if (keep && value >= 0) arena[mine] += 2 * (open - slotOf(mine));
      } else if (keep) view.setUint32(mine + 1 + valueWidth, open, true);
    },
    named(board, senders) {
      const at = heard + board * block;
      if (layout.review && keep) {
        return ((senders | (1 << self)) >> board) & (log.claimed >> board) & arena[at]! & 1 &&
          slotOf(at) + (arena[at]! >> 1) === open ? at + 1 : -1;
      }
      return ((senders | (1 << self)) >> board) & arena[at]! & 1 &&
        (!keep || view.getUint32(at + 1 + valueWidth, true) === open) ? at + 1 : -1;
    },
    tally(senders) {
      let count = 0;
      for (let board = 0; board < boards; board++) {
        const at = log.named(board, senders);
        if (at >= 0) votes[count++] = at;
      }
      return elect(count, quorum);
    },
    decide,
    entry(of) {
      // PBFT.1: what is chosen from is the leader's own reading, as if all had it.
      if (layout.review && log.fast) return arena[own] ? own + 1 : -1;
      const at = agreement.entry(of);
      if (layout.phases) return at >= 0 && (arena[at]! & 3) === 1 ? at + 1 : -1;
      return at >= 0 && arena[at] && !(keep && slotOf(at) > open) ? at + 1 : -1;
    },
  };
  if (layout.phases) log.hold = () => promises.keep(log.ballot, log.acted, from);
  return log;
};
