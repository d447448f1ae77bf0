import type { BallotLayout } from "../../firmware/ballots/layout.js";
import { HUB } from "../../firmware/index.js";
import { sameValue, show } from "../base/values.js";
import type { Value } from "../base/values.js";
import type { BoardState, Decision } from "../boards/board.js";
import { traitorKind } from "../faults/registry.js";
import { faultyIn } from "../faults/troubles.js";
import type { Troubles } from "../faults/asked.js";
import { asynchronousIn, numberOf } from "../faults/windows.js";
import type { Network } from "../network/network.js";
import { NUMBER_BYTES, slotIn } from "../network/record.js";
import { duels, placesIn } from "../network/turns.js";
import { createReader } from "../topology/frames.js";
import type { Frame } from "../topology/frames.js";
import { createBallotOracle } from "./ballot-oracle.js";
import type { BallotJudgement, BallotLaw, BallotOracle, Decided } from "./ballot-oracle.js";

/** @returns what the judge of ballots must know of a network */
export const ballotLawOf = (network: Network): BallotLaw => {
  const layout = network.boards[0]!.layout as BallotLayout;
  const { boards, traitors, keep, quorum, review, direct } = layout;
  return {
    boards, traitors, log: keep > 0, proof: direct ? quorum : quorum - traitors, review,
    // PAX.2: the first leader in time is one that was there.
    patience: direct ? 1 : traitors + 2, named: direct, duels: duels(layout),
  };
};

/** Whether boards lie to whom no lie was foreseen: then nothing is promised. */
export const isLiedTo = (network: Network, liars: ReadonlySet<number>): boolean =>
  network.boards[0]!.layout.direct && liars.size > 0;

/** Shows the judge of ballots what happens on the wires and at the boards. */
export interface BallotWatch {
  readonly open: (cycle: number) => void;
  /** What the boards' sensors show in this cycle. */
  readonly shown: (values: readonly (Value | undefined)[]) => void;
  /** A board sends bytes, whatever becomes of them. */
  readonly sent: (board: number, bytes: Uint8Array) => void;
  /** Bytes arrive at a board. */
  readonly heard: (sender: number, bytes: Uint8Array) => void;
  readonly restarted: (board: number) => void;
  /** What a board holds after it heard a closing beacon. */
  readonly closed: (board: number, state: BoardState) => void;
  /** What each board decided in a cycle: a trace has it. */
  readonly decided: (board: number, decisions: readonly Decision[]) => void;
  /**
   * The cycle is over.
   *
   * @param states what boards hold: an order may be carried out, and the end not heard (EARLY.3)
   */
  readonly close: (states?: readonly BoardState[]) => Closed;
}

export interface Closed {
  readonly judged: BallotJudgement;
  /** Whether each correct board carried out what it decided, or else what it does meanwhile. */
  readonly order: boolean;
  /** By board, what it decided in this cycle. */
  readonly decisions: readonly (readonly Decision[])[];
  /** Whether frames may have been late or lost anywhere. */
  readonly loose: boolean;
  /** Whether no more lied than the algorithm allows; else nothing is promised. */
  readonly promised: boolean;
}

/** Those whose frames say what their program did not. All others keep to the program. */
export const liarsIn = (network: Network, { traitors }: Troubles): Set<number> =>
  new Set(traitors.flatMap(({ board, name }) => {
    const { on, strays } = traitorKind(network, name);
    return on === "liar" || strays ? [board] : [];
  }));

/** Whether frames may be late or lost in a cycle anywhere. */
export const isLoose = (
  network: Network, { windows = [], lines }: Troubles, cycle: number,
): boolean => asynchronousIn(network, windows, cycle) || lines.some(({ board }) => board < 0);

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
const valuesOf = (network: Network, { round, payload }: Frame): (Value | undefined)[] => {
  const layout = network.boards[0]!.layout as BallotLayout;
  const { bitmaps, payloads, items, tags, exchanges, keep, ring } = layout;
  const view = new DataView(payload.buffer, payload.byteOffset);
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

/** What a frame votes for; and where that is not the frame's own, in which ballot. */
interface Word extends Decided {
  readonly ballot?: number;
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
  const { valueWidth, keep, rounds, early, review } = layout;
  if (duels(layout)) return (frame) => acceptedIn(network, frame);
  const claimed = network.boards.map(() => 0);
  return ({ sender, round, payload }: Frame): Decided | undefined => {
    const claims = keep > 0 && isClaims(network, round);
    const votes = round <= rounds && round >= rounds - Number(early) && payload[0]! & 1;
    if (!claims && !votes) return undefined;
    const view = new DataView(payload.buffer, payload.byteOffset);
    if (claims) claimed[sender] = view.getUint32(1 + valueWidth, true);
    if (!votes) return undefined;
    const value = network.type.create(1).load(view, 1, 0) ?? network.fallback;
    const slot = review ? claimed[sender]! + (payload[0]! >> 1) : 0;
    return {
      slot: keep ? review ? slot : view.getUint32(1 + valueWidth, true) : 0, value: textOf(value),
    };
  };
};

/** Whether a frame proposes something, as a leader of a view. */
export const proposesIn = (network: Network, { round, payload }: Frame): boolean =>
  isClaims(network, round) && (payload[0]! & 1) > 0;

/** What a board held when it was last looked at. */
export interface Last {
  readonly acts: number;
  readonly order: Value;
  /** How many slots are behind it, and how many of them it has skipped. */
  readonly slot: number;
  /** How many were when it forgot that: of those, it carries out one in a ballot at most. */
  readonly forgot: number;
  readonly skipped: number;
  /** It lost its power since: what it carried out last it may have to hear again. */
  readonly restarted: boolean;
}

/** @returns what a board holds that has never run */
export const unheld = ({ fallback }: Network): Last =>
  ({ acts: 0, order: fallback, slot: 0, forgot: 0, skipped: 0, restarted: false });

/** @returns what a board holds after it has lost its power */
export const heldAfterRestart = (network: Network, last: Last): Last => ({
  ...(network.boards[0]!.layout.stored ? last
    : { ...unheld(network), forgot: Math.max(last.forgot, last.slot) }),
  acts: 0, skipped: 0, restarted: true,
});

/** After this number comes none. */
export const LAST_NUMBER = 0xffffffff;

/** The numbers of cycles are known by their lowest byte; frames are no older than so many. */
const CYCLES_BACK = 64;

/**
 * @param bound boards that have promised anything are added to it
 * @param leaders and those that propose as leaders of a view, to this
 */
const createVoting = (
  network: Network, troubles: Troubles, oracle: BallotOracle, bound: Set<number>,
  leaders: Set<number>,
) => {
  const read = createReader(network);
  const wordIn = createLastWords(network);
  const { windows = [] } = troubles;
  return (board: number, bytes: Uint8Array, open: number): void => {
    const frame = read(bytes);
    if (!frame || frame.sender !== board) return;
    const { round, low, payload } = frame;
    let cycle = open;
    const least = Math.max(0, open - CYCLES_BACK);
    while (cycle >= least && (numberOf(network, windows, cycle) & 255) !== low) cycle--;
    if (cycle < least) return;
    const word = wordIn(frame);
    if (!(payload[0]! & 1)) return;
    if (round === 1) {
      oracle.reported(board, cycle);
      bound.add(board);
    }
    if (proposesIn(network, frame)) leaders.add(board);
    if (!word) return;
    const count = word.ballot === undefined && round < network.rounds
      ? oracle.relayed : oracle.voted;
    count(board, word.ballot ?? cycle, word.slot, word.value);
  };
};

/** Whether what is carried out follows what was, slot by slot, but for those that it counts. */
const follows = (last: Last, state: BoardState): boolean => {
  const { decisions } = state;
  const ascends = decisions.every(({ slot }, at) =>
    at === 0 || slot === decisions[at - 1]!.slot + 1);
  const gap = decisions[0]!.slot - last.slot;
  if (decisions.some(({ slot }, at) => at > 0 && slot < last.forgot)) return false;
  return ascends &&
    (gap === 0 || (gap > 0 && gap === state.counts["skipped"]! - last.skipped));
};

/** Whether a board that closed a cycle carried out what it should, each decision once (LOG.7). */
export const isRight = (
  { fallback, boards }: Network, last: Last, state: BoardState,
): boolean => {
  const { acts, order, decisions } = state;
  const { keep, safe } = boards[0]!.layout;
  if (acts - last.acts !== Math.max(1, decisions.length)) return false;
  if (decisions.length) return follows(last, state) && sameValue(order, decisions.at(-1)!.value);
  const meanwhile = safe && (keep || !last.slot) ? fallback : last.order;
  return sameValue(order, meanwhile) || (last.restarted && sameValue(order, fallback));
};

/** @returns what a board holds that has closed a cycle */
export const heldNow = (last: Last, state: BoardState): Last => {
  const { acts, order, decisions } = state;
  return {
    acts, order, slot: decisions.length ? decisions.at(-1)!.slot + 1 : last.slot,
    forgot: last.forgot, skipped: decisions.length ? state.counts["skipped"]! : last.skipped,
    restarted: last.restarted && !decisions.length,
  };
};

/** As a line of `--json` has them. */
export const shownDecisions = (decisions: readonly Decision[]) =>
  decisions.map(({ slot, value }) => ({ slot, value: show(value) }));

/** @returns undefined where there are no ballots */
export const createBallotWatch = (
  network: Network, troubles: Troubles,
): BallotWatch | undefined => {
  const { layout } = network.boards[0]!;
  if (!layout.ballots) return undefined;
  const { boards, rotating, stored } = layout;
  const oracle = createBallotOracle(
    ballotLawOf(network), (text) => proposals.made(text));
  const proposals = createProposals(network, oracle);
  const liars = liarsIn(network, troubles);
  const read = createReader(network);
  const bound = new Set<number>();
  const leaders = new Set<number>();
  const vote = createVoting(network, troubles, oracle, bound, leaders);
  const last = network.boards.map(() => unheld(network));
  const numberIn = (during: number) => numberOf(network, troubles.windows ?? [], during);
  let decisions: Decision[][] = [];
  let order = true;
  let cycle = 0;

  const decided = (board: number, list: readonly Decision[]) => {
    decisions[board]!.push(...list.map(({ slot, value }) => (
      { slot, value: value instanceof Uint8Array ? value.slice() : value })));
  };

  const closed = (board: number, state: BoardState) => {
    const before = last[board]!;
    if (state.acts === before.acts) return;
    if (!liars.has(board) && !isRight(network, before, state)) order = false;
    last[board] = heldNow(before, state);
    decided(board, state.decisions);
  };

  return {
    decided,
    open(during) {
      cycle = during;
      order = true;
      leaders.clear();
      decisions = network.boards.map(() => []);
    },
    shown(values) {
      for (const value of values) proposals.add(value);
    },
    sent(board, bytes) {
      if (!liars.has(board)) vote(board, bytes, cycle);
    },
    heard(sender, bytes) {
      const frame = liars.has(sender) ? read(bytes) : undefined;
      if (frame) proposals.inFrame(frame);
    },
    restarted(board) {
      // What is stored is there again; and who has promised nothing has nothing to forget.
      if (!stored) oracle.restarted(board);
      if (!stored && bound.has(board)) oracle.excused(board);
      last[board] = heldAfterRestart(network, last[board]!);
    },
    closed,
    close(states = []) {
      for (const [board, state] of states.entries()) closed(board, state);
      const down = new Set([...faultyIn(network, troubles, cycle)]
        .filter((board) => !liars.has(board)));
      // In the ballot of the last number nobody binds itself (LOG.5).
      const synchronous = !isLoose(network, troubles, cycle) && numberIn(cycle) < LAST_NUMBER;
      const list = decisions.map((one) => one.map(({ slot, value }): Decided =>
        ({ slot, value: textOf(value) })));
      const leader = rotating ? numberIn(cycle) % boards : undefined;
      const judged = oracle.close({
        cycle, synchronous, faulty: liars, down, leader, decisions: list,
        number: numberIn(cycle), led: [...leaders].some((board) => !down.has(board)),
      });
      const promised = !isLiedTo(network, liars);
      return { judged, order, decisions, loose: !synchronous, promised };
    },
  };
};

