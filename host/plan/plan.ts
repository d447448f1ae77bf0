import { firstRound, lastRound, speaks } from "../../firmware/index.js";
import { staysConsole } from "../network/kinds.js";
import type { Board, Network } from "../network/network.js";
import { unaddressed } from "./addressed.js";
import {
  SLOW_HASH_MS, backlogBits, beaconBytes, bitsOf, comingOf, comings, computeBits, hearingBits,
  pollBits, prepareBits,
} from "./compute.js";
import {
  fillOf, heldBy, intakeOf, roomOf, slottedOf, smallBuffer, wireFillOf,
} from "./input.js";
import type { Hearing, Intake } from "./input.js";
import { blocksOf, memoryOf } from "./memory.js";
import { crownBytes } from "./signing.js";

export { beaconBytes, bitsOf, microsecondsOf, startMs } from "./compute.js";
export { memoryOf } from "./memory.js";
export type { MemoryTerm } from "./memory.js";

/**
 * What a network costs, before anything runs: rounds, bytes, times, memory (SPEC.md, "Times").
 * Times are in bits, the time that one bit takes on the wire, and whole; a byte is ten of them.
 */
export const BITS_A_BYTE = 10;
const GUARD_US = 100;

export interface RoundPlan {
  readonly round: number;
  /** Bytes of the longest beacon, and of one frame. */
  readonly beacon: number;
  readonly frame: number;
  /** How many boards speak, and how many frames the busiest receiver hears. */
  readonly speakers: number;
  readonly heard: number;
  /** The most bytes that come in a frame's place: on a guarded wire, what a gate lets through. */
  readonly most: number;
  /** Bits from the beacon's first to the last moment at which a frame may end at the hub. */
  readonly deadline: number;
  /** Bits from the beacon's first to the next beacon's. */
  readonly length: number;
  /** Bits that a board takes from the beacon's end to its answer's start, by board. */
  readonly compute: readonly number[];
  /** Bits of that in which it looks at frames of the round before. */
  readonly backlog: readonly number[];
  /** What a board takes for a frame of this round, and how those come to it, by board. */
  readonly hearing: readonly Hearing[];
  readonly intake: readonly Intake[];
  /** On a shared wire: when who is polled. A frame's deadline is there its slot's end. */
  readonly slots: readonly Slot[];
}

/** On a shared wire, the time from one beacon's first bit to the next one's. */
export interface Slot {
  readonly board: number;
  /** Bits after the round's beginning. */
  readonly begins: number;
  /** Bits. */
  readonly length: number;
  /** Bits that a board takes from the beacon's end to its answer's start, by board. */
  readonly compute: readonly number[];
}

/** What a cycle of one kind has, and takes: with views there are two. */
export interface CyclePlan {
  /** Its rounds, by number. */
  readonly first: number;
  readonly last: number;
  /** Bits: what it takes, and what it is given. */
  readonly needed: number;
  readonly period: number;
  /** As of `Plan`. */
  readonly busiest: number;
}

export interface Plan {
  readonly rounds: readonly RoundPlan[];
  /** Each kind of cycle: the one that there is, or a review and a fast one (VIEW.1). */
  readonly cycles: readonly CyclePlan[];
  /**
   * Bytes of the beacon that closes a cycle, and the bits from its first to the last board's order.
   */
  readonly closing: number;
  readonly closingLength: number;
  /** Bits that a board takes to decide, by board. */
  readonly decide: readonly number[];
  /** Bits of that in which it looks at frames of the last round, by board. */
  readonly decideBacklog: readonly number[];
  /** Bits until the slowest board that signs is ready for the next cycle; 0 where none signs. */
  readonly prepare: number;
  readonly guard: number;
  /** The most bytes in a board's input buffer where nothing is held back, by board. */
  readonly fill: readonly number[];
  /** For whom something is, as there is not room for all. */
  readonly paced: readonly boolean[];
  /** Bits of a cycle that this takes. */
  readonly spacing: number;
  /** Bits of a cycle: what it takes, and what it is given; of the longest kind. */
  readonly needed: number;
  readonly period: number;
  /** What it is given, of the shortest kind, and on average. */
  readonly shortest: number;
  readonly mean: number;
  /** Bytes that the busiest link carries in a cycle, downwards; or the wire that all share. */
  readonly busiest: number;
}

/** @returns what is planned for the cycle of this number */
export const cycleIn = ({ cycles }: Plan, { boards }: Network, cycle: number): CyclePlan => {
  const begins = firstRound(boards[0]!.layout, cycle);
  return cycles[0]!.first === begins ? cycles[0]! : cycles[1]!;
};

/**
 * The slots of a round on a shared wire, one for each board that speaks. In the first, all gather
 * what they have to say; in the others they have heard one more frame.
 */
const slotsOf = (
  network: Network, round: number, bits: number, spacing: number,
): Slot[] => {
  const { boards, members, shape } = network;
  let begins = 0;
  return members.filter(({ number }) => speaks(shape, number, round))
    .map(({ number }): Slot => {
      const compute = boards.map((board) =>
        (begins ? pollBits(network, board, round) : computeBits(network, board, round)));
      const length = bits + Math.max(...compute) + spacing;
      const slot = { board: number, begins, length, compute };
      begins += slot.length;
      return slot;
    });
};

const planRound = (network: Network, round: number, guard: number): RoundPlan => {
  const { boards, wiring } = network;
  const all = comings(network);
  const coming = comingOf(network, round);
  const { beacon, frame, heard } = coming;
  const compute = boards.map((board) => computeBits(network, board, round));
  const hearing = boards.map((board) => hearingBits(network, board, round));
  const intake = boards.map(({ kind }, at) => (wiring
    ? slottedOf(kind, all, coming, hearing[at]!)
    : intakeOf(kind, coming, hearing[at]!, heldBy(kind, all, round - 1), guard, BITS_A_BYTE)));
  const spacing = Math.max(...intake.map((one) => one.spacing));
  const backlog = boards.map((board) => backlogBits(network, board, round));
  const told = { round, ...coming, compute, backlog, hearing, intake };
  const said = BITS_A_BYTE * (beacon + frame) + guard;
  if (wiring) {
    const slots = slotsOf(network, round, said + wiring.release, spacing);
    const { begins, length } = slots[slots.length - 1]!;
    return { ...told, deadline: begins + length, length: begins + length, slots };
  }
  const deadline = said + Math.max(...compute);
  return {
    ...told, deadline, slots: [], length: deadline + BITS_A_BYTE * frame * heard + spacing,
  };
};

/** What cycles take, kind by kind. */
const planCycles = (
  network: Network, rounds: readonly RoundPlan[], closing: number, least: number,
): CyclePlan[] => {
  const { layout } = network.boards[0]!;
  const { period_ms: period } = network.file;
  const kinds = (layout.review ? [0, 1] : [0]).map((cycle) => {
    const [first, last] = [firstRound(layout, cycle), lastRound(layout, cycle)];
    const all = rounds.slice(first - 1, last);
    return {
      first, last, needed: all.reduce((sum, one) => sum + one.length, least),
      busiest: all.reduce((sum, { beacon, frame, heard, slots }) =>
        sum + beacon * (slots.length || 1) + frame * (slots.length || heard), closing),
    };
  });
  const given = period === undefined ? 0 : bitsOf(network, period * 1000);
  return kinds.map((kind) => ({ ...kind, period: Math.max(kind.needed, given) }));
};

/** Bits of what is worked out when a cycle closes, by board; with views, of the longer kind. */
const closingBits = (
  network: Network, bits: (board: Board, round: number, closes: boolean) => number,
): number[] => network.boards.map((board) => Math.max(
  bits(board, network.rounds + 1, false),
  board.layout.review ? bits(board, board.layout.exchanges + 1, true) : 0,
));

const workOut = (network: Network): Plan => {
  const guard = bitsOf(network, network.file.guard_us ?? GUARD_US);
  const rounds = Array.from(
    { length: network.rounds }, (_, at) => planRound(network, at + 1, guard),
  );
  const decide = closingBits(network, (...at) => computeBits(network, ...at));
  const closing = beaconBytes(network, network.shape.poll ?? 0);
  const closingLength = BITS_A_BYTE * closing + Math.max(...decide);
  const prepare = Math.max(...network.boards.map((board) => prepareBits(network, board)));
  const cycles = planCycles(network, rounds, closing, closingLength + prepare);
  const periods = cycles.map((one) => one.period);
  const { review } = network.boards[0]!.layout;
  const fill = network.boards.map(({ kind }) =>
    (network.wiring ? wireFillOf(kind, rounds, false) : fillOf(kind, rounds)));
  return {
    fill, paced: network.boards.map(({ kind }, at) => fill[at]! > roomOf(kind)),
    spacing: rounds.reduce((sum, { intake, slots }) =>
      sum + Math.max(...intake.map((one) => one.spacing)) * (slots.length || 1), 0),
    rounds, cycles, closing, closingLength, decide, prepare, guard,
    decideBacklog: closingBits(network, (...at) => backlogBits(network, ...at)),
    needed: Math.max(...cycles.map((one) => one.needed)),
    period: Math.max(...periods), shortest: Math.min(...periods),
    mean: review ? (periods[0]! + (review - 1) * periods[1]!) / review : periods[0]!,
    busiest: Math.max(...cycles.map((one) => one.busiest)),
  };
};

/** Plans that were worked out: a network never changes, and many short runs may be of one. */
const known = new WeakMap<Network, Plan>();

/** @returns the schedule that the hub keeps. */
export const planOf = (network: Network): Plan => {
  const found = known.get(network) ?? workOut(network);
  known.set(network, found);
  return found;
};

export interface Fit {
  readonly board: Board;
  /** Bytes of the arena and the routes. */
  readonly memory: number;
  readonly bundle: number;
  /** Blocks of memory in all, with the code in RAM, and what there are; 0: as many as needed. */
  readonly blocks: number;
  readonly blocksAvailable: number;
  readonly fits: boolean;
  /** What is too large, and what would be right; "" where it fits. */
  readonly reason: string;
}

/** @param bundle bytes of the board's bundle */
export const fitOf = (network: Network, board: Board, bundle: number): Fit => {
  const { kind } = board;
  const memory = memoryOf(network, board).reduce((sum, term) => sum + term.bytes, 0);
  const blocks = blocksOf(network, board, bundle);
  const { variables } = kind.info;
  const over = variables && blocks > variables;
  const crown = board.signing ? crownBytes(board.signing) : 0;
  const above = crown ? ` and the tree's upper nodes ${crown}` : "";
  // The arena, which the frames and what signs lie in.
  const long = unaddressed(board.signing ? board.layout.memory : board.layout.end);
  const small = smallBuffer(kind, comings(network), network.wiring !== undefined);
  const reason = staysConsole(kind, board.port)
    ? `${board.port} is the console of ${kind.id}, which obeys whatever comes over it: take ${
      Object.keys(kind.uarts).filter((port) => !staysConsole(kind, port)).join(" or ")}`
    : board.signing && !kind.native.sha256
    ? `${kind.id} has no native SHA-256, and makes a hash in ${SLOW_HASH_MS} ms: it cannot sign`
    : over
    ? `needs ${blocks} blocks of memory and ${kind.id} has ${variables}`
    : long
    ? long
    : bundle + crown > kind.code_flash
      ? `the bundle has ${bundle} bytes${above}, and ${kind.id} has room for ${kind.code_flash}`
      : small;
  return { board, memory, bundle, blocks, blocksAvailable: variables, fits: !reason, reason };
};
