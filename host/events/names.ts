import { plural } from "../base/text.js";
/** What a judge may say of a cycle, wherever it is shown: in a table, a picture, a trace. */

/**
 * `held`: all that was asked. `broken`: less than was promised. `not promised`: less than all, of
 * which no more was promised. `outside`: more failed than is outvoted, and nothing was promised.
 */
export const VERDICTS = ["held", "broken", "not promised", "outside"] as const;
export type CycleWord = (typeof VERDICTS)[number];

/**
 * What may break: a property of the cycle, one of a ballot, a law of commit, that of what is done
 * tentatively, that a board puts out
 * the default order in a silence, or what is promised of the health of boards (docs/health.md).
 */
export const BREAKS = [
  "agreement", "validity", "truth", "termination", "order", "CS1", "CS2", "CS3", "CL1", "CL2",
  "AC1", "AC2", "AC3", "AC4", "AC5", "TENT", "silence", "health",
] as const;
export type Break = (typeof BREAKS)[number];

/** A cycle's verdict, as its record has it. */
export interface Verdicted {
  readonly verdict: CycleWord;
  /** What broke; only where anything did. */
  readonly broken?: readonly Break[];
  readonly agreement: boolean;
}

/** The one wording of a cycle's verdict. */
export const verdictText = ({ verdict, broken = [], agreement }: Verdicted): string => {
  if (verdict === "broken") return `BROKEN: ${broken.join(", ")}`;
  return verdict === "not promised" && !agreement ? "not promised: apart" : verdict;
};

const WORDS: Readonly<Partial<Record<Break, string>>> = {
  CS1: "what nobody proposed was decided (CS1)", CS2: "two values for one slot (CS2)",
  CS3: "what was not chosen was decided (CS3)", CL1: "no decision (CL1)",
  CL2: "a decision was not learned (CL2)",
  AC1: "some committed and some aborted (AC1)", AC2: "one committed, not all were ready (AC2)",
  AC3: "all were ready and well, and one aborted (AC3)", AC4: "one decided twice (AC4)",
  AC5: "one was left without an outcome (AC5)",
  TENT: "what was acted on stood, and was not decided (TENT)",
  silence: "a board in a silence did not put out the default order",
  health: "the health that a board holds",
};

/** What broke in a run, and in how many of its cycles. */
export const brokeText = (
  broke: Readonly<Partial<Record<Break, number>>>, cycles: number,
): string[] => BREAKS.flatMap((name) => {
  const count = broke[name];
  if (!count) return [];
  return [/^C[LS]/.test(name) ? `${WORDS[name]} in ${plural(count, "ballot")}`
    : `${WORDS[name] ?? name} in ${count} of ${plural(cycles, "cycle")}`];
});

/** What a board may be to the others, and what may be wrong with its entry, by their numbers. */
export const STATES = ["trusted", "transient", "permanent", "watched", "unknown"] as const;
export const SIGNS = ["none", "absent", "range", "dissent", "stuck"] as const;
export type StateWord = (typeof STATES)[number];
export type SignWord = (typeof SIGNS)[number];

/** The health of all boards, as one of them holds it: in words, by board. */
export interface Watched {
  readonly states: readonly StateWord[];
  readonly signs: readonly SignWord[];
}

/** What a board is, and what is wrong with its last entry. */
export interface BoardHealth {
  readonly state: StateWord;
  readonly sign: SignWord;
}

/**
 * @param held by board, the health that it holds; null: it is faulty, or holds none
 * @returns what correct boards hold of one board. They never know two things of it (Health 1), but
 *   one that was away may know nothing; undefined where nobody holds anything
 */
export const healthOf = (
  held: readonly (Watched | null)[] | undefined, board: number,
): BoardHealth | undefined => {
  const there = (held ?? []).filter((one) => one !== null);
  const one = there.find(({ states }) => states[board] !== "unknown") ?? there[0];
  return one && { state: one.states[board]!, sign: one.signs[board]! };
};

/** What a board holds of the health of all, by numbers. */
interface Held {
  readonly health?: ArrayLike<number> | undefined;
  readonly signs?: ArrayLike<number> | undefined;
}

/** @returns in words what a board holds; undefined where it watches nobody */
export const watchedBy = ({ health, signs }: Held): Watched | undefined => health && signs && {
  states: Array.from(health, (state) => STATES[state]!),
  signs: Array.from(signs, (sign) => SIGNS[sign]!),
};

/** Whom a board suspects, by number, and who leads in its opinion. */
export interface Detected {
  readonly suspects: readonly number[];
  readonly leader: number;
}

interface Suspecting {
  readonly suspects?: ArrayLike<number> | undefined;
  readonly leader?: number | undefined;
}

/** @returns undefined where a board suspects nobody, ever */
export const detectedBy = ({ suspects, leader }: Suspecting): Detected | undefined =>
  suspects && leader !== undefined ? {
    suspects: Array.from(suspects).flatMap((one, board) => (one ? [board] : [])), leader,
  } : undefined;
