import { z } from "zod";
import {
  KEEP_MAX, KEEP_MIN, RESERVE_FALLBACK, RESERVE_MAX, REVIEW_MAX, REVIEW_MIN,
} from "../../firmware/index.js";
import type { BallotShape, Shape } from "../../firmware/index.js";
import type { Balloting } from "../algorithms/algorithm.js";
import {
  ballotNames, earlyNames, tentativeNames, unleasedNames, viewNames,
} from "../algorithms/registry.js";
import type { Algorithms } from "../algorithms/registry.js";
import { UsageError } from "../base/error.js";

/** What the network file says of ballots. */

/** Decisions of a log that are kept for others, unless the network file tells. */
const KEEP_FALLBACK = 4;

/** Cycles of a view, unless the network file tells. */
const REVIEW_FALLBACK = 8;

/** The fields of the network file that only networks of ballots have. */
export const ballotFields = {
  leader: z.enum(["virtual", "rotating"]).optional()
    .describe("Of ballots: virtual, all lead together, unless told. rotating: boards in turn."),
  early: z.boolean().optional()
    .describe("Of ballots without views: true decides a round earlier where all boards vote " +
      "alike; false, unless told."),
  tentative: z.boolean().optional()
    .describe("Of FaB with a leader: true has a board act on what it has accepted before that is " +
      "decided, and retract it if it is not; false, unless told."),
  review: z.int().min(REVIEW_MIN).max(REVIEW_MAX).optional()
    .describe("Of algorithms with views: a view is so many cycles, a review and then fast ones; " +
      `${REVIEW_FALLBACK} unless told.`),
  leases: z.enum(["none"]).optional()
    .describe("Of Paxos: none has every board propose in each cycle, and so they may overtake " +
      "each other for ever; unless told a leader has a view."),
  mode: z.enum(["once", "log"]).optional()
    .describe("Of ballots: one decision for ever, once; or a log of them, log, unless told."),
  keep: z.int().min(KEEP_MIN).max(KEEP_MAX).optional()
    .describe(`Decisions of a log that are kept for boards that missed them, ${
      KEEP_FALLBACK} unless told.`),
  meanwhile: z.enum(["hold", "safe"]).optional()
    .describe("Where a ballot decides nothing: hold the last order, unless told; or the default."),
  promises: z.enum(["volatile", "stored"]).optional()
    .describe("stored: what a board has promised in ballots is in flash before it is said."),
  reserve: z.int().min(1).max(RESERVE_MAX).optional()
    .describe("Ballots in which a board that was restarted is silent at most, and for which it " +
      `notes at once in flash that it takes part; ${RESERVE_FALLBACK} unless told. Volatile ` +
      "promises only."),
  first_cycle: z.int().min(0).max(0xfffffffe).optional()
    .describe("Of ballots: the number of the very first cycle, 0 unless told."),
};

/** The same, as the file has them. */
export type BallotsFile = {
  readonly [name in keyof typeof ballotFields]?: z.infer<(typeof ballotFields)[name]>;
} & {
  readonly algorithm: string; readonly commander?: string | undefined;
  readonly signatures?: unknown;
};

/** What a commit in phases has no use for. @throws UsageError */
const refusePhases = (
  file: BallotsFile, { protocol: { accepts }, remembers }: Balloting, path: string,
): void => {
  const name = `"algorithm": "${file.algorithm}"`;
  const refuse = (field: keyof BallotsFile, why: string) => {
    throw new UsageError(`${path}: ${field}: ${JSON.stringify(file[field])}, ${why}`);
  };
  if (accepts && file.commander !== undefined) {
    refuse("commander", `${name} has no coordinator: leave it out`);
  }
  if (!accepts && file.commander === undefined) {
    throw new UsageError(`${path}: commander: is missing, ${name} has a board that coordinates`);
  }
  if (file.mode === "once") refuse("mode", `transactions of ${name} are a log: leave it out`);
  if (file.meanwhile !== undefined) {
    refuse("meanwhile", `${name} holds what it put out last: leave it out`);
  }
  if (file.leader !== undefined) refuse("leader", `${name} has none to choose: leave it out`);
  if (remembers !== undefined && file.promises !== undefined && file.promises !== remembers) {
    refuse("promises", remembers === "stored"
      ? `${name} has to keep an outcome before it says it: "stored"`
      : `who fails in ${name} does not go on where it was: "volatile"`);
  }
};

/**
 * @param mark what marks promises as this network's
 * @param path only for messages
 * @returns undefined where each cycle decides
 * @throws UsageError naming the field that is wrong, and what would be right
 */
export const ballotsOf = (
  file: BallotsFile, { ballots }: Algorithms, shape: Shape, mark: number, path: string,
): BallotShape | undefined => {
  if (!ballots) {
    const names = Object.keys(ballotFields) as (keyof typeof ballotFields)[];
    const strange = names.find((name) => file[name] !== undefined);
    if (!strange) return undefined;
    throw new UsageError(`${path}: ${strange}: "algorithm": "${
      file.algorithm}" has no ballots, only ${ballotNames()} have`);
  }
  const { phases, accepts } = ballots.protocol;
  if (phases) refusePhases(file, ballots, path);
  else if (file.commander !== undefined) {
    throw new UsageError(`${path}: commander: ${JSON.stringify(file.commander)
    }, in ballots all boards propose: leave it out`);
  }
  if (file.mode === "once" && file.keep !== undefined) {
    throw new UsageError(`${path}: keep: ${file.keep}, only a log keeps decisions: "mode": "log"`);
  }
  const { views, early, tentative } = ballots.protocol;
  if (file.leases && (views || phases || !ballots.protocol.direct)) {
    throw new UsageError(`${path}: leases: "none", "algorithm": "${
      file.algorithm}" cannot do without, only ${unleasedNames()} can`);
  }
  if (!early && file.early !== undefined) {
    throw new UsageError(`${path}: early: ${file.early}, "algorithm": "${
      file.algorithm}" decides in no other round, only ${earlyNames()} may`);
  }
  if (!tentative && file.tentative !== undefined) {
    throw new UsageError(`${path}: tentative: ${file.tentative}, "algorithm": "${
      file.algorithm}" acts on decisions alone, only ${tentativeNames()} may do so before`);
  }
  if (!views && file.review !== undefined) {
    throw new UsageError(`${path}: review: ${file.review}, ${file.leases
      ? 'without leases there are no views: leave "review" or "leases" out'
      : `"algorithm": "${file.algorithm}" has no views, only ${viewNames()} have`}`);
  }
  if (file.leases && file.leader !== undefined) {
    throw new UsageError(`${path}: leader: "${file.leader}", without leases nobody leads: ` +
      "leave it out");
  }
  if (views && file.leader !== undefined) {
    throw new UsageError(`${path}: leader: "${file.leader}", "algorithm": "${
      file.algorithm}" has a leader of its own in each view: leave it out`);
  }
  if (ballots.carrier && file.signatures !== undefined) {
    throw new UsageError(`${path}: signatures: "algorithm": "${
      file.algorithm}" is for boards that never lie: leave them out`);
  }
  const stored = (ballots.remembers ?? file.promises) === "stored";
  if (stored && file.reserve !== undefined) {
    throw new UsageError(`${path}: reserve: ${file.reserve}, only volatile promises reserve ` +
      'ballots: "promises": "volatile"');
  }
  return {
    ...shape, ...(ballots.protocol.direct && { direct: true }),
    ...(phases && { commander: -1, coordinator: accepts ? -1 : shape.commander }),
    protocol: ballots.protocol, rotating: file.leader === "rotating", early: file.early === true,
    tentative: file.tentative === true,
    review: views ? file.review ?? REVIEW_FALLBACK : 0,
    keep: file.mode === "once" ? 0 : file.keep ?? KEEP_FALLBACK, safe: file.meanwhile === "safe",
    stored, reserve: stored ? 0 : file.reserve ?? RESERVE_FALLBACK, mark,
  };
};
