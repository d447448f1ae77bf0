import { createLms } from "../../firmware/auth/lms/lms-host.js";
import { IDENTIFIER_BYTES, TILE_HEIGHT, signatureLayout } from "../../firmware/auth/lms/sets.js";
import type { TreeSet } from "../../firmware/auth/lms/sets.js";

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

/** A tree that is made part by part, since it may take minutes. */
export interface Growing {
  /** How much of it there is, 0 to 1. */
  readonly share: () => number;
  /** Makes so many nodes more, or as many as are missing. */
  readonly grow: (nodes: number) => void;
  /** Valid once all is there. */
  readonly tree: () => Tree;
}

/**
 * @param name I, 16 bytes
 * @param seed n bytes, from which all private values are derived (RFC 8554, Appendix A)
 */
export const plantTree = (set: TreeSet, name: Uint8Array, seed: Uint8Array): Growing => {
  const shape = { boards: 1, trees: [set], messageBytes: 1, firstCycle: 0, reserve: 1 };
  const layout = signatureLayout(shape, 0, 0);
  const { hashBytes: n, keys, seeds, tiles, leaves } = layout;
  const arena = new Uint8Array(layout.signatureEnd);
  const lms = createLms(layout, arena, new DataView(arena.buffer));
  arena.set(name, keys);
  arena.set(seed, seeds);
  // The tile is room enough: two children, and what is made.
  const children = tiles[0]! + n;
  const made = children + 2 * n;
  const nodes = new Uint8Array(2 * leaves * n);
  // Children come before their parents, and the root last.
  let next = 2 * leaves - 1;
  return {
    share: () => Math.min(1, 2 - (next + 1) / leaves),
    grow(count) {
      for (let left = count; left && next; left--, next--) {
        lms.use(keys, next % leaves, 0);
        if (next < leaves) {
          arena.set(nodes.subarray(2 * next * n, 2 * (next + 1) * n), children);
          lms.unite(next, children, made);
        } else lms.leaf(made);
        nodes.set(arena.subarray(made, made + n), next * n);
      }
    },
    tree() {
      const key = new Uint8Array(IDENTIFIER_BYTES + n);
      key.set(name);
      key.set(nodes.subarray(n, 2 * n), IDENTIFIER_BYTES);
      return { key, crown: nodes.slice(0, (2 * leaves * n) >> TILE_HEIGHT) };
    },
  };
};

/** A whole tree at once. */
export const growTree = (set: TreeSet, name: Uint8Array, seed: Uint8Array): Tree => {
  const growing = plantTree(set, name, seed);
  growing.grow(Infinity);
  return growing.tree();
};
