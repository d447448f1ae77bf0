import {
  HASH_BLOCK_BYTES, LINK_KEY_BYTES, TAGGED_BYTES, held, signatures, spoken,
} from "../firmware/index.js";
import type { Board, Network } from "./network.js";
import { chosenBytes, crownBytes, hashCosts, hashesAt } from "./signing-plan.js";

/**
 * What a network costs, before anything runs: rounds, bytes, times, memory (SPEC.md, "Times").
 * Times are in bits, the time that one bit takes on the wire, and whole; a byte is ten of them.
 */
export const BITS_A_BYTE = 10;
const GUARD_US = 100;

/**
 * Microseconds that Espruino's Linux build takes on a 3 GHz core, as `test/espruino` measures them:
 * for a beacon; for each path that is gathered, and each vote; for each frame heard; for each byte
 * of those; and for each word that it tries as a frame's mask, with one step more where words have
 * two bytes.
 */
const BEACON_US = 500;
const PATH_US = 90;
const FRAME_US = 300;
const BYTE_US = 8;
const TRY_US = 24;
const STEP_US = 10;
/**
 * Of ballots, for each two boards: what is found in the records, the most of it with a log; and how
 * votes are counted.
 */
const RECORDS_US = 180;
const LOG_US = 150;
const TALLY_US = 60;
/** For each tag, made or checked: two hashes of two blocks each; and for each byte compared. */
const TAG_US = 340;
const TAG_BYTE_US = 16;
/** What a hash of one block takes the interpreter where it is not native, in milliseconds. */
const SLOW_HASH_MS = 37;
/** For each hash, with the loop around it. */
const HASH_US = 200;
/**
 * As many words more are tried at most where hashes are: each of 15,000 of them rules a word out by
 * a chance of less than one in four.
 */
const CHANCES = 40;
/** As many words of two bytes are tried until all that are left have another high byte. */
const LOWS = 254;

export interface RoundPlan {
  readonly round: number;
  /** Bytes of the longest beacon, and of one frame. */
  readonly beacon: number;
  readonly frame: number;
  /** How many boards speak, and how many frames the busiest receiver hears. */
  readonly speakers: number;
  readonly heard: number;
  /** Bits from the beacon's first to the last moment at which a frame may end at the hub. */
  readonly deadline: number;
  /** Bits from the beacon's first to the next beacon's. */
  readonly length: number;
  /** Bits that a board takes from the beacon's end to its answer's start, by board. */
  readonly compute: readonly number[];
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

export interface Plan {
  readonly rounds: readonly RoundPlan[];
  /**
   * Bytes of the beacon that closes a cycle, and the bits from its first to the last board's order.
   */
  readonly closing: number;
  readonly closingLength: number;
  /** Bits that a board takes to decide, by board. */
  readonly decide: readonly number[];
  /** Bits until the slowest board that signs is ready for the next cycle; 0 where none signs. */
  readonly prepare: number;
  readonly guard: number;
  /** Bits of a cycle: what it takes, and what it is given. */
  readonly needed: number;
  readonly period: number;
  /** Bytes that the busiest link carries in a cycle, downwards; or the wire that all share. */
  readonly busiest: number;
}

/** @returns a time in bits, rounded up. */
export const bitsOf = (network: Network, microseconds: number): number =>
  Math.ceil((microseconds * network.file.baud) / 1e6);

/** @returns a time in microseconds, rounded. */
export const microsecondsOf = (network: Network, bits: number): number =>
  Math.round((bits * 1e6) / network.file.baud);

/** How many paths a board handles when `round` opens: those whose values it gathers. */
const gathered = ({ shape }: Network, board: Board, round: number): number => {
  const last = shape.traitors + 1;
  if (round === 1 || round > last + 1) return 0;
  if (round <= last) return held(shape, board.number, round - 1);
  let votes = 0;
  for (let length = shape.traitors; length > 0; length--) {
    votes += held(shape, board.number, length) * (shape.boards - length);
  }
  return votes;
};

/** Microseconds for what a ballot makes of the round before `round`. */
const ballotUs = ({ shape }: Network, { limits: { ballots, keep } }: Board, round: number) => {
  const pairs = shape.boards ** 2;
  if (!ballots || round < shape.traitors + 2) return 0;
  return pairs * (round > shape.traitors + 2 ? TALLY_US : RECORDS_US + (keep && LOG_US));
};

/**
 * The search for a mask at its worst (SPEC.md, FRAME.5): a liar may choose its values, and so some
 * of what others relay, such that each byte rules out one word more.
 */
const maskUs = (content: number, word: number, hashed: number): number => {
  const tries = Math.min(content, content - hashed + (hashed ? CHANCES : 0));
  const passes = word > 1 ? Math.ceil((content + 1) / LOWS) : 0;
  return TRY_US * tries + STEP_US * passes * tries;
};

/** Bytes of a payload of `round` that are hashes or tags, which nobody chooses. */
const hashedBytes = ({ shape }: Network, { signing, limits }: Board, round: number): number =>
  limits.tags + (signing && round <= shape.traitors + 1
    ? spoken(shape, round) * signatures(shape, round) *
      (signing.signatureBytes - chosenBytes(signing))
    : 0);

/** Bytes of a beacon with a payload of so many; on a shared wire, with the 0 before it (WIRE.3). */
export const beaconBytes = ({ wiring, boards }: Network, payload: number): number => {
  const { overhead, word } = boards[0]!.limits;
  return overhead + payload + (wiring ? word - 1 : 0);
};

/** Microseconds of a tag, made or checked, of so many bytes of values. */
const tagUs = ({ kind, limits: { tag } }: Board, values: number): number => {
  if (!tag) return 0;
  if (kind.native.sha256) return TAG_US;
  // The inner hash is of a block, what is tagged, and at least nine bytes more; the outer of two.
  const inner = Math.ceil((HASH_BLOCK_BYTES + TAGGED_BYTES + values + 9) / HASH_BLOCK_BYTES);
  return 1000 * SLOW_HASH_MS * (inner + 2);
};

/**
 * Bits from the end of a beacon to the answer: measured, or estimated from the kind's slowdown. At
 * worst the frames of the round before, which came all at once, have yet to be looked at.
 */
const computeBits = (network: Network, board: Board, round: number): number => {
  const { compute_us: measured } = board.file;
  if (measured !== undefined) return bitsOf(network, measured);
  const { payloads, overhead, word, tag, tags, poll } = board.limits;
  const others = network.shape.boards - 1;
  // On a shared wire each but the last has been looked at in a slot of its own.
  const hearing = round === 1 ? 0
    : (network.wiring ? 1 : others) *
      (FRAME_US + tagUs(board, payloads[round - 1]! - tags) + TAG_BYTE_US * tag +
        BYTE_US * (overhead + payloads[round - 1]!));
  const content = overhead - 2 * word + (payloads[round] ?? 0);
  const sending = round > network.rounds ? 0
    : tagUs(board, payloads[round]! - tags) * others + BYTE_US * (content + 2 * word) +
      maskUs(content, word, hashedBytes(network, board, round));
  const us = BEACON_US + BYTE_US * poll + PATH_US * gathered(network, board, round) + hearing +
    sending + ballotUs(network, board, round) + HASH_US * hashesAt(network, board, round);
  return bitsOf(network, us * board.kind.slowdown);
};

/** Bits that a board which signs takes after its order, until it can hear the next opening. */
const prepareBits = (network: Network, { signing, kind }: Board): number =>
  (signing && network.shape.traitors
    ? bitsOf(network, HASH_US * hashCosts(signing).prepare * kind.slowdown)
    : 0);

/** Milliseconds from power to a board's first signature, which makes its first tile. */
export const startMs = ({ signing, kind }: Board): number =>
  (signing ? Math.round((HASH_US * hashCosts(signing).start * kind.slowdown) / 1000) : 0);

/** On a shared wire, bits from a poll that opens no round to the answer, which is there already. */
const pollBits = (network: Network, { file, limits, kind }: Board, round: number): number =>
  bitsOf(network, file.compute_us ?? kind.slowdown * (BEACON_US + FRAME_US +
    (limits.tag && TAG_US + TAG_BYTE_US * limits.tag) +
    BYTE_US * (limits.overhead + limits.payloads[round]! + limits.poll)));

/**
 * The slots of a round on a shared wire, one for each board that speaks. In the first, all gather
 * what they have to say; in the others they have heard one more frame.
 */
const slotsOf = (network: Network, round: number, bits: number): Slot[] => {
  const { boards, shape: { commander } } = network;
  let begins = 0;
  return boards.filter(({ number }) => commander < 0 || (number === commander) === (round === 1))
    .map(({ number }): Slot => {
      const compute = boards.map((board) =>
        (begins ? pollBits(network, board, round) : computeBits(network, board, round)));
      const slot = { board: number, begins, length: bits + Math.max(...compute), compute };
      begins += slot.length;
      return slot;
    });
};

const planRound = (network: Network, round: number, guard: number): RoundPlan => {
  const { shape, boards, wiring } = network;
  const { commander } = shape;
  const { payloads, overhead } = boards[0]!.limits;
  const opening = Math.max(...boards.map((board) => board.limits.payloads[0]!));
  const beacon = beaconBytes(network, round === 1 ? opening : shape.poll ?? 0);
  const frame = overhead + payloads[round]!;
  const speakers = commander < 0 ? boards.length : round === 1 ? 1 : boards.length - 1;
  const heard = commander >= 0 && round === 1 ? 1 : speakers - 1;
  const compute = boards.map((board) => computeBits(network, board, round));
  const said = BITS_A_BYTE * (beacon + frame) + guard;
  if (wiring) {
    const slots = slotsOf(network, round, said + wiring.release);
    const { begins, length } = slots[slots.length - 1]!;
    const all = begins + length;
    return { round, beacon, frame, speakers, heard, compute, deadline: all, length: all, slots };
  }
  const deadline = said + Math.max(...compute);
  return {
    round, beacon, frame, speakers, heard, compute, deadline, slots: [],
    length: deadline + BITS_A_BYTE * frame * heard,
  };
};

/** @returns the schedule that the hub keeps. */
export const planOf = (network: Network): Plan => {
  const guard = bitsOf(network, network.file.guard_us ?? GUARD_US);
  const rounds = Array.from(
    { length: network.rounds }, (_, at) => planRound(network, at + 1, guard),
  );
  const decide = network.boards.map((board) => computeBits(network, board, network.rounds + 1));
  const closing = beaconBytes(network, network.shape.poll ?? 0);
  const closingLength = BITS_A_BYTE * closing + Math.max(...decide);
  const prepare = Math.max(...network.boards.map((board) => prepareBits(network, board)));
  const needed = rounds.reduce((sum, one) => sum + one.length, closingLength + prepare);
  const { period_ms: period } = network.file;
  return {
    rounds, closing, closingLength, decide, prepare, guard, needed,
    period: Math.max(needed, period === undefined ? 0 : bitsOf(network, period * 1000)),
    busiest: rounds.reduce((sum, { beacon, frame, heard, slots }) =>
      sum + beacon * (slots.length || 1) + frame * (slots.length || heard), closing),
  };
};

/** What one board's memory goes to, in bytes; see DESIGN.md, "Memory". */
export interface MemoryTerm {
  readonly name: string;
  readonly formula: string;
  readonly bytes: number;
}

/** What a board that signs holds besides frames. */
const signedTerms = ({ limits, signing }: Board): MemoryTerm[] => {
  const { boards: n, traitors: m, width: w, payloads, levels, orders, heard } = limits;
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
      name: "signing", bytes: limits.memory - limits.end,
      formula: `${n} keys of ${keyBytes}, ${trees} * (63 nodes of ${hashBytes}), the message`,
    },
  ];
};

export const memoryOf = (network: Network, board: Board): MemoryTerm[] => {
  const { limits } = board;
  const { boards: n, traitors: m, width: w } = limits;
  const said = spoken(network.shape, m + 1);
  const { overhead, block, tag, tags, word } = limits;
  const longest = Math.max(block + tags, limits.payloads[0]!);
  const signed = board.signing ? signedTerms(board) : undefined;
  return [
    ...(signed?.slice(0, -1) ?? [{
      name: "held", bytes: limits.heard,
      formula: `paths of 0..${m || 1} boards: ${limits.counts
        .map((count) => `${Math.ceil(count / 8)}+${count}*${w}`).join(" + ")}`,
    }]),
    {
      name: "heard", bytes: limits.link - limits.heard,
      formula: `${n} boards * ${signed ? block : `(${Math.ceil(said / 8)}+${said}*${w})`}`,
    },
    ...(tag ? [{
      name: "tags", bytes: limits.transmit - limits.link,
      formula: `${n} keys * 2*${LINK_KEY_BYTES}, and two hashes: ${HASH_BLOCK_BYTES}+${
        TAGGED_BYTES}+${block}+${n - 1}*${tag} + ${HASH_BLOCK_BYTES}+32`,
    }] : []),
    {
      name: "transmit", bytes: limits.receive - limits.transmit,
      formula: `the longest frame out: ${overhead}+${block + tags}, and ${word} to spare`,
    },
    {
      name: "receive", bytes: limits.end - limits.receive,
      formula: `the longest frame in: ${overhead}+${longest}`,
    },
    ...(signed?.slice(-1) ?? [{
      name: "routes", bytes: limits.routeAt[m + 2]! * limits.routeBytes,
      formula: `${limits.routeAt[m + 2]!} paths of 1..${m + 1} boards * ${limits.routeBytes}`,
    }]),
  ];
};

/**
 * Blocks that the interpreter, and the functions and names of a running bundle, need besides their
 * text: on the Linux build 355 for four boards and 380 for seven, as `test/espruino` measures them.
 */
const BLOCKS_BESIDE = 385;
/**
 * And for signing, on the Linux build as `test/espruino` measures it: 350 that stay, and 400 that
 * must be free for calls, chunks and the results of hashes.
 */
const BLOCKS_SIGNING = 750;
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
    (board.signing ? BLOCKS_SIGNING : 0);
  const { variables } = kind.info;
  const over = variables && blocks > variables;
  const crown = board.signing ? crownBytes(board.signing) : 0;
  const above = crown ? ` and the tree's upper nodes ${crown}` : "";
  const reason = board.port === kind.console && kind.console_away === undefined
    ? `${board.port} is the console of ${kind.id}, which obeys whatever comes over it: ${
      Object.keys(kind.uarts).filter((port) => port !== board.port).join(" or ")} is none`
    : board.signing && !kind.native.sha256
    ? `${kind.id} has no native SHA-256, and makes a hash in ${SLOW_HASH_MS} ms: it cannot sign`
    : over
    ? `needs ${blocks} blocks of memory and ${kind.id} has ${variables}`
    : bundle + crown > kind.code_flash
      ? `the bundle has ${bundle} bytes${above}, and ${kind.id} has room for ${kind.code_flash}`
      : "";
  return { board, memory, bundle, blocks, blocksAvailable: variables, fits: !reason, reason };
};
