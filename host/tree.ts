import { createLms } from "../firmware/auth/lms.js";
import { IDENTIFIER_BYTES, TILE_HEIGHT, signatureLimits } from "../firmware/auth/sets.js";
import type { TreeSet } from "../firmware/auth/sets.js";

/** A whole LMS tree, which takes p·2^w hashes a leaf: for computers. */
export interface Tree {
  /** I and then the root, as a signer is given its key. */
  readonly key: Uint8Array;
  /**
   * The nodes above the tiles, each n bytes, numbered from 1 (the root) as in RFC 8554, section
   * 5.3; there is no node 0. A board that signs looks them up, the root apart. None is secret.
   */
  readonly crown: Uint8Array;
}

/**
 * @param name I, 16 bytes
 * @param seed n bytes, from which all private values are derived (RFC 8554, Appendix A)
 * @param grown told now and then how much of the tree there is, 0 to 1
 */
export const growTree = (
  set: TreeSet, name: Uint8Array, seed: Uint8Array, grown?: (share: number) => void,
): Tree => {
  const shape = { boards: 1, trees: [set], messageBytes: 1, firstCycle: 0, reserve: 1 };
  const limits = signatureLimits(shape, 0, 0);
  const { hashBytes: n, keys, seeds, tiles, leaves } = limits;
  const arena = new Uint8Array(limits.signatureEnd);
  const lms = createLms(limits, arena, new DataView(arena.buffer));
  arena.set(name, keys);
  arena.set(seed, seeds);
  // The tile is room enough: two children, and what is made.
  const children = tiles[0]! + n;
  const made = children + 2 * n;
  const nodes = new Uint8Array(2 * leaves * n);
  for (let node = 2 * leaves; --node; ) {
    if (!(node & 63)) grown?.(Math.min(1, 2 - node / leaves));
    lms.use(keys, node % leaves, 0);
    if (node < leaves) {
      arena.set(nodes.subarray(2 * node * n, 2 * (node + 1) * n), children);
      lms.join(node, children, made);
    } else lms.leaf(made);
    nodes.set(arena.subarray(made, made + n), node * n);
  }
  const key = new Uint8Array(IDENTIFIER_BYTES + n);
  key.set(name);
  key.set(nodes.subarray(n, 2 * n), IDENTIFIER_BYTES);
  return { key, crown: nodes.slice(0, (2 * leaves * n) >> TILE_HEIGHT) };
};
