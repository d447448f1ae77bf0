import type { BallotLayout } from "../../firmware/ballots/layout.js";
import { lastRound } from "../../firmware/index.js";
import { sameValue, show } from "../base/values.js";
import type { Value } from "../base/values.js";
import type { BoardState, Decision } from "../boards/board.js";
import type { Tried } from "../boards/tried.js";
import { lineKind, traitorKind } from "../faults/registry.js";
import { faultyIn } from "../faults/troubles.js";
import type { Troubles } from "../faults/asked.js";
import { asynchronousIn, numberOf } from "../faults/windows.js";
import type { Network } from "../network/network.js";
import { duels } from "../network/turns.js";
import { createReader } from "../topology/frames.js";
import { createBallotOracle } from "./ballot-oracle.js";
import { createCommitOracle } from "./commit-oracle.js";
import type { BallotJudgement, BallotLaw, BallotOracle, Decided } from "./ballot-oracle.js";
import { createTentativeWatch } from "./tentative.js";
import type { TentativeWatch } from "./tentative.js";
import { createLastWords, createLeaders, createProposals, textOf } from "./words.js";
import type { Leaders } from "./words.js";

/** @returns what the judge of ballots must know of a network */
export const ballotLawOf = (network: Network): BallotLaw => {
  const layout = network.boards[0]!.layout as BallotLayout;
  const { boards, traitors, keep, quorum, review, direct } = layout;
  return {
    boards, learners: network.boards.length - boards, traitors, log: keep > 0,
    proof: direct ? quorum : quorum - traitors, review,
    // PAX.2: the first leader in time is one that was there.
    patience: direct ? 1 : traitors + 2, named: direct, duels: duels(layout),
  };
};

/** @returns the judge of a network's ballots, or of its commits */
export const oracleOf = (network: Network, made: (text: string) => boolean): BallotOracle => {
  const { phases, accepts, coordinator, traitors } = network.boards[0]!.layout;
  const law = ballotLawOf(network);
  return phases ? createCommitOracle(law, {
    coordinator: accepts || network.ballots!.timely ? -1 : coordinator,
    // Who is named may be one that fails, in as many cycles, and one catches up before (PC.4).
    within: accepts ? traitors + 3 : 1, timely: network.ballots!.timely === true,
  }) : createBallotOracle(law, made);
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
  readonly restarted: (board: number, state?: BoardState) => void;
  /** What a board did before it was decided, and what it decided: a trace has both. */
  readonly tried: TentativeWatch["take"];
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
  /** Where boards act tentatively: by board, what it did so; and whether each was right (TENT). */
  readonly tried?: readonly (readonly Tried[])[] | undefined;
  readonly tentative?: boolean;
  /** Whether frames may have been late or lost anywhere. */
  readonly loose: boolean;
  /** Whether no more lied than the algorithm allows; else nothing is promised. */
  readonly promised: boolean;
}

/**
 * Those whose frames say what their program did not, or to whom the hub says what nobody did: with
 * tags that is found out. All others keep to the program.
 */
export const liarsIn = (
  network: Network, { traitors, lines }: Pick<Troubles, "traitors" | "lines">,
): Set<number> => {
  const { tag } = network.boards[0]!.layout;
  const misled = lines.filter(({ board, name }) =>
    board >= 0 && !tag && lineKind(network, name).on === "hub");
  return new Set([...misled.map(({ board }) => board), ...traitors.flatMap(({ board, name }) => {
    const { on, strays } = traitorKind(network, name);
    return on === "liar" || strays ? [board] : [];
  })]);
};

/** Whether frames may be late or lost in a cycle anywhere. */
export const isLoose = (
  network: Network, { windows = [], lines }: Troubles, cycle: number,
): boolean => asynchronousIn(network, windows, cycle) || lines.some(({ board }) => board < 0);

/** Whether all that fail do so by a crash, and no frame of others is lost (COMMIT.5). */
const crashesOnly = (network: Network, { lines, traitors }: Troubles): boolean =>
  !lines.length && traitors.every(({ name }) => {
    const kind = traitorKind(network, name);
    return kind.on === "board" && (kind.isDown !== undefined || kind.stuck === true);
  });

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

/** Which boards have said what, so far. */
interface Said {
  /** Who has promised anything. */
  readonly bound: Set<number>;
  readonly leaders: Leaders;
  /** In this cycle: who has voted, and who said what it votes for a round before (EARLY.1). */
  readonly voters: Set<number>;
  readonly relayers: Set<number>;
}

const createVoting = (
  network: Network, troubles: Troubles, oracle: BallotOracle,
  { bound, leaders, voters, relayers }: Said,
) => {
  const read = createReader(network);
  const wordIn = createLastWords(network);
  const { phases } = network.boards[0]!.layout;
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
    leaders.hear(frame);
    if (!word) return;
    (phases || round === network.rounds ? voters : relayers).add(board);
    const count = word.ballot === undefined && round < network.rounds
      ? oracle.relayed : oracle.voted;
    count(board, word.ballot ?? cycle, word.slot, word.value, word.again);
  };
};

/** What of a board that has closed a cycle is held to LOG.7. */
type Ended = Pick<BoardState, "acts" | "order" | "decisions" | "counts">;

/** Whether what is carried out follows what was, slot by slot, but for those that it counts. */
const follows = (last: Last, state: Ended): boolean => {
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
  { fallback, boards }: Network, last: Last, state: Ended,
): boolean => {
  const { acts, order, decisions } = state;
  const { keep, safe } = boards[0]!.layout;
  if (acts - last.acts !== Math.max(1, decisions.length)) return false;
  if (decisions.length) return follows(last, state) && sameValue(order, decisions.at(-1)!.value);
  const meanwhile = safe && (keep || !last.slot) ? fallback : last.order;
  return sameValue(order, meanwhile) || (last.restarted && sameValue(order, fallback));
};

/**
 * A cycle that comes again and decides more has the number of the last one, and its list goes on.
 *
 * @param acts how often a board has acted since its state was looked at before
 * @returns the state, with no decision that was seen then
 */
const newlyDecided = (state: Ended, acts: number): Ended =>
  (state.decisions.length > acts ? {
    acts: state.acts, order: state.order, counts: state.counts,
    decisions: state.decisions.slice(-acts),
  } : state);

/** @returns what a board holds that has closed a cycle */
export const heldNow = (last: Last, state: Ended): Last => {
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
  const { boards, rotating, stored, poll, phases, early } = layout;
  const oracle = oracleOf(network, (text) => proposals.made(text));
  const proposals = createProposals(network, oracle);
  const liars = liarsIn(network, troubles);
  const read = createReader(network);
  const said = {
    bound: new Set<number>(), leaders: createLeaders(network),
    voters: new Set<number>(), relayers: new Set<number>(),
  };
  const vote = createVoting(network, troubles, oracle, said);
  const last = network.boards.map(() => unheld(network));
  const numberIn = (during: number) => numberOf(network, troubles.windows ?? [], during);
  const tentative = layout.tentative
    ? createTentativeWatch(network.boards.length, stored) : undefined;
  let decisions: Decision[][] = [];
  let shown: readonly (Value | undefined)[] = [];
  let order = true;
  let cycle = 0;

  const decided = (board: number, list: readonly Decision[]) => {
    for (const { slot, value } of list) {
      decisions[board]!.push({ slot, value: value instanceof Uint8Array ? value.slice() : value });
    }
  };

  const closed = (board: number, now: BoardState) => {
    const before = last[board]!;
    tentative?.seen(board, now);
    if (now.acts === before.acts) return;
    const state = newlyDecided(now, now.acts - before.acts);
    tentative?.closed(board, state.decisions);
    if (!liars.has(board) && !isRight(network, before, state)) order = false;
    last[board] = heldNow(before, state);
    decided(board, state.decisions);
  };

  // On a shared wire its own vote counts for a board that is not polled after it, and so never says
  // it. Of a commit that is what its sensor shows.
  const voteUnsaid = (board: number, own?: Decided) => {
    if (!own || (phases && shown[board] !== true)) return;
    const { slot, value } = own;
    if (!said.voters.has(board)) oracle.mayHaveVoted(board, cycle, slot, value);
    if (early && !said.relayers.has(board)) oracle.relayed(board, cycle, slot, value);
  };

  return {
    decided,
    open(during) {
      cycle = during;
      order = true;
      said.leaders.open(numberIn(during));
      said.voters.clear();
      said.relayers.clear();
      decisions = network.boards.map(() => []);
    },
    shown(values) {
      shown = values;
      for (const value of values) proposals.add(value);
    },
    sent(board, bytes) {
      if (!liars.has(board)) vote(board, bytes, cycle);
    },
    heard(sender, bytes) {
      const frame = liars.has(sender) ? read(bytes) : undefined;
      if (frame) proposals.inFrame(frame);
    },
    tried(...told) {
      tentative?.take(...told);
    },
    restarted(board, state) {
      tentative?.restarted(board, state);
      // What is stored is there again; and who has promised nothing has nothing to forget.
      if (!stored) oracle.restarted(board);
      if (!stored && said.bound.has(board)) oracle.excused(board);
      last[board] = heldAfterRestart(network, last[board]!);
    },
    closed,
    close(states = []) {
      states.forEach((state, board) => {
        closed(board, state);
      });
      const faulty = faultyIn(network, troubles, cycle);
      const down = liars.size ? new Set([...faulty].filter((one) => !liars.has(one))) : faulty;
      // In the ballot of the last number nobody binds itself (LOG.5).
      const synchronous = !isLoose(network, troubles, cycle) && numberIn(cycle) < LAST_NUMBER;
      const list = decisions.map((one) => one.map(({ slot, value }): Decided =>
        ({ slot, value: textOf(value) })));
      if (poll && lastRound(layout, numberIn(cycle)) === network.rounds) {
        list.forEach((own, board) => {
          if (board < boards && !liars.has(board)) voteUnsaid(board, own.at(-1));
        });
      }
      const leader = rotating ? numberIn(cycle) % boards : undefined;
      const judged = oracle.close({
        cycle, synchronous, faulty: liars, down, leader, decisions: list,
        crashes: crashesOnly(network, troubles), number: numberIn(cycle),
        leaders: said.leaders.known,
      });
      const promised = !isLiedTo(network, liars);
      const acted = tentative?.close(liars);
      return {
        judged, order, decisions, loose: !synchronous, promised,
        tried: acted?.tried, tentative: acted?.right ?? true,
      };
    },
  };
};

