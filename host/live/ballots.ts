import { HUB, countedFrom } from "../../firmware/index.js";
import type { Value } from "../base/values.js";
import type { BoardState, Decision, SimBoard } from "../boards/board.js";
import type { FrameEvent } from "../events/events.js";
import type { Troubles } from "../faults/asked.js";
import type { BallotOracle, Decided } from "../judge/ballot-oracle.js";
import {
  LAST_NUMBER, heldAfterRestart, heldNow, isLiedTo, isLoose, isRight, liarsIn, oracleOf, unheld,
} from "../judge/ballots.js";
import type { Closed } from "../judge/ballots.js";
import { createLastWords, createLeaders, createProposals, textOf } from "../judge/words.js";
import type { Network } from "../network/network.js";
import { ownRound } from "../network/turns.js";
import { createReader } from "../topology/frames.js";
import { createStored } from "./stored.js";

/**
 * Ballots, as they are seen from the middle of the star. Boards remember between ballots, and their
 * stand-ins do only as long as they have heard all that the boards have. So a stand-in may know
 * less than its board, where the bus began after the network did, or the board was reset; until
 * both say the same again, what the board says is not held against it.
 */
export type Forget = (board: number, after: number) => void;

export interface LiveBallots {
  /**
   * A board says something else than its stand-in in a round that both speak in.
   *
   * @param told a frame's payload
   * @param invents whether it proposes what it did not put in
   * @returns what that is: "odd", no correct board says so; "away", it has lost its memory; or "",
   *   the stand-in may not know what its board does
   */
  readonly differs: (
    board: number, round: number, told: Uint8Array, invents: boolean,
  ) => "odd" | "away" | "";
  /**
   * A cycle is looked at; those that follow each other, from the first that the bus opened.
   *
   * @param forget has a stand-in begin anew, as one in the place of a board that may have promised
   *   something in the ballots up to `after`
   */
  readonly open: (cycle: number, forget: Forget) => void;
  /** They say the same in round 1: the record, which is all that a board remembers. */
  readonly same: (board: number, told: Uint8Array) => void;
  /** A stand-in stores what its board does, where promises are stored. */
  readonly wrote: (board: number, image: Uint8Array) => void;
  readonly close: (cycle: LiveCycle) => Closed;
  /** Without a log: what was decided. */
  readonly settled: readonly Value[];
}

export interface LiveCycle {
  readonly cycle: number;
  readonly inputs: readonly (Value | undefined)[];
  readonly events: readonly FrameEvent[];
  readonly standIns: readonly SimBoard[];
  readonly faulty: ReadonlySet<number>;
  readonly odd: ReadonlySet<number>;
}

/** Two boards are at most so many slots apart in what they may be about to decide. */
const AHEAD = 3;
/** Ballots in which a stand-in may differ, besides those in which it fills its log. */
const SPARE = 4;

/** Who may know what its stand-in does not, and in how many more ballots that may show. */
const createGrace = (network: Network) => {
  // Of what a learner knows nobody hears anything (LEARN.1).
  const { members: boards } = network;
  const { layout } = boards[0]!;
  const { keep, stored, bitmaps, exchanges } = layout;
  const own = ownRound(layout);
  // Without a log, a stand-in that was not there from the first is silent for ever (LOG.5).
  const most = keep ? keep + SPARE : Infinity;
  const left = boards.map(() => 0);
  const differed = new Set<number>();
  const restarted = new Set<number>();
  // Who began before the bus: what it said until then nobody here has seen.
  const strangers = new Set<number>();
  const images = createStored(network);
  // Who has gone on with what it had stored, and has not shown since that it has caught up.
  const resumed = new Set<number>();
  // From which ballot on that may be so again.
  const next = boards.map(() => 0);
  let ballots = 0;
  // What a record is, where promises are stored, that is not its stand-in's.
  const judgeRecord = (board: number, record: Uint8Array): "odd" | "away" | "" => {
    if (resumed.has(board)) return images.claims(board, record) ? "" : "odd";
    if (left[board]) return "";
    if (ballots < next[board]! || !images.resumes(board, record)) return "odd";
    next[board] = ballots + keep + SPARE;
    resumed.add(board);
    left[board] = SPARE;
    return "away";
  };
  return {
    wrote: images.wrote,
    begin() {
      left.fill(most);
      for (const { number } of boards) strangers.add(number);
    },
    differs: (
      board: number, round: number, told: Uint8Array, invents: boolean,
    ): "odd" | "away" | "" => {
      // What was heard from others is relayed, whatever one remembers.
      if (round > own && round <= exchanges) return "odd";
      // VIEW.5: with a log, a claim need not propose anything.
      const first = countedFrom(layout, round) === 1;
      const silent = !(told[0]! & (first && round > 1 && keep ? 3 : 1));
      // Where nobody relays, who says nothing in the middle of a cycle was restarted in it.
      if (silent && (first || layout.direct || restarted.has(board))) {
        restarted.add(board);
        return "away";
      }
      // Without a log, what is decided stands in its place.
      if (keep && round === own && invents) return "odd";
      if (stored && round === own) {
        const how = judgeRecord(board, told.subarray(bitmaps[own]));
        if (how) return how;
      }
      if (!left[board]) return "odd";
      differed.add(board);
      return "";
    },
    same: (board: number, told: Uint8Array) => {
      if (!(told[0]! & 1)) return;
      left[board] = 0;
      resumed.delete(board);
      strangers.delete(board);
      images.agreed(board);
    },
    /** Boards of which it is not known what they know. */
    unsure: () => new Set([
      ...restarted, ...boards.map(({ number }) => number).filter((board) => left[board]),
    ]),
    /** Whether there is one that began before the bus, and has not agreed yet. */
    strange: () => [...strangers].some((board) => left[board]),
    /** @returns who has lost its memory */
    close(): number[] {
      ballots++;
      for (const board of differed) left[board]!--;
      const forgetful = stored ? [] : [...restarted];
      for (const board of forgetful) left[board] = most;
      differed.clear();
      restarted.clear();
      return forgetful;
    },
  };
};

/** Reads from frames what was proposed, reported and voted for. */
const createReading = (network: Network, oracle: BallotOracle) => {
  const read = createReader(network);
  const wordIn = createLastWords(network);
  const proposals = createProposals(network, oracle);
  const leaders = createLeaders(network);
  return {
    proposals,
    /**
     * @param liars their votes do not count
     * @param unsure whose votes may be those of liars
     */
    take(
      { events, cycle }: LiveCycle, liars: ReadonlySet<number>, unsure: ReadonlySet<number>,
    ) {
      // By board and round there is one word: the accepted one, else the first that came too late.
      const said = new Set<number>();
      leaders.open(cycle);
      const heardFirst = events.toSorted((one, other) =>
        Number(other.fate === "heard") - Number(one.fate === "heard"));
      for (const { from, to, bytes } of heardFirst) {
        const frame = from === HUB ? undefined : read(bytes);
        if (frame?.sender !== from || frame.low !== (cycle & 255)) continue;
        if (liars.has(from) || unsure.has(from)) proposals.inFrame(frame);
        // A word that came too late binds its board as well.
        const name = frame.round * 32 + from;
        if (to !== HUB || said.has(name)) continue;
        said.add(name);
        const word = wordIn(frame);
        if (!liars.has(from) && !unsure.has(from)) leaders.hear(frame);
        if (frame.payload[0]! & 1) {
          if (frame.round === 1) oracle.reported(from, cycle);
          if (!word || liars.has(from)) continue;
          const count = word.ballot === undefined && frame.round < network.rounds ? oracle.relayed
            : unsure.has(from) ? oracle.mayHaveVoted : oracle.voted;
          count(from, word.ballot ?? cycle, word.slot, word.value, word.again);
        }
      }
      return leaders.known;
    },
  };
};

/** @returns undefined where there are no ballots */
export const createLiveBallots = (
  network: Network, troubles: Troubles,
): LiveBallots | undefined => {
  const { layout } = network.boards[0]!;
  if (!layout.ballots) return undefined;
  const { boards, traitors, keep, rotating } = layout;
  const first = network.file.first_cycle ?? 0;
  const oracle = oracleOf(network, (text) => reading.proposals.made(text));
  const reading = createReading(network, oracle);
  const grace = createGrace(network);
  const settled: Value[] = [];
  const last = network.boards.map(() => unheld(network));
  let forgets: Forget = () => undefined;
  let begun = -1;
  // Whether the stand-ins have heard all that their boards ever did.
  let whole = false;
  // Whether there was a lie where none is foreseen: what it did stays.
  let lied = false;
  // One more than the highest slot that was decided; below `unseen` votes may have been missed, or
  // too many have lied.
  let [reached, unseen] = [0, 0];

  // What the stand-ins decided, and whether each carried it out.
  const decide = ({ cycle, standIns, odd }: LiveCycle) => {
    let order = true;
    const decisions = standIns.map((standIn, board): readonly Decision[] => {
      const state: BoardState = standIn.state();
      const before = last[board]!;
      if (state.cycle !== cycle || state.acts === before.acts) return [];
      if (!isRight(network, before, state)) order = false;
      const { decisions: list } = state;
      last[board] = heldNow(before, state);
      for (const { slot } of list) reached = Math.max(reached, slot + 1);
      if (!keep && list[0]) settled[0] = list[0].value;
      return odd.has(board) ? [] : list.slice();
    });
    return { order, decisions };
  };

  const restart = (cycle: number) => {
    for (const board of grace.close()) {
      forgets(board, cycle);
      last[board] = heldAfterRestart(network, last[board]!);
      oracle.restarted(board);
      oracle.excused(board);
    }
  };

  return {
    settled,
    differs: grace.differs,
    same: grace.same,
    wrote: grace.wrote,
    open(cycle, forget) {
      forgets = forget;
      if (begun >= 0) return;
      begun = cycle;
      whole = cycle === first;
      if (whole) return;
      grace.begin();
      for (const { number } of network.boards) forget(number, cycle - 1);
    },
    close(ended) {
      const { cycle, inputs, faulty, odd } = ended;
      for (const { number } of cycle === begun && !whole ? network.boards : []) {
        oracle.excused(number);
      }
      const liars = new Set([...liarsIn(network, troubles), ...odd]);
      const unsure = grace.unsure();
      for (const value of inputs) reading.proposals.add(value);
      const leaders = reading.take(ended, liars, unsure);
      const { order, decisions } = decide(ended);
      lied ||= isLiedTo(network, liars);
      const promised = liars.size <= traitors && !lied;
      if (grace.strange() || !promised) unseen = reached + AHEAD;
      const list = decisions.map((one) => one.map(({ slot, value }): Decided =>
        ({ slot, value: textOf(value) })));
      for (const { slot, value } of list.flat()) if (slot < unseen) oracle.vouched(slot, value);
      const down = new Set([...faulty, ...unsure].filter((board) => !liars.has(board)));
      const synchronous = !isLoose(network, troubles, cycle) && cycle < LAST_NUMBER;
      const judged = oracle.close({
        cycle, synchronous, faulty: liars, down, unsure, decisions: list,
        leader: rotating ? cycle % boards : undefined, number: cycle, leaders, crashes: !down.size,
      });
      restart(cycle);
      // What one who is unsure proposes may be missing from the vector of its stand-in.
      const waits = [...unsure].some((board) => !faulty.has(board));
      return { judged, order, decisions, loose: waits || !synchronous, promised };
    },
  };
};
