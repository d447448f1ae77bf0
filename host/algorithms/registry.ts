import type { Agreement, AlgorithmKind, Balloting } from "./algorithm.js";
import { FAB } from "./fab.js";
import { LBP } from "./lbp.js";
import { LFAB } from "./lfab.js";
import { OM } from "./om.js";
import { PAXOS, REPORTS } from "./paxos.js";
import { PBFT } from "./pbft.js";
import { PAXOS_COMMIT, THREE_PHASES, TWO_PHASES } from "./phases.js";
import { SM } from "./sm.js";

/** All algorithms, in the order in which people are told of them. */
export const ALGORITHMS: AlgorithmKind[] = [
  OM, SM, LBP, LFAB, PBFT, FAB, PAXOS, TWO_PHASES, THREE_PHASES, PAXOS_COMMIT,
];

/** @returns the algorithm of this name, which there must be */
export const algorithmNamed = (name: string): AlgorithmKind => {
  const found = ALGORITHMS.find((algorithm) => algorithm.name === name);
  if (!found) throw new RangeError(`${name} is no algorithm`);
  return found;
};

/** What a network runs. */
export interface Algorithms {
  /** Agrees on each board's value. */
  readonly agreement: Agreement;
  /** Decides by ballots, if anything does. */
  readonly ballots: Balloting | undefined;
}

/**
 * @param signed whether what boards say is signed: by ballots that is the network's to choose
 * @param leases whether leaders have them; what cannot do without has them all the same
 */
export const algorithmsOf = (name: string, signed: boolean, leases = true): Algorithms => {
  const named = algorithmNamed(name);
  const algorithm = !leases && named.kind === "ballots" ? named.unleased ?? named : named;
  return algorithm.kind === "agreement"
    ? { agreement: algorithm, ballots: undefined }
    : { agreement: algorithm.carrier ?? (signed ? SM : OM), ballots: algorithm };
};

/** @returns what carries records to a board: to a learner, nothing that is relayed (LEARN.2) */
export const carrierOf = (
  { agreement }: Algorithms, { learner }: { readonly learner: boolean },
): Agreement => (learner ? REPORTS : agreement);

const namesOf = (holds: (algorithm: AlgorithmKind) => boolean): string => {
  const names = ALGORITHMS.filter(holds).map(({ name }) => `"${name}"`);
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" and ");
};

/** @returns the names of those that decide by ballots, for messages: `"lbp" and "lfab"` */
export const ballotNames = (): string => namesOf(({ kind }) => kind === "ballots");

/** @returns the names of those that may decide a round earlier, for messages */
export const earlyNames = (): string =>
  namesOf((one) => one.kind === "ballots" && one.protocol.early === true);

/** @returns the names of those that may act on what is not decided yet, for messages */
export const tentativeNames = (): string =>
  namesOf((one) => one.kind === "ballots" && one.protocol.tentative === true);

/** @returns the names of those that may have learners, for messages */
export const learnerNames = (): string =>
  namesOf((one) => one.kind === "ballots" && one.protocol.learners === true);

/** @returns the names of those that go by views, for messages */
export const viewNames = (): string =>
  namesOf((one) => one.kind === "ballots" && one.protocol.views === true);

/** @returns the names of those that may do without leases, for messages */
export const unleasedNames = (): string =>
  namesOf((one) => one.kind === "ballots" && one.unleased !== undefined);
/** @returns the names of those that commit in phases, for messages */
export const phaseNames = (): string =>
  namesOf((one) => one.kind === "ballots" && one.protocol.phases !== undefined);

/** @returns the names of those whose messages are always signed, for messages */
export const signerNames = (): string => namesOf((one) => one.kind === "agreement" && one.signs);
