import { ROUNDS_MAX, layoutOf, learns, payloadBytes, refusal } from "../base/layout.js";
import type { Balloting, Layout, Shape } from "../base/layout.js";
import { speakersOf } from "../base/turns.js";

/** What an algorithm of ballots needs, by which everything else is laid out. */
export interface Protocol {
  /** Rounds in which boards vote, after the leader's message. */
  readonly votes: number;
  /** Bytes of its own part of a record, by those of a value. */
  readonly body: (value: number, boards: number) => number;
  /** How many equal messages of so many boards are a quorum. */
  readonly quorum: (boards: number, traitors: number) => number;
  /** How many boards outvote so many traitors at least, and in what. */
  readonly least: (traitors: number) => number;
  readonly outvotes: string;
  /** Whether it can decide a round earlier (EARLY.1). */
  readonly early?: boolean;
  /** Whether what one board accepts is as good as decided, most times (TENT.1). */
  readonly tentative?: boolean;
  /** Whether there may be boards that only hear, decide and act (LEARN.1). */
  readonly learners?: boolean;
  /** Whether it goes by views (VIEW.1): one leader for several cycles. */
  readonly views?: boolean;
  /** Whether boards may fail, but never lie: records are not relayed (PAX.1), and each counts. */
  readonly direct?: boolean;
  /** See `Balloting`: absent, no commit. */
  readonly phases?: number;
  readonly accepts?: boolean;
}

/** What has to be known of an agreement by ballots before anything runs. */
export interface BallotShape
  extends Shape, Omit<
    Balloting, "ballots" | "tentative" | "reserve" | "mark" | "direct" | "phases" | "accepts" |
      "coordinator" | "learner"
  > {
  readonly protocol: Protocol;
  /** See `Balloting`; false unless told. */
  readonly tentative?: boolean;
  /** See `Balloting`; RESERVE_FALLBACK unless told. */
  readonly reserve?: number;
  /** See `Balloting`; 0 unless told, for a store that no other network has ever used. */
  readonly mark?: number;
  /** See `Balloting`; -1 unless told. */
  readonly coordinator?: number;
}

/**
 * How many decisions of a log are kept for others: at least so many that one late frame does not
 * cost a slot (LOG.4), at most what a byte counts.
 */
export const KEEP_MIN = 2;
export const KEEP_MAX = 64;
/** For how many ballots a board that forgets writes down at once that it takes part. */
export const RESERVE_FALLBACK = 32;
export const RESERVE_MAX = 65536;
/** A record of the longest log of the longest values is not longer. */
const RECORD_MAX = 6 + (KEEP_MAX + 3) * 64 + 12 + 5;
/** Cycles of a view: a review, and at least one in which anything can be decided. */
export const REVIEW_MIN = 2;
export const REVIEW_MAX = 256;

/**
 * Every number that a board works with. `width` is that of a record, the value that interactive
 * consistency carries; it lies at `levels[0] + 1`. Numbers of ballots in it are one more than the
 * ballot, 0 for none, and like all numbers little-endian. Its parts, from its beginning:
 *
 *     presence 1, value                        the proposal; presence 2: the decision, once
 *     slot 4, kept * 2 + decided 1, K values   with a log only: `slot`, `ring`
 *     lead 4, complains 1                      with views only: `lead`
 *     named 1                                  Paxos, in place of that: whom it names
 *     mbal 4, mval, avBal 4, avVal, avPrev 4   LBP: `body`
 *     presence 1, value                        LFaB: `body`, what was accepted
 *     ballot 4, value                          Paxos: `body`, what was accepted, and when
 *     board 1, ballot 4, twice, and value      Paxos without leases: promised, and accepted
 *     voted 1                                  commit, in place of `lead` and that: `body`
 *     told 1                                   three phases: behind that
 *     named 1, ballot 4, a bit a board         Paxos Commit: behind that
 *
 * Payloads of the rounds after these are a presence byte, a value and, with a log, the slot, 4
 * bytes; a board's own lies in the block that what it heard from itself would have. With views the
 * first of these is a record's beginning, with room for one decision, and then no slot is named.
 */
export interface BallotLayout extends Layout {
  /** Where these begin in a record. */
  readonly slot: number;
  readonly ring: number;
  readonly lead: number;
  readonly body: number;
  /** How many may lie: all that are faulty, or none. */
  readonly lies: number;
  /** Whether what boards propose is still there when the ballot is over. */
  readonly lasting: boolean;
  /** How many equal messages are a quorum (LBP.2, LBP.4, LBP.5; LFAB.2, LFAB.3). */
  readonly quorum: number;
}

/** The shape of what carries the records, whose width is `width`. */
const carrier = (
  { boards, traitors, commander, signature, tag, poll, protocol }: BallotShape, width: number,
): Shape => ({
  boards, traitors, commander, width,
  ...(signature ? { signature } : {}), ...(tag ? { tag } : {}), ...(poll ? { poll } : {}),
  ...(protocol.views ? { lasts: true } : {}),
  ...(protocol.direct
    ? { direct: true, exchanges: protocol.phases || directRounds(protocol) } : {}),
});

function partsOf({ protocol, keep, width: value, boards }: BallotShape) {
  const slot = 1 + value;
  const ring = slot + 5;
  const lead = keep ? ring + keep * value : slot;
  const body = lead + (protocol.phases || !protocol.views ? 0 : protocol.direct ? 1 : 5);
  return { slot, ring, lead, body, width: body + protocol.body(value, boards) };
}

/** Bytes of a board's record. */
export const recordBytes = (shape: BallotShape): number => partsOf(shape).width;

/** Who there is, and then records (PAX.1, PAX.2); records alone, where nobody is named. */
const directRounds = ({ views }: Protocol) => (views ? 2 : 1);

/**
 * Records arrive in F+1 rounds, or in two where nobody lies; then there are votes. One more where a
 * board leads.
 */
const roundsOf = ({ protocol, traitors, rotating }: BallotShape) =>
  protocol.phases ||
  (protocol.direct ? directRounds(protocol) : traitors + 1) +
  (rotating || protocol.views ? 1 : 0) + protocol.votes;

/** Bytes of what a board says in a round after that, at most: a value, and the slot it is for. */
const saidBytes = ({ protocol, width, keep }: BallotShape, first: boolean) =>
  width + (protocol.views ? (first && keep ? 5 + width : 0) : keep && 4);

/**
 * The conditions of the proof and of the frame format, asserted once before start.
 *
 * @returns what is wrong and which number would be right, or "" where all holds
 */
export function ballotRefusal(shape: BallotShape): string {
  const { boards: n, traitors: m, width, commander, keep, review, protocol, stored } = shape;
  const { reserve = RESERVE_FALLBACK } = shape;
  const least = protocol.least(m);
  if (n < least) {
    const cannot = protocol.direct ? " cannot do without " : " cannot outvote ";
    return "boards: " + n + cannot + m + (protocol.direct ? " of them " : " traitors ") +
      protocol.outvotes + ", at least " + least + " can";
  }
  if (m < 1) return "traitors: " + m + ", must be at least 1";
  const rounds = roundsOf(shape);
  if (rounds > ROUNDS_MAX) {
    return "traitors: " + m + " take " + rounds + " rounds, there are " + ROUNDS_MAX +
      ": at most " + (ROUNDS_MAX - rounds + m);
  }
  if (commander !== -1) return "commander: " + commander + ", must be -1: all";
  if (keep && !(keep >= KEEP_MIN && keep <= KEEP_MAX && keep % 1 === 0)) {
    return "keep: " + keep + ", must be " + KEEP_MIN + " to " + KEEP_MAX + ", or 0: no log";
  }
  if (protocol.views
    ? !(review >= REVIEW_MIN && review <= REVIEW_MAX && review % 1 === 0) : review) {
    return "review: " + review + ", must be " +
      (protocol.views ? REVIEW_MIN + " to " + REVIEW_MAX + " cycles" : "0: there are no views");
  }
  if (shape.early && !protocol.early) return "early: only Byzantine Paxos without views has that";
  if (shape.tentative && !(protocol.tentative && protocol.views)) {
    return "tentative: only Fast Byzantine Paxos with views has that";
  }
  if (!stored && !(reserve >= 1 && reserve <= RESERVE_MAX && reserve % 1 === 0)) {
    return "reserve: " + reserve + ", must be 1 to " + RESERVE_MAX + " ballots";
  }
  const { phases, accepts } = protocol;
  if (phases) {
    if (width !== 1) return "width: " + width + ", a vote has 1: ready or not";
    if (!keep) return "keep: 0, transactions are a log";
    const { coordinator = -1 } = shape;
    if (phases > 2 && m > 1) return "traitors: " + m + ", three phases bear 1 that crashes";
    if (accepts ? coordinator !== -1 : !(coordinator >= 0 && coordinator < n)) {
      return "coordinator: " + coordinator + ", must be " +
        (accepts ? "-1: none" : "0 to " + (n - 1));
    }
  }
  const own = refusal(carrier(shape, width));
  if (own) return own;
  const record = recordBytes(shape);
  const wrong = refusal(carrier(shape, record), RECORD_MAX);
  return wrong && "width: " + width + (keep ? ", keep: " + keep : "") + " make a record of " +
    record + " bytes; of that, " + wrong;
}

/**
 * @param shape `width` is that of a user's value
 * @param self the board's number; HUB: what the hub works with
 * @throws RangeError naming the bound that `shape` violates, and the number that would be right
 */
export function ballotLayout(shape: BallotShape, self: number, wired: boolean): BallotLayout {
  const wrong = ballotRefusal(shape);
  if (wrong) throw new RangeError(wrong);
  const { boards: n, traitors: m, keep, protocol, rotating, early, review, safe, stored } = shape;
  const { reserve = RESERVE_FALLBACK, mark = 0 } = shape;
  const { width, ...parts } = partsOf(shape);
  const value = shape.width;
  const carried = carrier(shape, width);
  const base = layoutOf(
    protocol.phases ? { ...carried, first: parts.body } : carried, self, wired, RECORD_MAX);
  const rounds = roundsOf(shape);
  const payloads = base.payloads.slice();
  const bitmaps = base.bitmaps.slice();
  const items = base.items.slice();
  const levels = base.levels.slice();
  const mine = base.heard + (self < n ? self : 0) * base.block;
  if (wired) payloads[0] = payloads[0]! - width + value;
  const learner = learns(shape, self);
  const first = base.exchanges + 1;
  for (let round = first; round <= rounds; round++) {
    items[round] = saidBytes(shape, round === first);
    bitmaps[round] = 1;
    payloads[round] = payloadBytes(1, items[round]!) + base.tags;
    levels[round - 1] = mine;
  }
  return {
    ...base, ...parts, payloads, bitmaps, items, levels, valueWidth: value, ballots: true,
    speakers: speakersOf(shape, self, rounds + 1),
    rotating, early, tentative: shape.tentative === true && !learner, review, keep, safe, stored,
    reserve: stored ? 0 : reserve, mark, rounds, learner,
    quorum: protocol.quorum(n, m), lies: protocol.direct ? 0 : m,
    lasting: keep > 0 && base.exchanges > Number(!!protocol.direct),
    phases: protocol.phases || 0, accepts: !!protocol.accepts, coordinator: shape.coordinator ?? -1,
  };
}
