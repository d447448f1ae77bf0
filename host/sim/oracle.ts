import { sameValue } from "../values.js";
import type { Value } from "../values.js";

/**
 * The judge. It knows what each board put in, what each holds at the end and who was faulty, and
 * nothing of how they came to it.
 */
export interface Outcome {
  /** The cycle that the board decided last. */
  readonly cycle: number;
  /** How many rounds of this cycle it spoke or listened in before it decided. */
  readonly rounds: number;
  readonly vector: readonly (Value | undefined)[];
  readonly order: Value;
}

export interface Judgement {
  /** IC1: all correct boards hold the same vector and the same order, decided in this cycle. */
  readonly agreement: boolean;
  /**
   * IC2: the entry of a correct board is what it put in; of others, where one commands, nothing.
   */
  readonly validity: boolean;
  /**
   * Whether an entry of a correct board is what it put in or ⊥: the least that is always promised.
   */
  readonly truth: boolean;
  /** All correct boards decided in this cycle, after exactly m+1 rounds. */
  readonly termination: boolean;
}

/** What the judge must know of the network. */
export interface Law {
  /** m+1. */
  readonly rounds: number;
  /** The one commander, or -1: all command. */
  readonly commander: number;
}

const sameVector = (
  one: readonly (Value | undefined)[], other: readonly (Value | undefined)[],
): boolean => one.length === other.length && one.every((value, at) => sameValue(value, other[at]));

/**
 * @param inputs by board; undefined: it had nothing to put in, which is ⊥
 * @param outcomes by board; those of faulty boards are not looked at
 */
export const judge = (
  law: Law, cycle: number, inputs: readonly (Value | undefined)[],
  outcomes: readonly Outcome[], faulty: ReadonlySet<number>,
): Judgement => {
  const correct = outcomes.map((_, board) => board).filter((board) => !faulty.has(board));
  const first = outcomes[correct[0] ?? 0]!;
  let agreement = true;
  let validity = true;
  let truth = true;
  let termination = true;
  for (const board of correct) {
    const { vector, order, cycle: decided, rounds } = outcomes[board]!;
    if (decided !== cycle || rounds !== law.rounds) termination = false;
    if (decided !== cycle || !sameVector(vector, first.vector) || !sameValue(order, first.order)) {
      agreement = false;
    }
    for (const commander of correct) {
      const commands = law.commander < 0 || law.commander === commander;
      const input = commands ? inputs[commander] : undefined;
      const held = decided === cycle ? vector[commander] : undefined;
      if (!sameValue(held, input)) validity = false;
      if (held !== undefined && !sameValue(held, input)) truth = false;
    }
  }
  return { agreement, validity, truth, termination };
};
