import { sameValue } from "../base/values.js";
import type { Value } from "../base/values.js";
import type { Network } from "../network/network.js";

/**
 * The judge. It knows what each board put in, what each holds at the end and who was faulty, and
 * nothing of how they came to it.
 */
export interface Outcome {
  /** The cycle that the board decided last. */
  readonly cycle: number;
  /**
   * How many rounds of this cycle the hub's beacons opened for it, seen from the wire. Not how many
   * the board itself says that it closed.
   */
  readonly rounds: number;
  /** How often it carried out an order in this cycle; undefined where a trace cannot tell. */
  readonly acts: number | undefined;
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
  /**
   * CHOOSE: each correct board carried out one order in this cycle, that which the network's
   * decision makes of its vector. What a person's own script makes of it is theirs to say.
   */
  readonly order: boolean;
}

const NONE: readonly Value[] = [];

export const PROPERTIES = ["agreement", "validity", "truth", "termination", "order"] as const;

/** What the judge must know of the network. */
export interface Law {
  /** Of this cycle: m+1. */
  readonly rounds: number;
  /** The one commander, or -1: all command. */
  readonly commander: number;
  /** m. */
  readonly traitors: number;
  readonly decision: Network["file"]["decision"];
  /** The order where the decision finds none. */
  readonly fallback: Value;
  /** Whether values are whole numbers: a midpoint is rounded down to one. */
  readonly whole: boolean;
  /** What a board proposes once all is decided: that. */
  readonly settled?: readonly Value[];
}

/** @param rounds how many this cycle has; as many as there are, unless told */
export const lawOf = (
  { file, shape, fallback, type, rounds: all }: Network, rounds = all,
): Law => ({
  rounds, commander: shape.commander, traitors: shape.traitors, decision: file.decision, fallback,
  whole: type.whole,
});

/** The value that more than half of those that are there are, if there is one. */
const majorityOf = (vector: Outcome["vector"]): Value | undefined => {
  let there = 0;
  for (const value of vector) if (value !== undefined) there++;
  for (const value of vector) {
    let votes = 0;
    for (const other of vector) if (other !== undefined && sameValue(value, other)) votes++;
    if (2 * votes > there) return value;
  }
  return undefined;
};

/** The order that a vector gives, by definition; undefined: a script of a person's decides. */
const orderOf = (
  { decision, traitors, fallback, whole }: Law, vector: Outcome["vector"],
): Value | undefined => {
  if (decision === "unanimous") {
    return vector.length > 0 && Array.from(vector).every((value) => value === true);
  }
  if (decision === "majority") return majorityOf(vector) ?? fallback;
  const said = vector.filter((value) => value !== undefined);
  const ascending = said.map(Number).toSorted((one, other) => one - other);
  if (decision === "median") return ascending[Math.ceil(said.length / 2) - 1] ?? fallback;
  if (decision !== "midpoint") return undefined;
  const kept = ascending.slice(traitors, Math.max(traitors, said.length - traitors));
  if (!kept.length) return fallback;
  const middle = (kept[0]! + kept.at(-1)!) / 2;
  return whole ? Math.floor(middle) : middle;
};

const sameVector = (
  one: readonly (Value | undefined)[], other: readonly (Value | undefined)[],
): boolean => {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (!sameValue(one[at], other[at])) return false;
  return true;
};

/**
 * @param inputs by board; undefined: it had nothing to put in, which is ⊥
 * @param outcomes by board; those of faulty boards are not looked at
 */
export const judge = (
  law: Law, cycle: number, inputs: readonly (Value | undefined)[],
  outcomes: readonly Outcome[], faulty: ReadonlySet<number>,
): Judgement => {
  const correct: number[] = [];
  for (let board = 0; board < outcomes.length; board++) if (!faulty.has(board)) correct.push(board);
  const first = outcomes[correct[0] ?? 0]!;
  const firstChosen = orderOf(law, first.vector);
  const { settled = NONE } = law;
  let agreement = true;
  let validity = true;
  let truth = true;
  let termination = true;
  let ordered = true;
  for (const board of correct) {
    const { vector, order, cycle: decided, rounds, acts = 1 } = outcomes[board]!;
    if (decided !== cycle || rounds !== law.rounds) termination = false;
    const alike = sameVector(vector, first.vector);
    if (decided !== cycle || !alike || !sameValue(order, first.order)) agreement = false;
    const chosen = (alike ? firstChosen : orderOf(law, vector)) ?? order;
    if (decided !== cycle || acts !== 1 || !sameValue(order, chosen)) ordered = false;
    for (const commander of correct) {
      const commands = law.commander < 0 || law.commander === commander;
      const input = commands ? inputs[commander] : undefined;
      const held = decided === cycle ? vector[commander] : undefined;
      if (sameValue(held, input)) continue;
      validity = false;
      if (held !== undefined && !settled.some((one) => sameValue(held, one))) truth = false;
    }
  }
  return { agreement, validity, truth, termination, order: ordered };
};
