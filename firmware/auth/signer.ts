import { move } from "../native.js";
import { createLms } from "./lms.js";
import { TILE_HEIGHT, TILE_LEAVES } from "./sets.js";
import type { SignatureLimits } from "./sets.js";
import { createStore } from "./store.js";
import type { Slots } from "./store.js";

/** What a signer is put together from, besides its numbers. */
export interface SignerParts {
  /** The public keys of all boards, each two type codes, I and the root. */
  readonly keys: ArrayLike<number>;
  /** The seed of this board's upper tree, n bytes: the only secret. */
  readonly seed: ArrayLike<number>;
  readonly slots: Slots;
  /** @returns the n bytes of a node of the upper tree above its tiles, numbered as in RFC 8554 */
  readonly crown: (node: number) => ArrayLike<number>;
}

/** All is well, */
export const READY = 0;
/** nothing that was stored is whole, or it is of another key: the board never signs, */
export const LOST = 1;
/** the store does not keep what is written: the board does not sign until it does, */
export const UNKEPT = 2;
/** leaves of coming cycles may have been used: the board does not sign until they are over, */
export const USED = 3;
/** no leaf is left: the board never signs again. */
export const EXHAUSTED = 4;

/** What the agreement knows of signatures. */
export interface Signer {
  /**
   * Signs the `limits.textBytes` bytes at `text`, once a cycle and never for an earlier cycle.
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
  /** READY, LOST, UNKEPT, USED or EXHAUSTED, as of the last `prepare()`. */
  state: number;
  /** In how many cycles to come the board can still sign. */
  left: number;
}

/** Beyond the numbers of chains: what the lower tree's key is derived from. */
const CHILD_SEED = 0xfffe;
const CHILD_NAME = 0xffff;

/**
 * Signs and checks. The leaf is that of the cycle, and the trees are kept as tiles of 32 leaves:
 * the one that is in use, in whose leaves that are not needed any more the next one grows.
 */
export const createSigner = (
  limits: SignatureLimits, arena: Uint8Array, parts: SignerParts,
): Signer => {
  const { boards, self, trees, hashBytes, heights, keys, keyBytes, lowerKey, seeds, step } = limits;
  const { tiles, certificate, certificateBytes, signatureBytes, lastAt, leaves } = limits;
  const { firstCycle, reserve } = limits;
  const view = new DataView(arena.buffer);
  const value = step + 23;
  const ownKey = keys + self * keyBytes;
  arena.set(parts.keys, keys);
  arena.set(parts.seed, seeds);
  if (trees > 1) {
    view.setUint32(lowerKey, limits.lmsTypes[1]!);
    view.setUint32(lowerKey + 4, limits.otsTypes[1]!);
  }
  const lms = createLms(limits, arena);
  const store = createStore(limits, arena, parts.slots);

  // By tree: the tile that is whole, the tile that grows, and which of its leaves there are.
  const whole = [-1, -1];
  const grows = [-1, -1];
  const grown = [0, 0];
  // Leaves before this one may have been used.
  let floor = store.fresh;

  const nodeAt = (tree: number, node: number) => tiles[tree]! + node * hashBytes;
  // The number of a tile's root in its tree.
  const rootOf = (tree: number, tile: number) =>
    tree ? 1 : (1 << (heights[0]! - TILE_HEIGHT)) + tile;
  const keyOf = (tree: number) => (tree ? lowerKey : ownKey);
  const seedOf = (tree: number) => seeds + tree * hashBytes;

  // Makes the key of the lower tree that this leaf of the upper one signs.
  const choose = (upper: number) => {
    lms.derive(ownKey, seeds, upper, CHILD_SEED);
    move(arena, seeds + hashBytes, value, value + hashBytes);
    lms.derive(ownKey, seeds, upper, CHILD_NAME);
    move(arena, lowerKey + 8, value, value + 16);
  };

  const grow = (tree: number, leaf: number) => {
    const slot = leaf % TILE_LEAVES;
    const tile = leaf >> TILE_HEIGHT;
    if (grows[tree] !== tile) grown[tree] = 0;
    grows[tree] = tile;
    if ((grown[tree]! >> slot) & 1) return;
    grown[tree]! |= 1 << slot;
    if (tree) choose(tile);
    lms.leaf(tree, keyOf(tree), seedOf(tree), tree ? slot : leaf);
    move(arena, nodeAt(tree, TILE_LEAVES + slot), value, value + hashBytes);
  };

  // Leaf `leaf` signs the text at `text`; its path is from its tile, and what lies above.
  const put = (tree: number, leaf: number, text: number, at: number) => {
    const slot = leaf % TILE_LEAVES;
    if (tree) choose(leaf >> TILE_HEIGHT);
    at = lms.sign(tree, keyOf(tree), seedOf(tree), tree ? slot : leaf, text, at);
    for (let node = TILE_LEAVES + slot; node > 1; node >>= 1) {
      const sibling = nodeAt(tree, node ^ 1);
      move(arena, at, sibling, sibling + hashBytes);
      at += hashBytes;
    }
    for (let node = rootOf(tree, leaf >> TILE_HEIGHT); node > 1; node >>= 1) {
      arena.set(parts.crown(node ^ 1), at);
      at += hashBytes;
    }
  };

  // Makes ready for leaf `next`: its tile, or, if there is that, one leaf of the tile after it. No
  // leaf before `next` will be used, so nothing needs the neighbour of the last one any more.
  const advance = (tree: number, next: number) => {
    const tile = next >> TILE_HEIGHT;
    const root = rootOf(tree, tile);
    if (whole[tree] === tile) {
      const leaf = ((next - 1) ^ 1) + TILE_LEAVES;
      if (next % TILE_LEAVES && leaf < leaves >> (TILE_HEIGHT * (trees - 1 - tree))) {
        grow(tree, leaf);
      }
      return;
    }
    for (let slot = 0; slot < TILE_LEAVES; slot++) grow(tree, tile * TILE_LEAVES + slot);
    if (tree) choose(tile);
    for (let size = TILE_LEAVES; (size >>= 1); ) {
      for (let slot = 0; slot < size; slot++) {
        const node = size + slot;
        lms.join(keyOf(tree), root * size + slot, nodeAt(tree, 2 * node), nodeAt(tree, node));
      }
    }
    whole[tree] = tile;
    grows[tree] = -1;
    if (tree) {
      move(arena, lowerKey + 24, nodeAt(1, 1), nodeAt(1, 2));
      advance(0, tile);
      put(0, tile, lowerKey, certificate);
      move(arena, certificate + certificateBytes, lowerKey, lowerKey + keyBytes);
      if (tile + 1 < leaves >> TILE_HEIGHT) advance(0, tile + 1);
    }
  };

  const signer: Signer = {
    sign(cycle, text, at) {
      const leaf = cycle - firstCycle;
      if (!(leaf >= floor && leaf < store.bound && leaf >> TILE_HEIGHT === whole[trees - 1])) {
        return 0;
      }
      floor = leaf + 1;
      view.setUint32(at, trees - 1);
      if (trees > 1) move(arena, at + 4, certificate, certificate + certificateBytes + keyBytes);
      put(trees - 1, leaf, text, at + lastAt);
      return signatureBytes;
    },
    verify(board, text, at, end) {
      const key = keys + board * keyBytes;
      const lower = at + 4 + certificateBytes;
      return board >= 0 && board < boards && at >= 0 && end <= arena.length &&
        end - at === signatureBytes && view.getUint32(at) === trees - 1 &&
        (trees > 1
          ? lms.check(0, key, lower, at + 4) && lms.check(1, lower, text, at + lastAt)
          : lms.check(0, key, text, at + 4));
    },
    prepare(cycle) {
      const next = cycle + 1 - firstCycle;
      signer.state = LOST;
      if (floor < 0) return;
      if (next > floor) floor = next;
      signer.left = floor < leaves ? leaves - floor : 0;
      signer.state = EXHAUSTED;
      if (!signer.left) return;
      if (floor >= store.bound) store.reserve((floor | (reserve - 1)) + 1);
      signer.state = floor >= store.bound ? UNKEPT : next < floor ? USED : READY;
      advance(trees - 1, floor);
    },
    state: READY,
    left: 0,
  };
  return signer;
};
