import { sameValue } from "../base/values.js";
import type { Value } from "../base/values.js";
import type { SignWord, StateWord, Watched } from "../events/names.js";
import type { Network } from "../network/network.js";

/**
 * The judge of health (docs/health.md). It works out what each board is from the vectors that were
 * agreed on, and what a correct board may be taken for from what it put in. It shares no code with
 * what it judges.
 */
export interface HealthFacts {
  readonly cycle: number;
  /** What boards put in. */
  readonly inputs: readonly (Value | undefined)[];
  /** By board, what it holds; undefined: it is faulty, or has not decided this cycle. */
  readonly vectors: readonly (readonly (Value | undefined)[] | undefined)[];
  readonly watched: readonly (Watched | undefined)[];
  readonly faulty: ReadonlySet<number>;
  readonly asynchronous: boolean;
}

export interface HealthJudge {
  /** @returns whether all that is promised held */
  readonly take: (facts: HealthFacts) => boolean;
}

type Vector = readonly (Value | undefined)[];

/** A history that may have been: what a board's count came to, and for how long it was still. */
interface History {
  count: number;
  marked: boolean;
  still: number;
  sign: boolean;
}

interface Rules {
  readonly tolerance: number | undefined;
  readonly range: readonly [number, number] | undefined;
  readonly stuck: number;
  readonly forget: number;
  readonly worst: number;
  readonly traitors: number;
}

/** HEALTH.9: the number of a cycle, or of a review, from which on health is watched. */
const firstOf = ({ file: { first_cycle: first = 0 }, boards }: Network): number =>
  Math.ceil(first / (boards[0]!.layout.review || 1));

const rulesOf = ({ file: { health = {} }, shape }: Network): Rules => {
  const { tolerance, range, stuck = Infinity, permanent = 4, forget = 16 } = health;
  return { tolerance, range, stuck, forget, worst: permanent * forget, traitors: shape.traitors };
};

const outOf = ({ range }: Rules, value: Value): boolean =>
  range !== undefined && (Number(value) < range[0] || Number(value) > range[1]);

/** HEALTH.1 to HEALTH.3, of all entries at once. */
const signsIn = (rules: Rules, vector: Vector): SignWord[] => {
  const there = vector.filter((value) => value !== undefined);
  const ascending = there.map(Number).toSorted((one, other) => one - other);
  const middle = ascending[Math.ceil(ascending.length / 2) - 1];
  const votes = (value: Value) => there.filter((other) => sameValue(value, other)).length;
  const winner = there.find((value) => 2 * votes(value) > there.length);
  return vector.map((value) => {
    if (value === undefined) return "absent";
    if (outOf(rules, value)) return "range";
    const odd = rules.tolerance === undefined
      ? winner !== undefined && !sameValue(value, winner)
      : Math.abs(Number(value) - middle!) > rules.tolerance;
    return odd ? "dissent" : "none";
  });
};

/** What boards hold is lent. */
const copyOf = (vector: Vector): Vector =>
  vector.map((value) => (value instanceof Uint8Array ? value.slice() : value));

const isSame = (one: Value | undefined, other: Value | undefined): boolean =>
  one !== undefined && other !== undefined && sameValue(one, other);
const isOther = (one: Value | undefined, other: Value | undefined): boolean =>
  one !== undefined && other !== undefined && !sameValue(one, other);

/** HEALTH.5, for so many cycles alike. */
const countOn = (of: History, { forget, worst }: Rules, sign: boolean, cycles = 1): void => {
  of.count = sign ? Math.min(worst, of.count + cycles * forget) : Math.max(0, of.count - cycles);
  if (of.count === worst) of.marked = true;
  if (of.count === 0) of.marked = false;
  of.sign = sign;
};

/** The more signs, the higher. */
const RANKS: Readonly<Record<StateWord, number>> =
  { trusted: 0, transient: 1, watched: 2, permanent: 2, unknown: Number.NaN };

const stateOf = ({ count, marked, sign }: History): StateWord => {
  if (marked) return sign ? "permanent" : "watched";
  return count ? "transient" : "trusted";
};

/** What each board is: the fewest and the most signs that it may have had. */
const createTruth = (network: Network, rules: Rules) => {
  const boards = network.members.length;
  const fresh = (): History => ({ count: 0, marked: false, still: 0, sign: false });
  const histories = network.members.map(() => ({ fewest: fresh(), most: fresh() }));
  let before: Vector | undefined;
  let last = firstOf(network) - 1;

  /** HEALTH.7 */
  const lose = (cycles: number) => {
    before = undefined;
    for (const { fewest, most } of histories) {
      countOn(fewest, rules, false, cycles);
      countOn(most, rules, true, cycles);
    }
  };

  /** HEALTH.4 */
  const still = (of: History, board: number, vector: Vector, others: boolean, most: boolean) => {
    if (vector[board] === undefined) of.still = 0;
    else if (!before) of.still = most ? Infinity : 0;
    else if (!isSame(vector[board], before[board])) of.still = 0;
    else if (others) of.still++;
    return rules.stuck < Infinity && of.still >= rules.stuck;
  };

  return {
    /** @param vector undefined where boards may hold several */
    take(cycle: number, vector: Vector | undefined) {
      const gone = cycle > last ? cycle - last - 1 : Infinity;
      last = cycle;
      if (gone) lose(gone);
      if (!vector) {
        lose(1);
        return undefined;
      }
      const plain = signsIn(rules, vector);
      const moved = vector.filter((value, board) => isOther(value, before?.[board])).length;
      const others = moved > rules.traitors && 2 * moved > boards - 1;
      const found = histories.map(({ fewest, most }, board) => {
        const stuck = still(fewest, board, vector, others, false);
        const maybe = still(most, board, vector, others, true);
        const odd = plain[board] !== "none";
        countOn(fewest, rules, odd || stuck);
        countOn(most, rules, odd || maybe);
        const least = stateOf(fewest);
        const worst = stateOf(most);
        const sign: SignWord = odd ? plain[board]! : stuck ? "stuck" : "none";
        return {
          may: (state: StateWord) => (least === worst ? state === least
            : RANKS[state] >= RANKS[least] && RANKS[state] <= RANKS[worst]),
          known: least === worst,
          sign: fewest.sign === most.sign ? sign : undefined,
        };
      });
      before = copyOf(vector);
      return found;
    },
  };
};

/** Health 3: how many signs a board may be given that was correct in all cycles so far. */
const createReasons = (network: Network, rules: Rules) => {
  const counts = network.boards.map((): History =>
    ({ count: 0, marked: false, still: 0, sign: false }));
  const innocent = network.boards.map(() => true);
  let before: Vector = [];
  // What ballots settled on is what boards put in from then on.
  let known = !network.ballots;
  return {
    /** @returns whether a board may be marked */
    take({ inputs, faulty, asynchronous, cycle }: HealthFacts): boolean[] {
      if (asynchronous || cycle < firstOf(network)) known = false;
      const correct = inputs.map((_, board) => board).filter((board) => !faulty.has(board));
      for (const board of faulty) innocent[board] = false;
      const put = correct.flatMap((board) => inputs[board] ?? []);
      const reason = (board: number): boolean => {
        const own = inputs[board];
        if (own === undefined || outOf(rules, own) || put.length <= rules.traitors) return true;
        const of = counts[board]!;
        of.still = isSame(own, before[board]) ? of.still + 1 : 0;
        if (of.still >= rules.stuck) return true;
        return put.some((value) => (rules.tolerance === undefined ? !sameValue(own, value)
          : Math.abs(Number(own) - Number(value)) > rules.tolerance));
      };
      for (const board of correct) countOn(counts[board]!, rules, reason(board));
      before = copyOf(inputs);
      return counts.map(({ marked }, board) => !known || !innocent[board] || marked);
    },
  };
};

/**
 * HEALTH.9: only reviews are judged. Who was faulty in a fast cycle, or without its end, may have
 * lost its power there; and where one was not synchronous, anybody may.
 */
const inReviews = (review: number, judge: HealthJudge, steady: boolean[]): HealthJudge => {
  let loose = false;
  return {
    take(facts) {
      const { cycle, vectors, asynchronous } = facts;
      loose ||= asynchronous;
      if (cycle % review) {
        vectors.forEach((vector, board) => {
          if (!vector) steady[board] = false;
        });
        return true;
      }
      const held = judge.take({ ...facts, cycle: cycle / review, asynchronous: loose });
      loose = false;
      return held;
    },
  };
};

/** @returns undefined where health is not watched */
export const createHealthJudge = (network: Network): HealthJudge | undefined => {
  if (!network.file.health) return undefined;
  const rules = rulesOf(network);
  const truth = createTruth(network, rules);
  const reasons = createReasons(network, rules);
  const { review } = network.boards[0]!.layout;
  // Boards that have held each vector since the very first.
  const steady = network.boards.map(() => true);
  let next = firstOf(network);
  const judge = {
    take(facts: HealthFacts): boolean {
      const { cycle, vectors, watched, asynchronous } = facts;
      if (cycle !== next) steady.fill(false);
      next = cycle + 1;
      const holders = vectors.flatMap((vector, board) => {
        if (vector) return [board];
        steady[board] = false;
        return [];
      });
      const first = vectors[holders[0] ?? 0];
      const agreed = !asynchronous && first && holders.every((board) =>
        vectors[board]!.every((value, at) => sameValue(value, first[at])));
      const found = truth.take(cycle, agreed ? first : undefined);
      const mayBeMarked = reasons.take(facts);
      return holders.every((holder) => {
        const held = watched[holder];
        if (!held) return false;
        return held.states.every((state, board) => {
          const marked = state === "permanent" || state === "watched";
          if (marked && !asynchronous && !mayBeMarked[board]) return false;
          const right = found?.[board];
          if (state === "unknown" ? steady[holder] && right?.known : right && !right.may(state)) {
            return false;
          }
          return !right?.sign || !steady[holder] || right.sign === held.signs[board];
        });
      });
    },
  };
  return review ? inReviews(review, judge, steady) : judge;
};
