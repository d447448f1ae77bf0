import {
  HASH_BLOCK_BYTES, MAC_KEY_BYTES, TAGGED_BYTES, firstRound, lastRound, speaks, spoken,
} from "../../firmware/index.js";
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
import { crownBytes } from "./signing.js";

export { beaconBytes, bitsOf, microsecondsOf, startMs } from "./compute.js";

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
export const cycleIn = (plan: Plan, { boards }: Network, cycle: number): CyclePlan =>
  plan.cycles.find(({ first }) => first === firstRound(boards[0]!.layout, cycle))!;

/**
 * The slots of a round on a shared wire, one for each board that speaks. In the first, all gather
 * what they have to say; in the others they have heard one more frame.
 */
const slotsOf = (
  network: Network, round: number, bits: number, spacing: number,
): Slot[] => {
  const { boards, shape } = network;
  let begins = 0;
  return boards.filter(({ number }) => speaks(shape, number, round))
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

/** @returns the schedule that the hub keeps. */
export const planOf = (network: Network): Plan => {
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

/** What one board's memory goes to, in bytes; see docs/memory.md. */
export interface MemoryTerm {
  readonly name: string;
  readonly formula: string;
  readonly bytes: number;
}

/** What a board that signs holds besides frames. */
const signedTerms = ({ layout, signing }: Board): MemoryTerm[] => {
  const { boards: n, traitors: m, width: w, payloads, levels, orders, heard } = layout;
  const { signatureBytes, keyBytes, hashBytes, trees } = signing!;
  const outgoing = m ? levels[1]! : orders;
  return [
    {
      name: "own order", bytes: outgoing,
      formula: m ? `a presence byte, ${w}, and a signature of ${signatureBytes}` : `1+${w}`,
    },
    {
      name: "outgoing", bytes: orders - outgoing,
      formula: m ? `the longest it relays, of ${payloads.slice(2).join(", ")}` : "relays nothing",
    },
    { name: "orders", bytes: heard - orders, formula: `${n} commanders * (1 + 2*${w})` },
    {
      name: "signing", bytes: layout.memory - layout.end,
      formula: `${n} keys of ${keyBytes}, ${trees} * (63 nodes of ${hashBytes}), the message`,
    },
  ];
};

export const memoryOf = (network: Network, board: Board): MemoryTerm[] => {
  const { layout } = board;
  const { boards: n, width: w, exchanges } = layout;
  const said = spoken(network.shape, exchanges);
  const { overhead, block, tag, tags, word } = layout;
  const longest = Math.max(block + tags, layout.payloads[0]!);
  const signed = board.signing ? signedTerms(board) : undefined;
  return [
    ...(signed?.slice(0, -1) ?? [layout.direct ? {
      name: "held", bytes: layout.heard, formula: `its own record: 1+${w}`,
    } : {
      name: "held", bytes: layout.heard,
      formula: `paths of 0..${exchanges - 1 || 1} boards: ${layout.counts
        .map((count) => `${Math.ceil(count / 8)}+${count}*${w}`).join(" + ")}`,
    }]),
    {
      name: "heard", bytes: layout.mac - layout.heard,
      formula: `${n} boards * ${signed ? block : `(${Math.ceil(said / 8)}+${said}*${w})`}`,
    },
    ...(tag ? [{
      name: "tags", bytes: layout.transmit - layout.mac,
      formula: `${n} keys * 2*${MAC_KEY_BYTES}, and two hashes: ${HASH_BLOCK_BYTES}+${
        TAGGED_BYTES}+${block}+${n - 1}*${tag} + ${HASH_BLOCK_BYTES}+32`,
    }] : []),
    {
      name: "transmit", bytes: layout.receive - layout.transmit,
      formula: `the longest frame out: ${overhead}+${block + tags}, and ${word} to spare`,
    },
    {
      name: "receive", bytes: layout.end - layout.receive,
      formula: `the longest frame in: ${overhead}+${longest}`,
    },
    ...(layout.health ? [{
      name: "health", bytes: n * (layout.valueWidth + 8),
      formula: `${n} boards * (${layout.valueWidth} + 2*2 + 4)`,
    }] : []),
    ...(signed?.slice(-1) ?? (layout.direct ? [] : [{
      name: "routes", bytes: layout.routeAt[exchanges + 1]! * layout.routeBytes,
      formula: `${layout.routeAt[exchanges + 1]!} paths of 1..${exchanges} boards * ${
        layout.routeBytes}`,
    }])),
  ];
};

/**
 * Blocks that the interpreter, and the functions and names of a running bundle, need besides their
 * text: on the Linux build 355 for four boards and 380 for seven, as `test/espruino` measures them.
 */
const BLOCKS_BESIDE = 385;
/**
 * And for signing, on the Linux build as `test/espruino` measures it: 350 that stay, and 650 that
 * must be free for calls, chunks and the results of hashes.
 */
const BLOCKS_SIGNING = 1000;

/** And for watching the health of all boards: 90 on the Linux build for four, 105 for seven. */
const BLOCKS_HEALTH = 110;

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
  const data = (bytes: number) => Math.ceil(bytes / kind.block_data_bytes);
  const blocks = data(memory) + data(bundle) + BLOCKS_BESIDE +
    (board.signing ? BLOCKS_SIGNING : 0) + (board.layout.health ? BLOCKS_HEALTH : 0);
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
