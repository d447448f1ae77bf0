import type { Value } from "../base/values.js";
import type { Break } from "../events/names.js";
import type { Law, Outcome } from "./oracle.js";

/**
 * The laws of commit (docs/agreement.md, 3.8): what boards that were ready or not may come to. They
 * are judged from what each board put in and carried out, whatever vector it held.
 */
export interface CommitFacts {
  readonly law: Law;
  readonly cycle: number;
  readonly inputs: readonly (Value | undefined)[];
  readonly outcomes: readonly Outcome[];
  readonly faulty: ReadonlySet<number>;
  readonly asynchronous: boolean;
}

/** @returns which laws broke; none where the network decides otherwise than by commit */
export const brokenCommit = (
  { law, cycle, inputs, outcomes, faulty, asynchronous }: CommitFacts,
): Break[] => {
  if (law.decision !== "unanimous") return [];
  const correct = outcomes.map((_, board) => board).filter((board) => !faulty.has(board));
  const decided = correct.map((board) => outcomes[board]!).filter((one) => one.cycle === cycle);
  const commits = decided.filter(({ order }) => order === true).length;
  const ready = correct.every((board) => inputs[board] === true);
  const broken: Break[] = [];
  if (!asynchronous && commits > 0 && commits < decided.length) broken.push("AC1");
  if (commits > 0 && !ready) broken.push("AC2");
  if (!asynchronous && !faulty.size && ready && commits < outcomes.length) broken.push("AC3");
  // A beacon that came late closes the cycle before, and its order is carried out in this one.
  if (!asynchronous && decided.some(({ acts = 1 }) => acts > 1)) broken.push("AC4");
  return broken;
};
