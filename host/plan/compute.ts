import {
  HASH_BLOCK_BYTES, TAGGED_BYTES, countedFrom, held, signatures, spoken,
} from "../../firmware/index.js";
import type { Board, Network } from "../network/network.js";
import { windowBytes } from "../network/wiring.js";
import { heldBy } from "./input.js";
import type { Hearing } from "./input.js";
import { chosenBytes, hashCosts, hashesAt } from "./signing.js";

/** What boards take for what they compute. Times are in bits, unless told. */

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
/** For each board that may be suspected, when a cycle is closed: a dozen statements. */
const SUSPECT_US = 100;
/**
 * For each board whose health is watched, when a cycle is closed; and for each two, of which the
 * median puts the values in order. `test/cost/health.ts` counts it, and holds it to less.
 */
const HEALTH_US = 800;
const HEALTH_PAIR_US = 20;
/** For each byte of each board's, where values are rows of bytes: each is compared three times. */
const HEALTH_BYTE_US = 64;
/** For each tag, made or checked: two hashes of two blocks each; and for each byte compared. */
const TAG_US = 340;
const TAG_BYTE_US = 16;
/** What a hash of one block takes the interpreter where it is not native, in milliseconds. */
export const SLOW_HASH_MS = 37;
/** For each hash, with the loop around it. */
const HASH_US = 200;
/**
 * As many words more are tried at most where hashes are: each of 15,000 of them rules a word out by
 * a chance of less than one in four.
 */
const CHANCES = 40;
/** As many words of two bytes are tried until all that are left have another high byte. */
const LOWS = 254;

/** @returns a time in bits, rounded up. */
export const bitsOf = (network: Network, microseconds: number): number =>
  Math.ceil((microseconds * network.file.baud) / 1e6);

/** @returns a time in microseconds, rounded. */
export const microsecondsOf = (network: Network, bits: number): number =>
  Math.round((bits * 1e6) / network.file.baud);

/** Whether a round opens a cycle; of one behind a review's last, whether `closes` is not said. */
const isFirst = ({ layout }: Board, round: number, closes: boolean): boolean =>
  !closes && countedFrom(layout, round) === 1;

/** How many paths a board handles when `round` opens: those whose values it gathers. */
const gathered = ({ shape }: Network, board: Board, round: number, closes: boolean): number => {
  const last = board.layout.exchanges;
  if (isFirst(board, round, closes) || round > last + 1) return 0;
  if (round <= last) return held(shape, board.number, round - 1);
  let votes = 0;
  for (let length = last - 1; length > 0; length--) {
    votes += held(shape, board.number, length) * (shape.boards - length);
  }
  return votes;
};

/**
 * Microseconds for what a ballot makes of the round before `round`. With views, claims may have a
 * board look at the records once more.
 */
const ballotUs = ({ shape }: Network, board: Board, round: number, closes: boolean) => {
  const { ballots, keep, exchanges, review } = board.layout;
  const pairs = shape.boards ** 2;
  if (!ballots || round <= exchanges) return 0;
  // EARLY.2: each record has two votes.
  const times = board.layout.early ? 2 : 1;
  const looks = round === exchanges + 1 ? !isFirst(board, round, closes)
    : review > 0 && round === exchanges + 2;
  return pairs * (looks ? RECORDS_US * times + (keep && LOG_US) : TALLY_US);
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
const hashedBytes = ({ shape }: Network, { signing, layout }: Board, round: number): number =>
  layout.tags + (signing && round <= layout.exchanges
    ? spoken(shape, round) * signatures(shape, round) *
      (signing.signatureBytes - chosenBytes(signing))
    : 0);

/** Bytes of a beacon with a payload of so many; on a shared wire, with the 0 before it (WIRE.3). */
export const beaconBytes = ({ wiring, boards }: Network, payload: number): number => {
  const { overhead, word } = boards[0]!.layout;
  return overhead + payload + (wiring ? word - 1 : 0);
};

/** Microseconds of a tag, made or checked, of so many bytes of values. */
const tagUs = ({ kind, layout: { tag } }: Board, values: number): number => {
  if (!tag) return 0;
  if (kind.native.sha256) return TAG_US;
  // The inner hash is of a block, what is tagged, and at least nine bytes more; the outer of two.
  const inner = Math.ceil((HASH_BLOCK_BYTES + TAGGED_BYTES + values + 9) / HASH_BLOCK_BYTES);
  return 1000 * SLOW_HASH_MS * (inner + 2);
};

/** Microseconds that the Linux build takes for a frame of `round` that it hears. */
const hearingUs = (board: Board, round: number): Hearing => {
  const { payloads, tag, tags } = board.layout;
  return {
    frame: FRAME_US + tagUs(board, payloads[round]! - tags) + TAG_BYTE_US * tag, byte: BYTE_US,
  };
};

/**
 * What a board hears at once, in bytes: a frame; of a liar at a guardian, what that lets through.
 */
const heardBytes = ({ wiring }: Network, { layout }: Board, round: number): number =>
  Math.max(layout.overhead + layout.payloads[round]!,
    wiring?.guardian ? windowBytes(layout, wiring) : 0);

/** What one frame of `round` takes. */
const frameUs = (network: Network, board: Board, round: number): number => {
  const { frame, byte } = hearingUs(board, round);
  return frame + byte * heardBytes(network, board, round);
};

/** Microseconds that the Linux build takes to watch all boards, once a cycle (docs/health.md). */
export const healthUs = ({ boards }: Network, { layout }: Board): number =>
  (layout.health ? boards.length * (HEALTH_US + HEALTH_PAIR_US * boards.length +
    (layout.rows ? HEALTH_BYTE_US * layout.valueWidth : 0)) : 0);

/** Microseconds that the Linux build takes from a beacon to the answer, frames heard apart. */
const workUs = (network: Network, board: Board, round: number, closes: boolean): number => {
  const { layout } = board;
  const { payloads, overhead, word, tags, poll } = layout;
  const content = overhead - 2 * word + (payloads[round] ?? 0);
  const sending = round > network.rounds ? 0
    : tagUs(board, payloads[round]! - tags) * (network.shape.boards - 1) +
      BYTE_US * (content + 2 * word) +
      maskUs(content, word, hashedBytes(network, board, round));
  const watching = closes || round > network.rounds
    ? healthUs(network, board) + (layout.suspect ? SUSPECT_US * layout.boards : 0) : 0;
  return watching + BEACON_US + BYTE_US * poll + PATH_US * gathered(network, board, round, closes) +
    sending + ballotUs(network, board, round, closes) + HASH_US * hashesAt(network, board, round);
};

/** How a round's frames and beacons come to boards. */
export const comingOf = (network: Network, round: number) => {
  const { shape: { commander, poll = 0 }, boards } = network;
  const { payloads, overhead } = boards[0]!.layout;
  const opening = Math.max(...boards.map((board) => board.layout.payloads[0]!));
  const speakers = commander < 0 ? boards.length : round === 1 ? 1 : boards.length - 1;
  return {
    beacon: beaconBytes(network, countedFrom(boards[0]!.layout, round) === 1 ? opening : poll),
    frame: overhead + payloads[round]!, speakers,
    heard: commander >= 0 && round === 1 ? 1 : speakers - 1,
    most: heardBytes(network, boards[0]!, round),
  };
};

export const comings = (network: Network) =>
  Array.from({ length: network.rounds }, (_, at) => comingOf(network, at + 1));

/**
 * How many frames of the round before have yet to be looked at when a beacon comes: at worst all
 * that a buffer holds. On a shared wire each but the last has been looked at in a slot of its own.
 */
const waitingAt = (network: Network, board: Board, round: number, closes: boolean): number => {
  if (isFirst(board, round, closes)) return 0;
  if (network.wiring) return 1;
  const fit = heldBy(board.kind, comings(network), round - 2);
  return fit < comingOf(network, round - 1).heard ? fit : network.shape.boards - 1;
};

/**
 * By how much a board is slower than the Linux build: as measured, or as its kind is. What was
 * measured is from a beacon to its answer, with all frames of the round before yet to be looked at.
 */
const slownessOf = (network: Network, board: Board, round: number, closes: boolean): number => {
  const { compute_us: measured } = board.file;
  if (measured === undefined) return board.kind.slowdown;
  const all = isFirst(board, round, closes) ? 0
    : (network.shape.boards - 1) * frameUs(network, board, round - 1);
  return measured / (workUs(network, board, round, closes) + all);
};

/**
 * Bits in which a board looks at the frames that wait when the beacon of `round` comes.
 *
 * @param closes whether it is not that, but what closes the cycle after the round before
 */
export const backlogBits = (
  network: Network, board: Board, round: number, closes = false,
): number => {
  const frames = waitingAt(network, board, round, closes);
  const each = frames && frameUs(network, board, round - 1);
  return (frames * each * slownessOf(network, board, round, closes) * network.file.baud) / 1e6;
};

/** Bits that a board takes for what it hears in `round`. */
export const hearingBits = (network: Network, board: Board, round: number): Hearing => {
  const { frame, byte } = hearingUs(board, round);
  const bits = (slownessOf(network, board, round + 1, true) * network.file.baud) / 1e6;
  return { frame: frame * bits, byte: byte * bits };
};

/**
 * Bits from the end of a beacon to the answer: measured, or estimated from the kind's slowdown.
 *
 * @param closes as of `backlogBits`
 */
export const computeBits = (
  network: Network, board: Board, round: number, closes = false,
): number => {
  const { compute_us: measured } = board.file;
  if (measured !== undefined) return bitsOf(network, measured);
  const waiting = waitingAt(network, board, round, closes);
  const hearing = waiting && waiting * frameUs(network, board, round - 1);
  return bitsOf(network, (workUs(network, board, round, closes) + hearing) * board.kind.slowdown);
};

/** Bits that a board which signs takes after its order, until it can hear the next opening. */
export const prepareBits = (network: Network, { signing, kind }: Board): number =>
  (signing && network.shape.traitors
    ? bitsOf(network, HASH_US * hashCosts(signing).prepare * kind.slowdown)
    : 0);

/** Milliseconds from power to a board's first signature, which makes its first tile. */
export const startMs = ({ signing, kind }: Board): number =>
  (signing ? Math.round((HASH_US * hashCosts(signing).start * kind.slowdown) / 1000) : 0);

/** On a shared wire, bits from a poll that opens no round to the answer, which is there already. */
export const pollBits = (network: Network, board: Board, round: number): number => {
  const { file, layout, kind } = board;
  return bitsOf(network, file.compute_us ??
    kind.slowdown * (BEACON_US + BYTE_US * layout.poll + frameUs(network, board, round)));
};
