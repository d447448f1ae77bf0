import { move } from "../../platform/host.js";
import { createLms } from "./lms-host.js";
import { TILE_HEIGHT, TILE_LEAVES } from "./sets.js";
import type { SignatureLayout } from "./sets.js";
import { createLeafLedger } from "./store.js";
import type { LeafLedger, Slots } from "./store.js";

/** What a signer is put together from, besides its numbers. */
export interface SignerParts {
  /** The public keys of all boards, each I and then the root. */
  readonly keys: ArrayLike<number>;
  /** The seed of this board's upper tree, n bytes: the only secret. */
  readonly seed: ArrayLike<number>;
  readonly slots: Slots;
  /** @returns the n bytes of a node of the upper tree above its tiles, numbered as in RFC 8554 */
  readonly crown: (node: number) => ArrayLike<number>;
}

/** What the agreement knows of signatures. */
export interface Signer {
  /**
   * Signs the `layout.textBytes` bytes at `text`, once a cycle and never for an earlier cycle.
   *
   * @param at where in the arena the signature is put
   * @returns its bytes, or 0 where the board must be silent
   */
  readonly sign: (cycle: number, text: number, at: number) => number;
  /** Whether `arena[at..end)` is a signature by board `board` of the bytes at `text`. */
  readonly verify: (board: number, text: number, at: number, end: number) => boolean;
  /**
   * To be called when `cycle` is over, and before the next: makes a leaf, and now and then a record
   * in the store. After a start, or a gap of cycles, it makes up to a tile.
   */
  readonly prepare: (cycle: number) => void;
  /** Which leaves are left, and why none is used. */
  readonly ledger: LeafLedger;
}

/** Beyond the numbers of chains: what the lower tree's key is derived from. */
const CHILD_SEED = 0xfffe;
const CHILD_NAME = 0xffff;

/**
 * Signs and checks. The leaf is that of the cycle, and the trees are kept as tiles of 32 leaves:
 * the one that is in use, in whose leaves that are not needed any more the next one grows.
 */
export const createSigner = (
  layout: SignatureLayout, arena: Uint8Array, view: DataView, parts: SignerParts,
): Signer => {
  const { boards, self, trees, hashBytes, heights, keys, keyBytes, lowerKey, seeds } = layout;
  const { certificate, certificateBytes, signatureBytes, lastAt, leaves, firstCycle } = layout;
  arena.set(parts.keys, keys);
  arena.set(parts.seed, seeds);
  if (trees > 1) {
    view.setUint32(lowerKey, layout.lmsTypes[1]!);
    view.setUint32(lowerKey + 4, layout.otsTypes[1]!);
  }
  const lms = createLms(layout, arena, view);
  const ledger = createLeafLedger(layout, arena, view, parts.slots);

  // By tree: the tile that is whole, the tile that grows, and which of its leaves there are.
  const whole = [-TILE_LEAVES, -TILE_LEAVES];
  const grows = [-1, -1];
  const grown = [0, 0];

  // Where a node of a tile lies, numbered as in a heap.
  const nodeAt = (node: number, tree: number) =>
    layout.tiles[trees > 1 ? tree : 0]! + node * hashBytes;

  // The number of a tile's root in its tree.
  const rootOf = (leaf: number, tree: number) =>
    trees > 1 && tree ? 1 : (1 << (heights[0]! - TILE_HEIGHT)) + (leaf >> TILE_HEIGHT);

  // A leaf of the lower tree is one of the tree whose key is derived from a leaf of the upper one.
  const use = (leaf: number, tree: number) => {
    lms.use(keys + self * keyBytes, trees > 1 && tree ? leaf >> TILE_HEIGHT : leaf, 0);
    if (trees > 1 && tree) {
      lms.derive(CHILD_SEED, seeds + hashBytes);
      lms.derive(CHILD_NAME, lowerKey + 8);
      lms.use(lowerKey + 8, leaf % TILE_LEAVES, 1);
    }
  };

  const grow = (leaf: number, tree: number) => {
    const slot = leaf % TILE_LEAVES;
    if (grows[tree] !== leaf >> TILE_HEIGHT) grown[tree] = 0;
    grows[tree] = leaf >> TILE_HEIGHT;
    if ((grown[tree]! >> slot) & 1) return;
    use(leaf, tree);
    lms.leaf(nodeAt(TILE_LEAVES + slot, tree));
    grown[tree]! |= 1 << slot;
  };

  // Leaf `leaf` signs the text at `text`; its path is from its tile, and what lies above.
  const put = (leaf: number, text: number, at: number, tree: number) => {
    use(leaf, tree);
    at = lms.sign(text, at);
    for (let node = TILE_LEAVES + (leaf % TILE_LEAVES); node > 1; node >>= 1) {
      move(arena, at, nodeAt(node ^ 1, tree), nodeAt((node ^ 1) + 1, tree));
      at += hashBytes;
    }
    if (heights[0]! > TILE_HEIGHT) {
      for (let node = rootOf(leaf, tree); node > 1; node >>= 1) {
        arena.set(parts.crown(node ^ 1), at);
        at += hashBytes;
      }
    }
  };

  // Makes ready for leaf `next`: its tile, or, if there is that, one leaf of the tile after it. No
  // leaf before `next` will be used, so nothing needs the neighbour of the last one any more.
  const advance = (next: number, tree: number) => {
    const first = next - (next % TILE_LEAVES);
    if (whole[tree] === first) {
      const leaf = ((next - 1) ^ 1) + TILE_LEAVES;
      const all = trees > 1 && !tree ? leaves >> TILE_HEIGHT : leaves;
      if (next > first && leaf < all) grow(leaf, tree);
      return;
    }
    for (let slot = 0; slot < TILE_LEAVES; slot++) grow(first + slot, tree);
    use(first, tree);
    let size = TILE_LEAVES / 2;
    for (let node = TILE_LEAVES; --node; ) {
      if (node < size) size >>= 1;
      lms.unite(node + (rootOf(next, tree) - 1) * size, nodeAt(2 * node, tree), nodeAt(node, tree));
    }
    if (trees > 1 && tree) {
      const upper = next >> TILE_HEIGHT;
      move(arena, lowerKey + 24, nodeAt(1, 1), nodeAt(2, 1));
      advance(upper, 0);
      put(upper, lowerKey, certificate, 0);
      move(arena, certificate + certificateBytes, lowerKey, lowerKey + 8 + keyBytes);
      if (upper + 1 < leaves >> TILE_HEIGHT) advance(upper + 1, 0);
    }
    whole[tree] = first;
    grows[tree] = -1;
  };

  return {
    ledger,
    sign(cycle, text, at) {
      const leaf = firstCycle ? cycle - firstCycle : cycle;
      if (leaf - whole[trees - 1]! >= TILE_LEAVES || !ledger.take(leaf)) return 0;
      view.setUint32(at, trees - 1);
      if (trees > 1) move(arena, at + 4, certificate, certificate + lastAt - 4);
      put(leaf, text, at + lastAt, trees - 1);
      return signatureBytes;
    },
    verify(board, text, at, end) {
      const key = keys + board * keyBytes;
      const lower = at + 4 + certificateBytes;
      return board >= 0 && board < boards && at >= 0 && end <= arena.length &&
        end - at === signatureBytes && view.getUint32(at) === trees - 1 &&
        (trees > 1
          ? view.getUint32(lower) === layout.lmsTypes[1] &&
            view.getUint32(lower + 4) === layout.otsTypes[1] &&
            lms.check(key, lower, at + 4, 0) && lms.check(lower + 8, text, at + lastAt, 1)
          : lms.check(key, text, at + 4, 0));
    },
    prepare(cycle) {
      if (ledger.pass(cycle + (1 - firstCycle))) advance(ledger.lowest, trees - 1);
    },
  };
};
