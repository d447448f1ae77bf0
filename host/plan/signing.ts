import { TILE_HEIGHT, TILE_LEAVES } from "../../firmware/auth/lms/sets.js";
import type { SigningLayout } from "../../firmware/auth/lms/signing.js";
import { signatures, spoken } from "../../firmware/index.js";
import type { Board, Network } from "../network/network.js";
import { signaturesMade } from "../network/signatures.js";

/** What signing costs in hashes, at worst: every digit of every message the longest chain. */
export interface HashCosts {
  /** To make a signature. */
  readonly sign: number;
  /** To check one. */
  readonly check: number;
  /** To get ready for the next cycle, at a change of tiles. */
  readonly prepare: number;
  /** To get ready after a start: a whole tile of each tree. */
  readonly start: number;
}

export const hashCosts = (
  { trees, chains, digitBits, heights, share }: SigningLayout,
): HashCosts => {
  const last = trees - 1;
  // A leaf is every chain to its end; a signature is as much at worst. Two more make it a node.
  const leaves = chains.map((count, tree) => count * 2 ** digitBits[tree]! + 2);
  const checks = chains.map((count, tree) =>
    count * (2 ** digitBits[tree]! - 1) + 3 + heights[tree]!);
  const joins = TILE_LEAVES - 1;
  const tiles = leaves.map((leaf) => TILE_LEAVES * leaf + joins);
  // A cycle adds one leaf to the next tile; the change makes those that are missing then, and where
  // there are two trees it is a leaf of the upper one, which signs, and one of its next tile.
  const missing = TILE_LEAVES - TILE_LEAVES / share + 1;
  const upper = last ? 3 * leaves[0]! + joins + 2 : 0;
  const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0);
  return {
    sign: leaves[last]!, check: sum(checks), prepare: missing * leaves[last]! + joins + upper,
    start: sum(tiles) + upper,
  };
};

/**
 * Signatures that a board checks when `round` closes, at worst. After the first, each of m liars
 * may fill its frames with items that are no good until their last signature; of the good ones a
 * board checks two orders of each commander, and never one it has.
 */
export const checksAt = ({ shape }: Network, round: number): number => {
  const { boards, traitors, commander } = shape;
  if (!traitors || round < 1 || round > traitors + 1) return 0;
  const commanders = commander < 0 ? boards - 1 : 1;
  if (round === 1) return commanders;
  const all = (boards - 1) * spoken(shape, round);
  const most = traitors * spoken(shape, round) + 2 * commanders;
  return Math.min(all, most) * signatures(shape, round);
};

/** Signatures that a board makes when `round` opens, at worst: the last hop has none. */
export const madeAt = ({ shape }: Network, round: number): number => {
  const { boards, traitors, commander } = shape;
  if (round > traitors) return 0;
  if (round === 1) return 1;
  return (commander < 0 ? boards - 1 : 1) * (round === 2 ? 1 : 2);
};

/** Hashes of a board between the beacon that opens `round` and its answer, at worst. */
export const hashesAt = (network: Network, { signing }: Board, round: number): number => {
  if (!signing) return 0;
  const { sign, check } = hashCosts(signing);
  return madeAt(network, round) * sign + checksAt(network, round - 1) * check;
};

/** What signing costs in a cycle, and how long it can go on. */
export interface SigningPlan {
  /** Signatures a board makes and checks in a cycle, where nobody lies and at worst. */
  readonly made: number;
  readonly madeMost: number;
  readonly checked: number;
  readonly checkedMost: number;
  /** Bytes of one. */
  readonly bytes: number;
  /** For how many cycles the keys last. */
  readonly cycles: number;
  /** Records written to flash in a cycle, on average: two for each block of reserved cycles. */
  readonly records: number;
}

export const signingPlanOf = (network: Network): SigningPlan | undefined => {
  const { shape, signing } = network;
  if (!signing) return undefined;
  const { boards, traitors, commander, signature = 0 } = shape;
  const commanders = commander < 0 ? boards - 1 : 1;
  const own = traitors ? 1 : 0;
  let checkedMost = 0;
  for (let round = 1; round <= traitors + 1; round++) checkedMost += checksAt(network, round);
  return {
    made: own + (traitors > 1 ? commanders : 0), checked: traitors ? commanders : 0,
    madeMost: signaturesMade(boards, traitors, commander), checkedMost,
    bytes: signature, cycles: signing.cycles, records: traitors ? 2 / signing.reserve : 0,
  };
};

/**
 * What one record takes in a board's flash, with its header, and what a page that is erased at once
 * has of it: records are appended, and a page is erased when it is full of old ones.
 */
export const RECORD_FLASH_BYTES = 40;
export const PAGE_BYTES = 4096;

/** Bytes of signatures that are no hashes, which a liar may choose: randomisers among them. */
export const chosenBytes = ({ hashBytes, chains, heights, signatureBytes }: SigningLayout) =>
  signatureBytes - chains.reduce(
    (sum, count, tree) => sum + hashBytes * (count + heights[tree]!), 0);

/** Bytes that a board keeps in flash of its tree: the nodes above the tiles, if there are any. */
export const crownBytes = ({ hashBytes, heights }: SigningLayout): number =>
  (heights[0]! > TILE_HEIGHT ? hashBytes << (heights[0]! + 1 - TILE_HEIGHT) : 0);
