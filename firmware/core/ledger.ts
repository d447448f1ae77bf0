import type { Algorithm } from "./algorithm.js";
import { move } from "./move.js";
import type { BallotLimits } from "./paxos-limits.js";
import { same } from "./same.js";

/**
 * What ballots are for: one decision, or a log of them, slot after slot (LOG.1 ...); who takes part
 * in a ballot; and how votes are counted.
 */
export interface Ledger {
  /** After `gather`: where the records lie that are not ⊥, in the order of the boards. */
  readonly records: number[];
  /** For `elect`: where values lie. */
  readonly votes: number[];
  /** One more than the open ballot; 0 where this board says nothing in it that binds (LOG.5). */
  ballot: number;
  /**
   * A cycle opens.
   *
   * @param ballot its number in full; -1 where its opening was missed
   * @returns where in the arena the board's proposal belongs, a presence byte and then the value,
   *   before the first frame is sent; -1 where none is asked for
   */
  readonly open: (ballot: number) => number;
  /** Where promises are stored: goes on with the record in the arena, after `ballot` (LOG.6). */
  resume?: (ballot: number) => void;
  /**
   * Reads the vector, learns what F+1 records claim, and moves on in the log (LOG.2, LOG.3). Then
   * each record is one of this board's open slot.
   *
   * @returns how many records there are; 0 where this board says nothing that binds
   */
  readonly gather: () => number;
  /** The first of `count` votes that `quorum` of them equal, or -1. */
  readonly elect: (count: number, quorum: number) => number;
  /** The payload of the next round: the value at `value`, or ⊥ where that is -1. */
  readonly speak: (value: number) => void;
  /** A value that a quorum of `from` and this board name for the open slot, or -1. */
  readonly tally: (from: number) => number;
  /** The open slot is decided: for the value at `value`; not if that is -1. */
  readonly decide: (value: number) => void;
  /** Where the proposal of board `of` lies, or -1 for ⊥. */
  readonly entry: (of: number) => number;
  /**
   * Where the decision of slot `of` lies; -1: this board has none yet; -1-k: nor will it have one,
   * nor of the k-1 slots after it, because it skipped them, or kept later ones instead. Without a
   * log there is slot 0 only.
   */
  readonly decided: (of: number) => number;
}

export const createLedger = (
  limits: BallotLimits, arena: Uint8Array, view: DataView, agreement: Algorithm,
): Ledger => {
  const { boards, traitors, self, heard, block, width, keep } = limits;
  const { slot, ring, body, quorum, first, valueWidth } = limits;
  const own = limits.levels[0]! + 1;
  const mine = heard + self * block;
  const kept = own + slot + 4;
  const records: number[] = [];
  const votes: number[] = [];
  let found = 0;
  // The last ballot that opened here; the open slot, and the first that this board may act in.
  let last = -1;
  let open = 0;
  let from = 0;

  const slotOf = (record: number) => view.getUint32(record + slot, true);

  const elect = (count: number, enough: number) => {
    for (let one = 0; one < count; one++) {
      let equal = 0;
      for (let other = 0; other < count; other++) {
        if (same(arena, votes[one]!, votes[other]!, valueWidth)) equal++;
      }
      if (equal >= enough) return votes[one]!;
    }
    return -1;
  };

  // LOG.1: where the record claims that slot `of` was decided; less than 0: it does not, see
  // `Ledger.decided`.
  const claim = (record: number, of: number) => {
    if (!keep) return arena[record]! > 1 ? record + 1 : -1;
    const state = arena[record + slot + 4]!;
    const top = slotOf(record) + (state & 1);
    const gone = top - (state >> 1) - of;
    return of >= top ? -1 : gone > 0 ? -1 - gone : record + ring + (of % keep) * valueWidth;
  };

  const decide = (value: number) => {
    if (value < 0) return;
    if (!keep) {
      arena[own] = 2;
      move(arena, own + 1, value, value + valueWidth);
    } else if (!(arena[kept]! & 1)) {
      arena[kept] = Math.min((arena[kept]! >> 1) + 1, keep) * 2 + 1;
      const to = own + ring + (open % keep) * valueWidth;
      move(arena, to, value, value + valueWidth);
    }
  };

  // LOG.2
  const adopt = () => {
    let count = 0;
    for (let index = 0; index < found; index++) {
      const at = claim(records[index]!, open);
      if (at >= 0) votes[count++] = at;
    }
    decide(elect(count, traitors + 1));
    return count;
  };

  // The slot that F+1 boards have reached; and LOG.5: what this board may have done before it was
  // restarted is bounded by what N-F others have reached.
  const survey = () => {
    let crowd = 0;
    for (let one = 0; one < found; one++) {
      const reached = slotOf(records[one]!);
      let ahead = 0;
      let behind = 0;
      for (let other = 0; other < found; other++) {
        if (slotOf(records[other]!) >= reached) ahead++;
        if (slotOf(records[other]!) <= reached) behind++;
      }
      if (ahead > traitors && reached > crowd) crowd = reached;
      if (behind >= boards - traitors && reached + 2 < from) from = reached + 2;
    }
    return crowd;
  };

  // LOG.3, LOG.4
  const advance = () => {
    const crowd = survey();
    for (;;) {
      const count = adopt();
      const done = arena[kept]! & 1;
      if (done ? crowd <= open && elect(count, 2 * traitors + 1) < 0 : crowd < open + keep) return;
      open = done ? open + 1 : crowd - keep + 1;
      view.setUint32(own + slot, open, true);
      arena[kept] = done ? arena[kept]! & 254 : 0;
      arena.fill(0, own + body, own + width);
    }
  };

  // A record of an earlier slot is a fresh one of this slot; one of a later slot is none.
  const align = () => {
    let count = 0;
    for (let index = 0; index < found; index++) {
      const record = records[index]!;
      if (slotOf(record) <= open) {
        if (slotOf(record) < open) arena.fill(0, record + body, record + width);
        records[count++] = record;
      }
    }
    found = count;
  };

  const ledger: Ledger = {
    records,
    votes,
    ballot: 0,
    open(ballot) {
      ledger.ballot = 0;
      if (ballot > last) {
        if (last < 0 && ballot !== first) from = Infinity;
        last = ballot;
        if (open >= from) ledger.ballot = ballot + 1;
      }
      arena[own - 1] = ledger.ballot && 1;
      return !keep && arena[own]! > 1 ? -1 : own;
    },
    gather() {
      found = 0;
      for (let board = 0; board < boards; board++) {
        const at = agreement.entry(board);
        if (at >= 0) records[found++] = at;
      }
      if (!keep) adopt();
      else {
        advance();
        align();
      }
      return ledger.ballot && found;
    },
    elect,
    speak(value) {
      arena[mine] = value < 0 ? 0 : 1;
      if (value >= 0) move(arena, mine + 1, value, value + valueWidth);
      if (keep) view.setUint32(mine + 1 + valueWidth, open, true);
    },
    tally(senders) {
      let count = 0;
      for (let board = 0; board < boards; board++) {
        const at = heard + board * block;
        if (((senders | (1 << self)) >> board) & arena[at]! & 1) {
          if (!keep || view.getUint32(at + 1 + valueWidth, true) === open) votes[count++] = at + 1;
        }
      }
      return elect(count, quorum);
    },
    decide,
    entry(of) {
      const at = agreement.entry(of);
      return at >= 0 && arena[at] ? at + 1 : -1;
    },
    decided: (of) => claim(own, of),
  };
  if (limits.stored) {
    ledger.resume = (ballot) => {
      last = ballot;
      if (keep) open = slotOf(own);
    };
  }
  return ledger;
};
