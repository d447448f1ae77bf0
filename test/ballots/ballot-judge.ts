/**
 * Watches boards that run ballots, from outside: what each knows to be decided, and what it carries
 * out, over all of its lives.
 */
import type { Ballots } from "./ballots.js";

export interface Judge {
  /** Slots on which two correct boards, or two lives of one, know two values. */
  disagreed: number;
  /** Orders that were carried out twice, out of order, or that nobody decided. */
  twice: number;
  /** Decisions that a board knew and did not carry out, though nothing hindered it. */
  lost: number;
  /** All boards are new; who is `faulty` is not watched. */
  begin(faulty: number): void;
  /** Before a board loses its memory; `empty`: and what its store holds. */
  restarts(board: number, empty?: boolean): void;
}

/** What is known of one board. */
interface Watched {
  /** One more than the last slot that it carried out, as far as it can know. */
  next: number;
  /** The same, whatever it can know: of those before it, it carries out one a ballot at most. */
  top: number;
  /** What it knows and has not carried out, by slot. */
  readonly owed: Map<number, number>;
  /** What it carried out just now: slots and values in turn. */
  readonly now: number[];
  /** Whether it has forgotten, and has said nothing that binds it since. */
  forgot: boolean;
  /** Before this slot nothing is asked for: power may have gone between kept and carried out. */
  excused: number;
  /** The same from the next restart on: a write failed, and may have landed. */
  pending: number;
  /** How many writes had failed before it carried anything out. */
  failed: number;
  acting: boolean;
}

export const createJudge = (ballots: Ballots): Judge => {
  const { shape: { keep, stored }, boards } = ballots;
  const { levels, slot, ring } = boards[0]!.layout;
  const own = levels[0]! + 1;
  const agreed: number[] = [];
  const watched: Watched[] = boards.map(() => ({
    next: 0, top: 0, owed: new Map(), now: [], forgot: false, excused: 0, pending: 0, failed: 0,
    acting: false,
  }));
  let faulty = 0;

  // LEARN.4: who writes nothing does not know that it is new.
  const forgetful = (board: number) => !stored && boards[board]!.layout.learner;

  const knows = (board: number, of: number, value: number) => {
    const { owed, next, excused } = watched[board]!;
    if ((agreed[of] ??= value) !== value) judge.disagreed++;
    if (of >= next && of >= excused && !owed.has(of)) owed.set(of, value);
  };

  // What the board's record claims, read by hand from BALLOT.1; of one-byte values.
  const look = (board: number) => {
    if ((faulty >> board) & 1) return;
    const { arena } = boards[board]!;
    if (!keep) {
      if (arena[own]! > 1) knows(board, 0, arena[own + 1]!);
      return;
    }
    const at = own + slot;
    const kept = arena[at + 4]!;
    if (kept < 2) return;
    const top = arena[at]! + 256 * arena[at + 1]! + (kept & 1);
    for (let of = Math.max(0, top - (kept >> 1)); of < top; of++) {
      knows(board, of, arena[own + ring + (of % keep)]!);
    }
  };

  const acted = (board: number) => {
    const one = watched[board]!;
    const { owed, now } = one;
    one.acting = false;
    if ((faulty >> board) & 1) return;
    const last = owed.size ? Math.max(...owed.keys()) : -1;
    for (let index = 0; index < now.length; index += 2) {
      const of = now[index]!;
      if (of < one.next || agreed[of] !== now[index + 1]) judge.twice++;
      if (index && of < one.top) judge.twice++;
      one.next = of + 1;
      owed.delete(of);
    }
    one.top = Math.max(one.top, one.next);
    // What is torn at its very end is whole, and then nothing has failed.
    if (boards[board]!.store.failed > one.failed && !now.length) one.pending = last + 1;
    else {
      if (one.forgot ? owed.has(last) : owed.size > 0) judge.lost++;
      one.pending = 0;
      owed.clear();
    }
  };

  const judge: Judge = {
    disagreed: 0, twice: 0, lost: 0,
    begin(liars) {
      faulty = liars;
      agreed.length = 0;
      for (const [board, one] of watched.entries()) {
        one.owed.clear();
        Object.assign(one, {
          next: 0, top: 0, forgot: forgetful(board), excused: 0, pending: 0, acting: false,
        });
      }
    },
    restarts(board, empty = false) {
      const one = watched[board]!;
      // The write may have landed whole, and the power have gone before the first order.
      if (one.acting) {
        for (const of of one.owed.keys()) one.pending = Math.max(one.pending, of + 1);
      }
      one.owed.clear();
      one.excused = Math.max(one.excused, one.pending);
      one.acting = false;
      if (stored && !empty) return;
      Object.assign(one, { next: 0, forgot: true, excused: 0, pending: 0 });
    },
  };
  ballots.closed = look;
  ballots.opened = (board) => {
    const one = watched[board]!;
    if (!ballots.ballotOf(board)) return;
    // Of what it has learnt so far it owes the last only.
    const last = Math.max(...one.owed.keys());
    if (one.forgot && last >= 0) {
      for (const of of one.owed.keys()) if (of < last) one.owed.delete(of);
      // Nor does it later, if it missed the end: its record still has what came before.
      one.excused = Math.max(one.excused, last);
    }
    one.forgot = false;
  };
  ballots.acting = (board) => {
    look(board);
    const one = watched[board]!;
    one.now.length = 0;
    one.failed = boards[board]!.store.failed;
    one.acting = true;
  };
  ballots.carried = (board, of, value) => {
    watched[board]!.now.push(of, value);
  };
  ballots.acted = acted;
  return judge;
};
