import { OPTIMIZE } from "../network/network.js";
import type { Board, Network, Optimize } from "../network/network.js";
import { blocksOf } from "./memory.js";
import { crownBytes } from "./signing.js";

/**
 * What a board's bundle may be made for (`"optimize"`). Where the file does not say it, it is the
 * fastest that fits. The plan has to know that without making bundles, which takes seconds: where
 * even a large one would fit it is "speed", and else it may be any, and the slowest is planned.
 */

/** More bytes than bundles have that are made for speed; and with signatures. */
const LARGE_BYTES = 13_000;
const LARGE_SIGNED_BYTES = 19_000;

/** @returns what a board's bundle may be made for, the fastest first */
export const settingsOf = (network: Network, board: Board): readonly Optimize[] => {
  const { optimize } = network.file;
  if (optimize) return [optimize];
  const { signing, kind } = board;
  const bytes = signing ? LARGE_SIGNED_BYTES : LARGE_BYTES;
  const { variables } = kind.info;
  const fits = bytes + (signing ? crownBytes(signing) : 0) <= kind.code_flash &&
    (!variables || blocksOf(network, board, bytes) <= variables);
  return fits ? ["speed"] : OPTIMIZE.toReversed();
};
