import { HASH_BLOCK_BYTES, TAGGED_BYTES, countedFrom } from "../../firmware/index.js";
import type { Board, Network } from "../network/network.js";
import { windowBytes } from "../network/wiring.js";
import { heldBy } from "./input.js";
import type { Hearing } from "./input.js";
import { PRICES } from "./prices.js";
import { settingsOf } from "./settings.js";
import { hashCosts } from "./signing.js";
import {
  WORK, beaconWork, familyOf, frameWork, isFirst, pieceWork, pollWork, sumOf, timesOf,
  unmaskWork, watchWork,
} from "./work.js";
import type { Work } from "./work.js";

/**
 * What boards take for what they compute: instructions that Espruino's Linux build executes for
 * the same, by how many millions of them a board does in a second. Times are in bits, unless told.
 */

/**
 * What is kept for what was not measured: other boards of a network, other networks, other liars.
 */
const MARGIN = 1.1;
/** Milliseconds that the Linux build takes for a hash of one block where it is not native. */
export const SLOW_HASH_MS = 37;
/** The same in instructions. */
const SLOW_HASH = 66_600_000;

/** @returns a time in bits, rounded up. */
export const bitsOf = (network: Network, microseconds: number): number =>
  Math.ceil((microseconds * network.file.baud) / 1e6);

/** @returns a time in microseconds, rounded. */
export const microsecondsOf = (network: Network, bits: number): number =>
  Math.round((bits * 1e6) / network.file.baud);

/** Bytes of a beacon with a payload of so many; on a shared wire, with those of WIRE.3. */
export const beaconBytes = ({ wiring, boards }: Network, payload: number): number => {
  const { overhead, word } = boards[0]!.layout;
  return overhead + payload + (wiring ? word - 1 : 0);
};

/** Blocks that are hashed for a tag of so many bytes of values, inside and outside. */
const tagBlocks = (values: number): number =>
  Math.ceil((HASH_BLOCK_BYTES + TAGGED_BYTES + values + 9) / HASH_BLOCK_BYTES) + 2;

/**
 * Events that bring a frame of so many bytes, besides one: two events in a row hold together what
 * one may (INPUT.1). It is no whole number, as one may hold the end of a frame and the next.
 */
const piecesOf = ({ kind }: Board, bytes: number): number =>
  Math.max(0, (2 * bytes) / kind.input.event_bytes - 1);

/**
 * Events that bring so many frames which wait, and the beacon behind them, besides one for each and
 * those of `piecesOf`: the one that the board was busy with, and a first one that may be short.
 */
const morePieces = (network: Network, board: Board, round: number, waiting: number): number => {
  const { beacon } = comingOf(network, Math.min(round, network.rounds));
  const frame = heardBytes(network, board, Math.max(1, round - 1));
  const events = 2 + Math.ceil((2 * (waiting * frame + beacon)) / board.kind.input.event_bytes);
  return Math.max(0, events - waiting * (1 + piecesOf(board, frame)) - 1);
};

/** Instructions that some work takes on a board, whatever its bundle may be made for. */
const instructionsOf = (network: Network, board: Board, work: Work, values = 0): number => {
  const family = familyOf(network);
  const costs = settingsOf(network, board).map((setting) =>
    WORK.reduce((sum, kind) => sum + (work[kind] ?? 0) * PRICES[setting][family][kind], 0));
  // Where SHA-256 is not native, a tag costs what its hashes do.
  const slow = board.kind.native.sha256 ? 0
    : ((work.seal ?? 0) + (work.tag ?? 0)) * SLOW_HASH * tagBlocks(values);
  return MARGIN * Math.max(...costs) + slow;
};

/** Instructions that it takes to watch all boards, once a cycle (docs/health.md). */
export const watchCost = (network: Network, board: Board): number =>
  instructionsOf(network, board, watchWork(board.layout));

/** Microseconds that a board takes for so many instructions. */
const usOf = ({ kind, file }: Board, instructions: number): number =>
  instructions / (file.speed ?? kind.speed);

/**
 * What a board hears at once, in bytes: a frame; of a liar at a guardian, what that lets through.
 */
const heardBytes = ({ wiring }: Network, { layout }: Board, round: number): number =>
  Math.max(layout.overhead + layout.payloads[round]!,
    wiring?.guardian ? windowBytes(layout, wiring) : 0);

/** Bytes of values in a frame of `round`, tags apart. */
const valuesIn = ({ layout: { payloads, tags } }: Board, round: number): number =>
  (payloads[round] ?? tags) - tags;

/** What a frame of `round` is to a board, but for the bytes that it has: as long as may be. */
const hearingWork = (network: Network, board: Board, round: number): Work => sumOf(
  frameWork(board, round, 0), unmaskWork(board, heardBytes(network, board, round)),
  timesOf(piecesOf(board, heardBytes(network, board, round)), pieceWork(board, 0)));

/** Instructions that one frame of `round` takes. */
const frameCost = (network: Network, board: Board, round: number): number => {
  const { word } = board.layout;
  const bytes = { [word > 1 ? "byte2" : "byte"]: heardBytes(network, board, round) };
  return instructionsOf(network, board,
    sumOf(hearingWork(network, board, round), bytes), valuesIn(board, round));
};

/** Instructions from a beacon to the answer, frames heard apart. */
const beaconCost = (network: Network, board: Board, round: number, closes: boolean): number =>
  instructionsOf(network, board, beaconWork(network, board, round, closes),
    valuesIn(board, round));

/** How a round's frames and beacons come to boards. */
export const comingOf = (network: Network, round: number) => {
  const { shape: { commander, poll = 0 }, boards, members } = network;
  const { payloads, overhead } = boards[0]!.layout;
  const opening = Math.max(...boards.map((board) => board.layout.payloads[0]!));
  const speakers = commander < 0 ? members.length : round === 1 ? 1 : members.length - 1;
  // A learner hears all that speak, and each of these all but itself.
  const itself = boards.length > members.length ? 0 : 1;
  return {
    beacon: beaconBytes(network, countedFrom(boards[0]!.layout, round) === 1 ? opening : poll),
    frame: overhead + payloads[round]!, speakers,
    heard: commander >= 0 && round === 1 ? 1 : speakers - itself,
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
  return fit < comingOf(network, round - 1).heard ? fit : othersOf(network, board);
};

/** How many boards speak to this one in a round. */
const othersOf = ({ shape }: Network, { layout }: Board): number =>
  shape.boards - Number(!layout.learner);

/**
 * Microseconds that a board takes for an instruction: as measured, or as fast as it or its kind is.
 * What was measured is from a beacon to its answer, with all frames of the round before yet to be
 * looked at.
 */
const slownessOf = (network: Network, board: Board, round: number, closes: boolean): number => {
  const { compute_us: measured } = board.file;
  if (measured === undefined) return usOf(board, 1);
  const all = isFirst(board, round, closes) ? 0
    : othersOf(network, board) * frameCost(network, board, round - 1);
  return measured / (beaconCost(network, board, round, closes) + all);
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
  const each = frames && frameCost(network, board, round - 1);
  return (frames * each * slownessOf(network, board, round, closes) * network.file.baud) / 1e6;
};

/**
 * Bits that a board takes for what it hears in `round`: for all of a frame what the plan has for
 * one. Where it is not known what bundles are made for, the dearest byte and the dearest frame may
 * be those of two settings, and would be more together.
 */
export const hearingBits = (network: Network, board: Board, round: number): Hearing => {
  const { word } = board.layout;
  const bytes = heardBytes(network, board, round);
  const pieces = timesOf(piecesOf(board, bytes), pieceWork(board, 0));
  const byte = instructionsOf(network, board, { [word > 1 ? "byte2" : "byte"]: 1 }) +
    instructionsOf(network, board, pieces) / bytes;
  const frame = Math.max(0, frameCost(network, board, round) - byte * bytes);
  const bits = (slownessOf(network, board, round + 1, true) * network.file.baud) / 1e6;
  return { frame: frame * bits, byte: byte * bits };
};

/**
 * Bits from the end of a beacon to the answer: measured, or worked out from what is to be done.
 *
 * @param closes as of `backlogBits`
 */
export const computeBits = (
  network: Network, board: Board, round: number, closes = false,
): number => {
  const { compute_us: measured } = board.file;
  if (measured !== undefined) return bitsOf(network, measured);
  const waiting = waitingAt(network, board, round, closes);
  const hearing = waiting && waiting * frameCost(network, board, round - 1);
  const pieces = instructionsOf(network, board,
    timesOf(morePieces(network, board, round, waiting), pieceWork(board, 0)));
  return bitsOf(network,
    usOf(board, beaconCost(network, board, round, closes) + hearing + pieces));
};

/** Microseconds of so many hashes, with what is around each. */
const hashesUs = (network: Network, board: Board, hashes: number): number =>
  usOf(board, instructionsOf(network, board, { hash: hashes }));

/** Bits that a board which signs takes after its order, until it can hear the next opening. */
export const prepareBits = (network: Network, board: Board): number =>
  (board.signing && network.shape.traitors
    ? bitsOf(network, hashesUs(network, board, hashCosts(board.signing).prepare))
    : 0);

/** Milliseconds from power to a board's first signature, which makes its first tile. */
export const startMs = (network: Network, board: Board): number =>
  (board.signing
    ? Math.round(hashesUs(network, board, hashCosts(board.signing).start) / 1000)
    : 0);

/** On a shared wire, bits from a poll that opens no round to the answer, which is there already. */
export const pollBits = (network: Network, board: Board, round: number): number =>
  bitsOf(network, board.file.compute_us ?? usOf(board,
    frameCost(network, board, round) + instructionsOf(network, board, sumOf(
      pollWork(board), timesOf(morePieces(network, board, round + 1, 1), pieceWork(board, 0))))));

/** Instructions that a plan has for one beacon, poll or frame at its worst. */
export const instructionsFor = (
  network: Network, board: Board, kind: "beacon" | "poll" | "frame" | "piece", round: number,
  closes: boolean,
): number => (kind === "piece"
  ? instructionsOf(network, board, pieceWork(board, board.kind.input.event_bytes))
  : kind === "frame" ? frameCost(network, board, round)
  : kind === "poll" ? instructionsOf(network, board, pollWork(board))
    : beaconCost(network, board, round, closes));
