/** What a judge may say of a cycle, wherever it is shown: in a table, a picture, a trace. */

/**
 * `held`: all that was asked. `broken`: less than was promised. `not promised`: less than all, of
 * which no more was promised. `outside`: more failed than is outvoted, and nothing was promised.
 */
export const VERDICTS = ["held", "broken", "not promised", "outside"] as const;
export type CycleWord = (typeof VERDICTS)[number];

/**
 * What may break: a property of the cycle, one of a ballot, or that a board puts out the default
 * order in a silence.
 */
export const BREAKS = [
  "agreement", "validity", "truth", "termination", "order", "CS1", "CS2", "CS3", "CL1", "CL2",
  "silence",
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
  silence: "a board in a silence did not put out the default order",
};

/** What broke in a run, and in how many of its cycles. */
export const brokeText = (
  broke: Readonly<Partial<Record<Break, number>>>, cycles: number,
): string[] => BREAKS.flatMap((name) => {
  const count = broke[name];
  if (!count) return [];
  const many = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;
  return [name.startsWith("C") ? `${WORDS[name]} in ${many(count, "ballot")}`
    : `${WORDS[name] ?? name} in ${count} of ${many(cycles, "cycle")}`];
});
