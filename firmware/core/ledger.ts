import type { Om } from "./om.js";
import type { BallotLimits } from "./paxos-limits.js";

/**
 * What ballots are for: one decision, or a log of them, slot after slot (LOG.1 ...); and who takes
 * part in a ballot.
 */
export interface Ledger {
  /** After `gather`: by board, where its record lies, or -1 for ⊥. */
  readonly entries: number[];
  /** The open ballot, 0 before the first. */
  ballot: number;
  /** As `Algorithm.open`. */
  open(ballot: number): number;
  /**
   * Reads the vector, learns what F+1 records claim, and moves on in the log (LOG.2, LOG.3). Then
   * each record is one of this board's open slot.
   *
   * @param wellFormed whether the record at `record` can be one of this ballot
   */
  gather(wellFormed: (record: number) => boolean): void;
  /** Whether this board may say something that binds it, in this ballot and its slot (LOG.5). */
  acts(): boolean;
  /** Whether the values at `one` and `other` are the same. */
  same(one: number, other: number): boolean;
  copy(to: number, from: number): void;
  /** The payload of the next round: the value at `value`, or ⊥ where that is -1. */
  speak(value: number): void;
  /** A value that a quorum has named, of `from` and this board, for the open slot; or -1. */
  tally(from: number): number;
  /** The open slot is decided: for the value at `value`. */
  decide(value: number): void;
  /** Where the proposal of board `of` lies, or -1 for ⊥. */
  entry(of: number): number;
  /** How many slots this board has behind it, decided or skipped. */
  known(): number;
  /** Where the decision of a slot lies, or -1 where it is not known, or not known any more. */
  decided(slot: number): number;
}

export const createLedger = (
  limits: BallotLimits, arena: Uint8Array, view: DataView, om: Om,
): Ledger => {
  const { boards, traitors, self, heard, block, width, keep } = limits;
  const { slot, ring, body, quorum, first, valueWidth } = limits;
  const own = limits.levels[0]! + 1;
  const mine = heard + self * block;
  const kept = own + slot + 4;
  const entries: number[] = [];
  // The last ballot that this board took part in, and the first slot that it may act in.
  let last = -1;
  let from = 0;
  let live = false;
  let open = 0;

  const same = (one: number, other: number) => {
    let left = valueWidth;
    while (left && arena[one++] === arena[other++]) left--;
    return !left;
  };
  const copy = (to: number, source: number) => {
    for (let left = valueWidth; left--; ) arena[to++] = arena[source++]!;
  };
  const slotOf = (record: number) => view.getUint32(record + slot, true);
  const ringAt = (record: number, of: number) => record + ring + (of % keep) * valueWidth;

  // LOG.2: where the record claims that slot `of` was decided, or -1.
  const claim = (record: number, of: number) => {
    if (!keep) return arena[record]! > 1 ? record + 1 : -1;
    const state = arena[record + slot + 4]!;
    const top = slotOf(record) + (state & 1);
    return of < top && of + (state >> 1) >= top ? ringAt(record, of) : -1;
  };
  const claims = (value: number) => {
    let count = 0;
    for (let board = 0; board < boards; board++) {
      if (entries[board]! >= 0) {
        const at = claim(entries[board]!, open);
        if (at >= 0 && same(at, value)) count++;
      }
    }
    return count;
  };

  const known = () => keep ? open + (arena[kept]! & 1) : arena[own]! > 1 ? 1 : 0;

  const decide = (value: number) => {
    if (known() > open) return;
    if (!keep) {
      arena[own] = 2;
      copy(own + 1, value);
    } else {
      arena[kept] = Math.min((arena[kept]! >> 1) + 1, keep) * 2 + 1;
      copy(ringAt(own, open), value);
    }
  };

  const adopt = () => {
    for (let board = 0; board < boards && known() === open; board++) {
      const at = entries[board]! < 0 ? -1 : claim(entries[board]!, open);
      if (at >= 0 && claims(at) > traitors) decide(at);
    }
  };

  // LOG.3, LOG.4, LOG.5: the slot that F+1 boards have reached, and the bound on what this board
  // may have done before it was restarted.
  const survey = () => {
    let crowd = 0;
    for (let one = 0; one < boards; one++) {
      if (entries[one]! < 0) continue;
      const reached = slotOf(entries[one]!);
      let ahead = 0;
      let behind = 0;
      for (let other = 0; other < boards; other++) {
        if (entries[other]! >= 0) {
          if (slotOf(entries[other]!) >= reached) ahead++;
          if (slotOf(entries[other]!) <= reached) behind++;
        }
      }
      if (ahead > traitors && reached > crowd) crowd = reached;
      if (behind >= boards - traitors && reached + 2 < from) from = reached + 2;
    }
    return crowd;
  };

  const advance = () => {
    const crowd = survey();
    for (;;) {
      adopt();
      const done = known() > open;
      if (done ? crowd <= open && claims(ringAt(own, open)) <= 2 * traitors : crowd < open + keep) {
        return;
      }
      open = done ? open + 1 : crowd - keep + 1;
      view.setUint32(own + slot, open, true);
      arena[kept] = done ? arena[kept]! & 254 : 0;
      arena.fill(0, own + body, own + width);
    }
  };

  const ledger: Ledger = {
    entries,
    ballot: 0,
    open(ballot) {
      live = ballot > last;
      if (live) {
        if (last < 0 && ballot !== first) from = 0x100000000;
        ledger.ballot = last = ballot;
      }
      arena[own - 1] = live && open >= from ? 1 : 0;
      return !keep && arena[own]! > 1 ? -1 : own;
    },
    gather(wellFormed) {
      for (let board = 0; board < boards; board++) {
        const at = om.entry(board);
        entries[board] = at >= 0 && wellFormed(at) ? at : -1;
      }
      if (!keep) adopt();
      else {
        advance();
        for (let board = 0; board < boards; board++) {
          const at = entries[board]!;
          if (at >= 0) {
            if (slotOf(at) > open) entries[board] = -1;
            else if (slotOf(at) < open) arena.fill(0, at + body, at + width);
          }
        }
      }
    },
    acts: () => live && open >= from,
    same,
    copy,
    speak(value) {
      arena[mine] = value < 0 ? 0 : 1;
      if (value >= 0) copy(mine + 1, value);
      if (keep) view.setUint32(mine + 1 + valueWidth, open, true);
    },
    tally(senders) {
      for (let one = 0; one < boards; one++) {
        const candidate = heard + one * block;
        let count = 0;
        for (let other = 0; other < boards; other++) {
          const at = heard + other * block;
          if (((senders | (1 << self)) >> other) & arena[at]! & 1) {
            if (!keep || view.getUint32(at + 1 + valueWidth, true) === open) {
              if (same(at + 1, candidate + 1)) count++;
            }
          }
        }
        if (count >= quorum) return candidate + 1;
      }
      return -1;
    },
    decide,
    entry: (of) => entries[of]! >= 0 && arena[entries[of]!] ? entries[of]! + 1 : -1,
    known,
    decided: (of) => claim(own, of),
  };
  return ledger;
};
