import { learnerNames } from "../algorithms/registry.js";
import type { Algorithms } from "../algorithms/registry.js";
import { UsageError } from "../base/error.js";

/** Boards that hear, decide and act, and take no other part (docs/leaders.md, LEARN.1). */

/** What the network file says of them. */
interface LearnersFile {
  readonly algorithm: string;
  readonly auth?: unknown;
  readonly signatures?: unknown;
  readonly boards: readonly {
    readonly name: string;
    readonly learner?: boolean | undefined;
    readonly reading?: unknown;
    readonly alarm?: unknown;
    readonly enable?: unknown;
  }[];
}

/** @returns how many boards take part, which are the first */
export const membersIn = ({ boards }: Pick<LearnersFile, "boards">): number =>
  boards.filter(({ learner }) => !learner).length;

/** @throws UsageError naming the field, and what would be right */
export const refuseLearners = (
  { algorithm, auth, signatures, boards }: LearnersFile, { ballots }: Algorithms, path: string,
): void => {
  const at = boards.findIndex(({ learner }) => learner);
  if (at < 0) return;
  const refuse = (what: string): never => {
    throw new UsageError(`${path}: ${what}`);
  };
  const name = JSON.stringify(boards[at]!.name);
  if (!ballots?.protocol.learners) {
    refuse(`boards[${at}].learner: true, "algorithm": "${algorithm}" has no learners, only ${
      learnerNames()} has`);
  }
  const behind = boards.findIndex(({ learner }, number) => number > at && !learner);
  if (behind >= 0) {
    refuse(`boards[${at}].learner: true, and boards[${behind}] is none: learners come last`);
  }
  if (auth !== undefined) {
    refuse(`auth: "mac", and ${name} is a learner, for which no frame has a tag: leave out one ` +
      "of them");
  }
  if (signatures !== undefined) {
    refuse(`signatures: ${name} is a learner, which has no keys: leave out one of them`);
  }
  const why = {
    reading: "a learner puts nothing in", alarm: "a learner watches nobody",
    enable: "a learner never speaks",
  } as const;
  boards.slice(at).forEach((board, more) => {
    for (const field of ["reading", "alarm", "enable"] as const) {
      if (board[field] === undefined) continue;
      refuse(`boards[${at + more}].${field}: ${why[field]}: leave it out`);
    }
  });
};
