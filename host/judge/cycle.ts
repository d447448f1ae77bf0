import type { Value } from "../base/values.js";
import type { Break, CycleWord } from "../events/names.js";
import { BALLOT_PROPERTIES, COMMIT_LAWS } from "./ballot-oracle.js";
import type { BallotJudgement } from "./ballot-oracle.js";
import type { Closed } from "./ballots.js";
import { brokenCommit } from "./commit.js";
import { PROPERTIES, judge } from "./oracle.js";
import type { Judgement, Law, Outcome } from "./oracle.js";

/**
 * The judge of a cycle, be it emulated, of real lines or of a trace. Who brings the facts makes no
 * difference to what is said of them.
 */

export interface Facts {
  readonly law: Law;
  readonly cycle: number;
  readonly inputs: readonly (Value | undefined)[];
  readonly outcomes: readonly Outcome[];
  readonly faulty: ReadonlySet<number>;
  /** Of ballots, what their own judge says. */
  readonly ballot: Closed | undefined;
  /** Whether a window without synchrony reaches into it. */
  readonly asynchronous: boolean;
  /** Whether more failed, of ballots lied, than is outvoted. */
  readonly outside: boolean;
  /** What broke that the outcomes do not show. */
  readonly also: readonly Break[];
}

export interface JudgedCycle {
  readonly judged: Judgement;
  readonly ballot: BallotJudgement | undefined;
  readonly verdict: CycleWord;
  readonly broken: readonly Break[];
}

/**
 * What the judges of a cycle and of ballots say together. Agreement is CS2; validity CS1 and CS3;
 * termination, that a synchronous ballot ends in time, and CL1 and CL2.
 *
 * @param cycle as if every cycle decided
 */
const together = (
  cycle: Judgement, { judged: { cs1, cs2, cs3, cl1, cl2 }, order, loose }: Closed,
): Judgement => ({
  agreement: cs2, validity: cs1 && cs3, truth: cycle.truth,
  termination: (loose || cycle.termination) && cl1 && cl2, order,
});

/** What broke of a ballot, each by the name that says the most. */
const brokenOf = (
  judged: Judgement, { judged: own, tentative = true }: Closed,
): Break[] => {
  const { commit } = own;
  const said = commit
    ? COMMIT_LAWS.filter((name) =>
      !commit[name] && (commit.bound || (name !== "ac1" && name !== "ac4")))
    : BALLOT_PROPERTIES.filter((name) => !own[name]);
  const laws = said.map((name) => name.toUpperCase() as Break);
  const rest = PROPERTIES.filter((name) => !judged[name] && name !== "agreement" &&
    name !== "validity" && (name !== "termination" || (own.cl1 && own.cl2)));
  return [...laws, ...(tentative ? [] : ["TENT" as const]), ...rest];
};

/** @returns what is said of a cycle by these facts, everywhere */
export const judgeCycle = (facts: Facts): JudgedCycle => {
  const { law, cycle, inputs, outcomes, faulty, ballot, asynchronous, also } = facts;
  const outside = facts.outside || ballot?.promised === false;
  const each = judge(law, cycle, inputs, outcomes, faulty);
  const judged = ballot ? together(each, ballot) : each;
  // Of a cycle that is not synchronous the truth alone is promised; of a ballot, all of it always:
  // its own judge knows what it may ask for.
  const broken = ballot ? brokenOf(judged, ballot)
    : (asynchronous ? ["truth" as const] : PROPERTIES).filter((name) => !judged[name]);
  const beside = [...(ballot ? [] : brokenCommit(facts)), ...also];
  const all = outside ? [] : beside.length ? [...new Set([...broken, ...beside])] : broken;
  const asked = ballot
    ? ballot.judged.live ||
      ballot.decisions.some((list, board) => list.length > 0 && !faulty.has(board))
    : PROPERTIES.every((name) => judged[name]);
  // A split that was not promised away is none of what held.
  const apart = ballot?.judged.commit?.ac1 === false;
  const verdict = outside ? "outside"
    : all.length ? "broken" : asked && !apart ? "held" : "not promised";
  return { judged, ballot: ballot?.judged, verdict, broken: all };
};

/** The verdict, as a cycle's record has it. */
export const recordOf = ({ judged, verdict, broken }: JudgedCycle) => ({
  agreement: judged.agreement, validity: judged.validity, verdict,
  ...(broken.length ? { broken } : {}),
});
