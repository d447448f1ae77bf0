import { createViewWatch } from "./view-watch.js";

/**
 * The judge of ballots, over a whole run. It knows what was proposed, which last messages correct
 * boards sent (2b, or accepted), what they decided and who was faulty, and nothing of how they came
 * to it. Values are compared by their text.
 *
 * Correct boards are here all that keep to the program, those that lose power at times included:
 * what they say binds them, and what they decide is judged. Only the others are faulty.
 */

/** What the judge must know of the network. */
export interface BallotLaw {
  readonly boards: number;
  /** How many learners stand behind them (LEARN.1); none unless told. */
  readonly learners?: number;
  /** F. */
  readonly traitors: number;
  /** Whether there is a log; else there is slot 0 only. */
  readonly log: boolean;
  /** So many last messages of correct boards, equal and in one ballot, make a value chosen. */
  readonly proof: number;
  /** T: with views, how many cycles one has (VIEW.1); absent or 0: there are none. */
  readonly review?: number;
  /** With views: so many in time, with the same boards, bring all on; F+2 unless told. */
  readonly patience?: number;
  /** With views: whether it is who was there that leads, so that all are that speak (PAX.2). */
  readonly named?: boolean;
  /** Whether boards propose against each other: then nothing is promised of when they decide. */
  readonly duels?: boolean;
}

/** Of a commit in phases: its laws (docs/commit.md). */
export interface CommitJudgement {
  readonly ac1: boolean;
  readonly ac2: boolean;
  readonly ac3: boolean;
  readonly ac4: boolean;
  readonly ac5: boolean;
  /** Whether AC1 broke where it was promised, or AC4, which breaks no slot that AC1 does not. */
  readonly bound: boolean;
}

export const COMMIT_LAWS = ["ac1", "ac2", "ac3", "ac4", "ac5"] as const;

/** A cycle that is over. */
export interface Ballot {
  readonly cycle: number;
  /** Whether every frame and beacon of it that was due came in time. */
  readonly synchronous: boolean;
  /** Who does not keep to the program, in any cycle. */
  readonly faulty: ReadonlySet<number>;
  /** Others that are without power in some of it, and need not decide. */
  readonly down: ReadonlySet<number>;
  /** Boards that may hold something else than they are known by: CS3 is not asked of them. */
  readonly unsure?: ReadonlySet<number>;
  /** The board that leads it, if one does: whether anything is decided is in its hands. */
  readonly leader?: number | undefined;
  /** With views: the cycle's number on the wire, and which correct boards proposed in it. */
  readonly number?: number;
  readonly leaders?: ReadonlySet<number>;
  /** Of a commit: whether who fails does so by a crash, and no frame of others is lost. */
  readonly crashes?: boolean;
  /** What each board decided in it, in the order of the slots; of faulty boards nothing is read. */
  readonly decisions: readonly (readonly Decided[])[];
}

export interface Decided {
  readonly slot: number;
  readonly value: string;
}

/** Fast Byzantine Paxos (Martin and Alvisi 2005), section 3, has these names. */
export interface BallotJudgement {
  /** Only what was proposed is decided. */
  readonly cs1: boolean;
  /** No two values of one slot are chosen or decided, by all correct boards and over all time. */
  readonly cs2: boolean;
  /** Only what was chosen is decided. */
  readonly cs3: boolean;
  /**
   * A synchronous ballot that finds all correct boards knowing the same decides another slot. With
   * views, a fast cycle which a correct board leads, in a view that is synchronous so far.
   */
  readonly cl1: boolean;
  /**
   * After a synchronous ballot all correct boards know the first slot that one of them did not.
   * With views, after such a fast cycle, but for a view's first; and after F+2 synchronous views.
   * After a synchronous review each learner knows what F+1 of those knew before (LEARN.5).
   */
  readonly cl2: boolean;
  /** Whether anything was asked of this ballot by CL1 and CL2. */
  readonly live: boolean;
  /** Of a commit in phases: its laws. CS1 is AC2 then, CS2 AC1 and AC4, CL1 AC3, CL2 AC5. */
  readonly commit?: CommitJudgement;
}

export const BALLOT_PROPERTIES = ["cs1", "cs2", "cs3", "cl1", "cl2"] as const;

export interface BallotOracle {
  /** A value may be decided from now on: a board had it to propose, or the rule may make it. */
  readonly proposed: (value: string) => void;
  /** A correct board has sent its last message of a ballot, whether that arrives or not. */
  readonly voted: (
    board: number, ballot: number, slot: number, value: string, again?: boolean,
  ) => void;
  /**
   * So has one of which it is not known whether it is correct. With such votes a value may have
   * been chosen (CS3), which is no proof that it was (CS2).
   */
  readonly mayHaveVoted: BallotOracle["voted"];
  /**
   * EARLY.1: a board has sent its 2av, that is correct or may be. N-F of them may have made a value
   * chosen a round earlier (CS3); whether they are all of the correct ones is not asked.
   */
  readonly relayed: BallotOracle["voted"];
  /** A board takes part in a ballot: it reported a record. */
  readonly reported: (board: number, ballot: number) => void;
  /** A board has lost its memory, and with it what it knew to be decided. */
  readonly restarted: (board: number) => void;
  /**
   * A board does not know what it said before, and may be silent in ballots (LOG.5): it lost its
   * memory and stores no promises, or did not hear the very first ballot open.
   */
  readonly excused: (board: number) => void;
  /** A value counts as proposed and chosen in its slot: how that came was out of sight. */
  readonly vouched: (slot: number, value: string) => void;
  readonly close: (ballot: Ballot) => BallotJudgement;
}

/** Votes come from ballots that are at most so many cycles old. */
const VOTES_KEPT = 64;
/**
 * As many slots and proposals are remembered, so that a run may have no end: boards tell each other
 * of 64 slots at most.
 */
const SLOTS_KEPT = 4096;
const PROPOSALS_KEPT = 65_536;

/**
 * What was put in first is taken out, of what is more than `most`; an eighth more than that may
 * gather before, for a walk to the first one is long where many were taken out.
 */
const bound = <Key>(of: { size: number; keys(): Iterable<Key>; delete(key: Key): unknown },
  most: number) => {
  if (of.size <= most + (most >> 3)) return;
  for (const key of of.keys()) {
    if (of.size <= most) return;
    of.delete(key);
  }
};

/** Values by slot: the first that is put in, and whether any other was. */
const createBook = () => {
  const values = new Map<number, Set<string>>();
  return {
    add(slot: number, value: string) {
      const known = values.get(slot);
      if (known) return known.add(value).size;
      values.set(slot, new Set([value]));
      bound(values, SLOTS_KEPT);
      return 1;
    },
    has: (slot: number, value: string) => values.get(slot)?.has(value) ?? false,
  };
};

/** Who has voted for something in a ballot, as a bit set, and how many. */
interface Voters {
  boards: number;
  count: number;
}

/** What correct boards have voted for, and what that makes chosen. */
const createVotes = (proof: number, chosen = createBook()) => {
  const votes = new Map<number, Map<number, Map<string, Voters>>>();
  // The ballot and the slot that were asked for last, and what is voted for there.
  let [ballotLast, slotLast] = [-1, -1];
  let last = new Map<string, Voters>();
  const votesIn = (ballot: number, slot: number) => {
    if (ballot === ballotLast && slot === slotLast) return last;
    const of = votes.get(ballot) ?? new Map<number, Map<string, Voters>>();
    if (!of.size) votes.set(ballot, of);
    last = of.get(slot) ?? new Map<string, Voters>();
    if (!last.size) of.set(slot, last);
    [ballotLast, slotLast] = [ballot, slot];
    return last;
  };
  let single = true;
  const choose = (slot: number, value: string) => {
    if (chosen.add(slot, value) > 1) single = false;
  };
  return {
    chosen,
    choose,
    single: () => single,
    add: (board: number, ballot: number, slot: number, value: string) => {
      const of = votesIn(ballot, slot);
      const voters = of.get(value) ?? { boards: 0, count: 0 };
      if (!voters.count) of.set(value, voters);
      if (!((voters.boards >> board) & 1)) voters.count++;
      voters.boards |= 1 << board;
      if (voters.count >= proof) choose(slot, value);
    },
    forget(before: number) {
      for (const ballot of votes.keys()) {
        // They come in the order of their numbers, but for what is late.
        if (ballot >= before) return;
        votes.delete(ballot);
        if (ballot === ballotLast) ballotLast = -1;
      }
    },
  };
};

/** @returns the least and the most of what these boards have */
const rangeOf = (all: readonly number[], boards: readonly number[]): readonly [number, number] => {
  let [least, most] = [Infinity, -Infinity];
  for (const board of boards) {
    least = Math.min(least, all[board]!);
    most = Math.max(most, all[board]!);
  }
  return [least, most];
};

export const createBallotOracle = (
  law: BallotLaw, isProposed?: (value: string) => boolean,
): BallotOracle => {
  const { boards, traitors, log, proof, review = 0, patience = traitors + 2, named, duels } = law;
  const { learners = 0 } = law;
  const proposals = new Set<string>();
  const votes = createVotes(proof);
  const possible = createVotes(proof);
  const relays = createVotes(boards - traitors, possible.chosen);
  const decided = createBook();
  const excused = new Set<number>();
  // By board: the last ballot in which it took part.
  const reports = Array.from({ length: boards }, () => -1);
  // The same, when the last review closed.
  let spoke = reports;
  const members = reports.map((_, board) => board);
  // By board, learners too: one more than the highest slot that it knows to be decided.
  const known = Array.from({ length: boards + learners }, () => 0);
  // The same, with what is decided in the open cycle.
  const found = [...known];
  const watch = review ? createViewWatch(boards, review, traitors, patience) : undefined;
  let muted: readonly number[] = [];

  const safety = ({ faulty, unsure, decisions }: Ballot) => {
    let [cs1, cs2, cs3] = [true, true, true];
    decisions.forEach((list, board) => {
      if (faulty.has(board)) return;
      for (const { slot, value } of list) {
        if (!proposals.has(value) && !isProposed?.(value)) cs1 = false;
        if (decided.add(slot, value) > 1) cs2 = false;
        if (!unsure?.has(board) && !possible.chosen.has(slot, value)) cs3 = false;
        found[board] = Math.max(found[board]!, slot + 1);
      }
    });
    return { cs1, cs2: cs2 && votes.single(), cs3 };
  };

  type Asked = Pick<BallotJudgement, "cl1" | "cl2" | "live">;

  // CL1 and CL2 of these boards, where they are asked for.
  const progress = (live: boolean, of: readonly number[]): Asked => {
    const [least, most] = rangeOf(known, of);
    const [after, latest] = rangeOf(found, of);
    const more = log ? most + 1 : 1;
    return {
      live, cl1: !live || least < most || latest >= more,
      cl2: !live || after >= (log ? least + 1 : 1),
    };
  };

  const inBallot = (
    { leader }: Ballot, correct: readonly number[], silent: readonly number[], good: boolean,
  ): Asked => {
    const led = leader === undefined || (correct.includes(leader) && !silent.includes(leader));
    return progress(good && led && !duels, correct);
  };

  const inView = (
    { cycle, number = cycle, leaders, faulty, down }: Ballot, correct: readonly number[],
    silent: readonly number[], good: boolean,
  ): Asked => {
    const least = (of: readonly number[], from: readonly number[]) =>
      rangeOf(from, of)[0];
    const { steady, ends } = watch!.take(
      number, good, new Set([...faulty, ...down, ...silent]), least(correct, known));
    const gone = watch!.gone();
    if (number % review === 0) {
      spoke = reports.slice();
      watch!.reviewed(correct, known, found);
    }
    if (named && [...gone].some((board) => spoke[board] === cycle - number % review)) {
      watch!.spoil();
    }
    const there = correct.filter((board) => !gone.has(board));
    const along = there.filter((board) => !watch!.behind().has(board));
    const enough = gone.size + there.length - along.length <= traitors;
    const led = along.some((board) => leaders?.has(board));
    const asked = progress(steady && enough && led, along);
    const past = ends ? watch!.views(least(there, found)) : undefined;
    if (past === undefined) return asked;
    const on = least(there, found) >= (log ? past + 1 : 1);
    return { ...asked, live: true, cl2: asked.cl2 && on };
  };

  // LEARN.5: a learner that hears a review knows the most that F+1 knew who spoke in it.
  const learning = (
    { cycle, number = cycle, faulty, down }: Ballot, correct: readonly number[],
    silent: readonly number[], good: boolean,
  ): boolean => {
    if (!learners || !good || number % review > 0) return true;
    const speakers = correct.filter((board) => !silent.includes(board));
    const least = speakers.map((board) => known[board]!)
      .toSorted((one, other) => other - one)[traitors] ?? 0;
    return found.every((knows, board) =>
      board < boards || faulty.has(board) || down.has(board) || knows >= least);
  };

  // What was proposed last: most boards propose the same.
  let newest: string | undefined;
  const proposed = (value: string) => {
    if (value === newest) return;
    newest = value;
    proposals.delete(value);
    proposals.add(value);
    bound(proposals, PROPOSALS_KEPT);
  };

  return {
    proposed,
    vouched(slot, value) {
      proposed(value);
      votes.choose(slot, value);
      possible.choose(slot, value);
    },
    voted(board, ballot, slot, value) {
      votes.add(board, ballot, slot, value);
      possible.add(board, ballot, slot, value);
    },
    mayHaveVoted: possible.add,
    relayed: relays.add,
    reported(board, ballot) {
      reports[board] = Math.max(reports[board]!, ballot);
    },
    restarted(board) {
      known[board] = found[board] = 0;
    },
    excused(board) {
      excused.add(board);
    },
    close(all) {
      // A learner that fails is none of the F.
      const ballot = learners
        ? { ...all, down: new Set([...all.down].filter((board) => board < boards)) } : all;
      const { cycle, number = cycle, synchronous, faulty, down } = ballot;
      const correct = members.filter((board) => !faulty.has(board) && !down.has(board));
      // Who promises nothing in a review says nothing in its view.
      const silent = watch && number % review ? muted : correct.filter((board) =>
        excused.has(board) && reports[board]! < cycle);
      muted = silent;
      const good = synchronous && boards - correct.length + silent.length <= traitors;
      const ask = watch ? inView : inBallot;
      const { cs1, cs2, cs3 } = safety(ballot);
      const { cl1, cl2, live } = ask(ballot, correct, silent, good);
      const learned = learning(all, correct, silent, good);
      for (let board = 0; board < known.length; board++) known[board] = found[board]!;
      votes.forget(cycle - VOTES_KEPT);
      possible.forget(cycle - VOTES_KEPT);
      relays.forget(cycle - VOTES_KEPT);
      return { cs1, cs2, cs3, cl1, cl2: cl2 && learned, live };
    },
  };
};
