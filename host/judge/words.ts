import type { BallotLayout } from "../../firmware/ballots/layout.js";
import { HUB } from "../../firmware/index.js";
import { show } from "../base/values.js";
import type { Value } from "../base/values.js";
import type { Network } from "../network/network.js";
import { NUMBER_BYTES, slotIn } from "../network/record.js";
import { duels, placesIn } from "../network/turns.js";
import type { Frame } from "../topology/frames.js";
import type { BallotOracle, Decided } from "./ballot-oracle.js";

/** What frames tell the judge of ballots: what was proposed, and what is voted for. */

export const textOf = (value: Value): string =>
  (Number.isFinite(value) ? String(value) : JSON.stringify(show(value)));

/** Which values the decision may make of proposals, besides the default and themselves. */
const ruleOf = ({ file: { decision } }: Network, numbers: readonly number[]) => {
  if (typeof decision === "object") return () => true;
  if (decision !== "midpoint") return undefined;
  return (text: string) => {
    const value = Number(text);
    return value >= Math.min(...numbers) && value <= Math.max(...numbers);
  };
};

/** Whether boards say their claims in a round (VIEW.5). */
const isClaims = ({ boards }: Network, round: number): boolean => {
  const { review, exchanges } = boards[0]!.layout;
  return review > 0 && round === exchanges + 1;
};

/** The values in a frame: of records what they propose, of later rounds what is said. */
const valuesOf = (network: Network, { round, payload, view }: Frame): (Value | undefined)[] => {
  const layout = network.boards[0]!.layout as BallotLayout;
  const { bitmaps, payloads, items, tags, exchanges, keep, ring } = layout;
  if (isClaims(network, round)) {
    const places = keep ? [1, ring] : [1];
    return places.map((at) => network.type.create(1).load(view, at, 0));
  }
  const count = items[round] ? placesIn(layout, round, payloads[round]! - tags) : 0;
  return Array.from({ length: count }, (_, index) => {
    const at = bitmaps[round]! + index * items[round]!;
    const present = (payload[index >> 3]! >> (index & 7)) & 1;
    return present
      ? network.type.create(1).load(view, round > exchanges ? at : at + 1, 0) : undefined;
  });
};

/** What was proposed, by whatever way it is known; the default always is. */
export const createProposals = (network: Network, oracle: BallotOracle) => {
  const fallback = textOf(network.fallback);
  const numbers = [Number(network.fallback)];
  const rule = ruleOf(network, numbers);
  const add = (value: Value | undefined) => {
    if (value === undefined) return;
    if (numbers.length < 2 || !(Number(value) >= numbers[0]! && Number(value) <= numbers[1]!)) {
      const all = [...numbers, Number(value)];
      numbers.splice(0, 2, Math.min(...all), Math.max(...all));
    }
    oracle.proposed(textOf(value));
  };
  return {
    add,
    /** What a liar says may be believed, in whatever round. */
    inFrame(frame: Frame) {
      for (const value of valuesOf(network, frame)) add(value);
    },
    /** Whether the decision may make a value of what was proposed. */
    made: (text: string) => text === fallback || (rule?.(text) ?? false),
  };
};

/**
 * What a frame votes for; and where that is not the frame's own, in which ballot. Of a commit,
 * whether the board says it again.
 */
interface Word extends Decided {
  readonly ballot?: number;
  readonly again?: boolean;
}

/** DUEL.3: the number of a ballot is its cycle's, and whose it is: a part of one. */
const acceptedIn = (network: Network, { round, payload }: Frame): Word | undefined => {
  const { boards, record, type, fallback } = network;
  const layout = boards[0]!.layout as BallotLayout;
  const [, at] = record.filter(({ is }) => is === "whose").map((part) => part.at);
  if (round > 1 || at === undefined || !(payload[0]! & 1)) return undefined;
  const content = payload.subarray(1);
  const view = new DataView(content.buffer, content.byteOffset);
  const ballot = view.getUint32(at + 1, true);
  const value = type.create(1).load(view, at + 1 + NUMBER_BYTES, 0) ?? fallback;
  return ballot ? {
    slot: slotIn(layout, content), value: textOf(value),
    ballot: ballot - 1 + content[at]! / HUB,
  } : undefined;
};

/** COMMIT.1: of a frame of round 1, how its board votes; `again`: not in this cycle first. */
const voteIn = ({ payload, view, round }: Frame, width: number): Word | undefined => {
  if (round > 1 || !(payload[0]! & 1) || !(payload[1]! & 1)) return undefined;
  return {
    slot: view.getUint32(2 + width, true), value: textOf(payload[2]! > 0),
    again: (payload[1]! & 2) > 0,
  };
};

/**
 * Reads what frames of the last round vote for; frames come in the order in which their board said
 * them. With views a vote is for a slot that is so many beyond its board's claim (VIEW.5).
 *
 * With early decisions the round before votes too (EARLY.1).
 *
 * Where boards duel, a record says what its board has accepted, and under which number (DUEL.3).
 *
 * @returns reads a frame: undefined where it is none of these, or votes for nothing
 */
export const createLastWords = (network: Network): ((frame: Frame) => Word | undefined) => {
  const { layout } = network.boards[0]!;
  const { valueWidth, keep, rounds, early, review, phases } = layout;
  if (duels(layout)) return (frame) => acceptedIn(network, frame);
  // By board: the slot that it claimed last, and the lowest byte of that cycle's number.
  const claimed = network.boards.map(() => ({ slot: 0, low: -1 }));
  const type = network.type.create(1);
  return (frame: Frame): Word | undefined => {
    if (phases) return voteIn(frame, valueWidth);
    const { sender, round, low, payload, view } = frame;
    const claims = keep > 0 && isClaims(network, round);
    const votes = round <= rounds && round >= rounds - Number(early) && payload[0]! & 1;
    if (!claims && !votes) return undefined;
    if (claims) claimed[sender] = { slot: view.getUint32(1 + valueWidth, true), low };
    if (!votes) return undefined;
    const claim = claimed[sender]!;
    // A vote without its claim, as of who missed a beacon, counts for nobody.
    if (review && keep && claim.low !== low) return undefined;
    const value = type.load(view, 1, 0) ?? network.fallback;
    const slot = review ? claim.slot + (payload[0]! >> 1) : 0;
    return {
      slot: keep ? review ? slot : view.getUint32(1 + valueWidth, true) : 0, value: textOf(value),
    };
  };
};

/** Whether a frame proposes something that its board has not decided, as a leader of a view. */
const proposesIn = (network: Network, { round, payload }: Frame): boolean =>
  isClaims(network, round) &&
  (payload[0]! & (network.boards[0]!.layout.keep ? 1 : 3)) === 1;

/** Who leads a view, by what is said. */
export interface Leaders {
  /** Who has proposed in this cycle; without a log, in this view. */
  readonly known: Set<number>;
  /** A cycle opens, by its number on the wire. */
  readonly open: (number: number) => void;
  readonly hear: (frame: Frame) => void;
}

/**
 * Without a log a leader's claim of a decision looks as anybody's (VIEW.5): so it is remembered who
 * proposed before in the view, and nothing is known of who had decided by then.
 */
export const createLeaders = (network: Network): Leaders => {
  const { keep, review } = network.boards[0]!.layout;
  const known = new Set<number>();
  return {
    known,
    open(number) {
      if (keep || !(number % review)) known.clear();
    },
    hear(frame) {
      if (proposesIn(network, frame)) known.add(frame.sender);
    },
  };
};
