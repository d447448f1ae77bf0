import type { Ballot, BallotJudgement, BallotLaw, BallotOracle } from "./ballot-oracle.js";

/**
 * The judge of commits in phases, over a whole run: the laws AC1 to AC5 of docs/commit.md. It knows
 * how boards voted, what they decided and who was down, and nothing of how they came to it.
 */

/** What the judge must know of the network. */
export interface CommitLaw {
  /** The board without which nothing is promised to go on, or -1. */
  readonly coordinator: number;
  /** After so many cycles in time, with the same boards, each knows an outcome more. */
  readonly within: number;
  /** Whether AC1 and AC4 are promised in time only, with no board that fails but by a crash. */
  readonly timely: boolean;
}

/** As many transactions are remembered; boards tell each other of 64 at most. */
const SLOTS_KEPT = 4096;
const READY = "true";
/** A board may be about to decide so many more than any other has. */
const AROUND = 2;

/** The first that were put in are taken out, of what is more than is remembered. */
const bounded = <Thing>(of: Map<number, Thing>, slot: number, make: () => Thing): Thing => {
  const known = of.get(slot);
  if (known) return known;
  const thing = make();
  of.set(slot, thing);
  if (of.size > SLOTS_KEPT) of.delete(of.keys().next().value!);
  return thing;
};

/** AC5: so many cycles in time with the same boards bring all of them on. */
const createPatience = (within: number) => {
  let [whole, before, since] = [0, "", 0];
  return (good: boolean, of: readonly number[], was: number, is: number) => {
    const boards = of.join();
    if (!good || boards !== before) whole = 0;
    before = boards;
    if (!good) return { live: false, ac5: true };
    if (!whole++) since = was;
    if (whole < within) return { live: false, ac5: true };
    whole = 0;
    return { live: true, ac5: is > since };
  };
};

export const createCommitOracle = (
  { boards, traitors }: BallotLaw, { coordinator, within, timely }: CommitLaw,
): BallotOracle => {
  const votes = new Map<number, string[]>();
  const outcomes = new Map<number, Set<string>>();
  const own = Array.from({ length: boards }, () => new Map<number, string>());
  const vouched = new Set<number>();
  const known = Array.from({ length: boards }, () => 0);
  const excused = new Set<number>();
  const reports = known.map(() => -1);
  const patience = createPatience(within);
  // Who voted in the open cycle, and in what.
  const now = new Map<number, number>();
  // In the slots before it neither AC1 nor AC4 is promised.
  let free = 0;

  const settle = ({ faulty, decisions }: Ballot, promised: boolean) => {
    let [ac1, ac2, ac4, bound] = [true, true, true, false];
    if (!promised) free = Math.max(free, Math.max(...known) + AROUND);
    decisions.forEach((list, board) => {
      if (faulty.has(board)) return;
      for (const { slot, value } of list) {
        if (bounded(outcomes, slot, () => new Set<string>()).add(value).size > 1) {
          ac1 = false;
          bound ||= slot >= free;
        }
        const said = votes.get(slot) ?? [];
        const ready = vouched.has(slot) || known.every((_, one) => said[one] === READY);
        if (value === READY && !ready) ac2 = false;
        if (bounded(own[board]!, slot, () => value) !== value) ac4 = false;
        known[board] = Math.max(known[board]!, slot + 1);
      }
    });
    return { ac1, ac2, ac4, bound };
  };

  // AC3 is asked of a cycle in time that finds all knowing the same, in which all say that they
  // are ready.
  const isAsked = (good: boolean, before: readonly number[]) =>
    good && before.length === boards && now.size === boards && before.every((slot, board) =>
      slot === before[0] && now.get(board) === slot && votes.get(slot)?.[board] === READY);

  return {
    proposed: () => undefined,
    voted: () => undefined,
    // On a shared wire who decides may count its own vote, and never be polled to say it.
    mayHaveVoted(board, _, slot, value) {
      const said = bounded(votes, slot, () => []);
      if (coordinator < 0 || board === coordinator) said[board] ??= value;
    },
    relayed(board, _, slot, value, again = false) {
      const said = bounded(votes, slot, () => []);
      // One that votes twice is not ready.
      said[board] = said[board] === undefined || said[board] === value ? value : "";
      if (!again) now.set(board, slot);
    },
    reported(board, ballot) {
      reports[board] = Math.max(reports[board]!, ballot);
    },
    restarted(board) {
      known[board] = 0;
    },
    excused(board) {
      excused.add(board);
    },
    vouched(slot) {
      vouched.add(slot);
      if (vouched.size > SLOTS_KEPT) vouched.delete(vouched.values().next().value!);
    },
    close(ballot): BallotJudgement {
      const { cycle, synchronous, faulty, down, decisions, crashes = true } = ballot;
      const correct = [...known.keys()].filter((board) => !faulty.has(board) && !down.has(board));
      const silent = correct.filter((board) => excused.has(board) && reports[board]! < cycle);
      const up = correct.filter((board) => !silent.includes(board));
      const good = synchronous && boards - up.length <= traitors;
      const before = correct.map((board) => known[board]!);
      const asked = up.length === boards && isAsked(good, before);
      const { ac1, ac2, ac4, bound } = settle(ballot, !timely || (good && crashes));
      const ac3 = !asked || decisions.every((list) =>
        list.some(({ slot, value }) => slot === before[0] && value === READY));
      const { live, ac5 } = patience(
        good && (coordinator < 0 || up.includes(coordinator)), up,
        Math.min(...before), Math.min(...correct.map((board) => known[board]!)));
      now.clear();
      return {
        cs1: ac2, cs2: ac1 && ac4, cs3: true, cl1: ac3, cl2: ac5, live: live || asked,
        commit: { ac1, ac2, ac3, ac4, ac5, bound },
      };
    },
  };
};
