import { limits, payloadBytes } from "./limits.js";
import type { Limits, Shape } from "./limits.js";

/** What has to be known of an agreement by ballots before anything runs. */
export interface BallotShape extends Shape {
  /** "paxos": LBP; "fab": LFaB. */
  readonly algorithm: "paxos" | "fab";
  /** Whether a board leads in turn, instead of the virtual leader (VL.4). */
  readonly rotating: boolean;
  /** 0: one decision, once. K: a log, of which the last K decisions are kept for others (LOG.1). */
  readonly keep: number;
  /** The number of the first ballot of all: who does not hear it open was restarted (LOG.5). */
  readonly first: number;
}

/**
 * How many decisions of a log are kept for others: at least so many that one late frame does not
 * cost a slot (LOG.4), at most what a byte counts.
 */
export const KEEP_MIN = 2;
export const KEEP_MAX = 64;

/**
 * Every number that a board works with. `width` is that of a record, the value that OM carries; it
 * lies at `levels[0] + 1`. Numbers of ballots in it are one more than the ballot, 0 for none, and
 * like all numbers little-endian. Its parts, from its beginning:
 *
 *     presence 1, value                        the proposal; presence 2: the decision, once
 *     slot 4, kept * 2 + decided 1, K values   with a log only: `slot`, `ring`
 *     mbal 4, mval, avBal 4, avVal, avPrev 4   LBP: `body`
 *     presence 1, value                        LFaB: `body`, what was accepted
 *
 * Payloads of the rounds after OM's are a presence byte, a value and, with a log, the slot, 4
 * bytes; a board's own lies in the block that what it heard from itself would have.
 */
export interface BallotLimits extends Limits {
  /** Bytes of a user's value. */
  readonly valueWidth: number;
  readonly keep: number;
  readonly first: number;
  /** Where these begin in a record. */
  readonly slot: number;
  readonly ring: number;
  readonly body: number;
  /** How many equal messages are a quorum (LBP.2, LBP.4, LBP.5; LFAB.2, LFAB.3). */
  readonly quorum: number;
  /** How many rounds a ballot has: F+3, F+2 with LFaB; one more where a board leads. */
  readonly rounds: number;
}

/**
 * The conditions of the proof, asserted once before start.
 *
 * @returns what is wrong and which number would be right, or "" where `limits()` is to judge
 */
export function ballotRefusal(shape: BallotShape): string {
  const { boards: n, traitors: m, commander, keep, first, algorithm } = shape;
  if (algorithm === "fab" && n < 5 * m + 1) {
    return "boards: " + n + " cannot outvote " + m + " traitors in two steps, at least " +
      (5 * m + 1) + " can";
  }
  if (m < 1) return "traitors: " + m + ", must be at least 1";
  if (commander !== -1) return "commander: " + commander + ", must be -1: all";
  if (keep && !(keep >= KEEP_MIN && keep <= KEEP_MAX && keep % 1 === 0)) {
    return "keep: " + keep + ", must be " + KEEP_MIN + " to " + KEEP_MAX + ", or 0: no log";
  }
  if (!(first >= 0 && first < 0xffffffff && first % 1 === 0)) {
    return "first: " + first + ", must be a cycle's number";
  }
  return "";
}

/**
 * @param shape `width` is that of a user's value
 * @param self the board's number; HUB: what the hub works with
 * @throws RangeError naming the bound that `shape` violates, and the number that would be right
 */
export function ballotLimits(shape: BallotShape, self: number, wired: boolean): BallotLimits {
  const wrong = ballotRefusal(shape);
  if (wrong) throw new RangeError(wrong);
  const { boards: n, traitors: m, commander, keep, first, algorithm, rotating } = shape;
  const fab = algorithm === "fab";
  const value = shape.width;
  const slot = 1 + value;
  const ring = slot + 5;
  const body = keep ? ring + keep * value : slot;
  const width = body + (fab ? 1 + value : 12 + 2 * value);
  const base = limits({ boards: n, traitors: m, width, commander }, self, wired);
  const rounds = m + 3 - (fab ? 1 : 0) + (rotating ? 1 : 0);
  const payloads = base.payloads.slice();
  const levels = base.levels.slice();
  const mine = base.heard + (self < n ? self : 0) * base.block;
  if (wired) payloads[0] = payloads[0]! - width + value;
  for (let round = m + 2; round <= rounds; round++) {
    payloads[round] = payloadBytes(1, value + (keep ? 4 : 0));
    levels[round - 1] = mine;
  }
  return {
    ...base, payloads, levels, valueWidth: value, keep, first, slot, ring, body, rounds,
    quorum: fab ? n - m : ((n + m) >> 1) + 1,
  };
}
