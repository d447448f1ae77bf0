import { phaseNames } from "../algorithms/registry.js";
import type { Algorithms } from "../algorithms/registry.js";
import { UsageError } from "../base/error.js";
import type { HostType, Value } from "../base/values.js";
import { asksFor } from "./syntax.js";

/** How the order follows from the agreed vector, by names that the network file knows. */
export const DECISIONS = ["majority", "median", "midpoint", "unanimous"] as const;

interface DecisionFile {
  readonly decision: (typeof DECISIONS)[number] | { readonly script: string };
  readonly algorithm: string;
  readonly commander?: string | undefined;
}

/** What is wrong with a commit of all boards, where that is asked for; else undefined. */
const wrongCommit = (
  { algorithm, commander }: DecisionFile, { ballots }: Algorithms, type: HostType, fallback: Value,
): string | undefined => {
  if (type.name !== "bool") {
    return `decision: "unanimous" needs bool, ready or not, and values are ${type.name}`;
  }
  if (fallback !== false) {
    return 'default: true, with "decision": "unanimous" it must be false: nothing is no commit';
  }
  const phases = ballots?.protocol.phases;
  if (commander !== undefined && !phases) {
    return `commander: ${JSON.stringify(commander)}, with "decision": "unanimous" every board ` +
      "has a say: leave it out";
  }
  if (ballots && !phases) {
    return `decision: "unanimous" needs every board's value, and "algorithm": "${
      algorithm}" decides without some: "om", "sm", ${phaseNames()} would do`;
  }
  return undefined;
};

/** @throws UsageError where values, default and algorithm do not allow the decision */
export const refuseDecision = (
  file: DecisionFile, algorithms: Algorithms, type: HostType, fallback: Value, path: string,
): void => {
  const { decision } = file;
  if (!type.ordered && (decision === "median" || decision === "midpoint")) {
    throw new UsageError(`${path}: decision: "${decision}" needs numbers, and ${
      type.name} has none; majority would do`);
  }
  if (algorithms.ballots?.protocol.phases && decision !== "unanimous") {
    throw new UsageError(`${path}: decision: ${JSON.stringify(decision)}, "algorithm": "${
      file.algorithm}" commits where all are ready: "unanimous"`);
  }
  const wrong = decision === "unanimous"
    ? wrongCommit(file, algorithms, type, fallback) : undefined;
  if (wrong !== undefined) throw new UsageError(`${path}: ${wrong}`);
};

/** ABC.1. @throws UsageError where a script wants messages of what has none */
export const refuseVector = (
  { boards, algorithm }: Pick<DecisionFile, "algorithm"> & {
    readonly boards: readonly { readonly order?: object | undefined }[];
  }, { ballots }: Algorithms, path: string,
): void => {
  if (!ballots) return;
  boards.forEach(({ order }, number) => {
    if (!order || !("script" in order) || !asksFor(order.script as string, "vector")) return;
    throw new UsageError(`${path}: boards[${number}].order.script: asks for vector, and ` +
      `"algorithm": "${algorithm}" decides one value a slot: take order and slot`);
  });
};

/** TENT.2. @throws UsageError where a script says nothing of how, or has nothing to take back */
export const refuseRetract = (
  { boards, tentative = false }: {
    readonly boards: readonly {
      readonly order?: object | undefined; readonly learner?: boolean | undefined;
    }[];
    readonly tentative?: boolean | undefined;
  }, path: string,
): void => {
  boards.forEach(({ order, learner = false }, number) => {
    if (!order || !("script" in order)) return;
    const told = "retract" in order;
    if (told === (tentative && !learner)) return;
    throw new UsageError(`${path}: boards[${number}].order.retract: ${learner
      ? "is never run, a learner acts on what is decided (LEARN.4): leave it out"
      : tentative
      ? 'is missing, with "tentative": true a script has to say how it is taken back'
      : 'is never run, only with "tentative": true is anything taken back: leave it out'}`);
  });
};
