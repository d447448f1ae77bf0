import { createLms as createBoardLms } from "./lms.js";
import type { Lms } from "./lms.js";
import type { SignatureLayout } from "./sets.js";

/**
 * Signatures as a computer makes and checks them that has all boards of a network in it: what was
 * hashed once is not hashed again. What is kept is kept under all bytes that it follows from, so it
 * is what would come out: the same leaf, the same verdict. It has a bound, and the oldest goes. In
 * a bundle `lms.ts` stands in its place; tests hold the one to the other
 * (test/auth/lms-host.test.ts).
 */

/** Bytes of leaves that are kept in all: those of 31 boards with trees of height 15. */
const MOST_LEAF_BYTES = 34_000_000;
/** Key pairs of which there are leaves. */
const MOST_PAIRS = 256;
/** So many signatures are kept at most, one for each first byte of a randomiser. */
const KEPT = 256;

/** The leaves of one key pair, and which of them there are. */
interface Leaves {
  readonly name: string;
  readonly values: Uint8Array;
  readonly there: Uint8Array;
}

/** An LM-OTS signature, and what is known of it. */
interface Signature {
  /** The parameter set. */
  readonly set: string;
  /** I, the text, and the signature from its leaf's number to the end of its chains. */
  readonly bytes: Uint8Array;
  /** What its chains end in, as the leaf of a tree. */
  readonly leaf: Uint8Array;
  /** The root, and the path: under these it is known whether it is right. */
  rest: Uint8Array | undefined;
  right: boolean;
}

// The newest is the last.
const keyPairs: Leaves[] = [];
let leafBytes = 0;
const signatures: (Signature | undefined)[] = [];

/** How much is kept: key pairs, bytes of their leaves, signatures. */
export const keptNow = (): readonly [number, number, number] =>
  [keyPairs.length, leafBytes, signatures.filter(Boolean).length];

const leavesOf = (name: string, leaves: number, hashBytes: number): Leaves => {
  for (let at = keyPairs.length; at--; ) if (keyPairs[at]!.name === name) return keyPairs[at]!;
  const fresh = {
    name, values: new Uint8Array(leaves * hashBytes), there: new Uint8Array(leaves),
  };
  leafBytes += fresh.values.length;
  while (keyPairs.length && (leafBytes > MOST_LEAF_BYTES || keyPairs.length >= MOST_PAIRS)) {
    leafBytes -= keyPairs.shift()!.values.length;
  }
  keyPairs.push(fresh);
  return fresh;
};

/** Whether `bytes` from `at` on are those of `arena[from..end)`. */
const are = (bytes: Uint8Array, at: number, arena: Uint8Array, from: number, end: number) => {
  while (from < end && bytes[at] === arena[from]) {
    at++;
    from++;
  }
  return from === end;
};

/** See `createLms` of `lms.ts`. */
export const createLms = (
  layout: SignatureLayout, arena: Uint8Array, view: DataView,
): Lms => {
  const { hashBytes: n, seeds, step, long } = layout;
  const value = step + 23;
  const body = long + 22;
  const board = createBoardLms(layout, arena, view);
  const sets = layout.heights.map((height, tree) =>
    [n, height, layout.digitBits[tree], layout.textBytes[tree]].join());
  let tree = 0;

  // Where the leaf in use is kept. Its key pair is I, the seed and the set.
  const keptLeaf = () => {
    const seed = seeds + tree * n;
    let name = sets[tree]!;
    for (let at = 0; at < 16; at++) name += String.fromCharCode(arena[step + at]!);
    for (let at = 0; at < n; at++) name += String.fromCharCode(arena[seed + at]!);
    return leavesOf(name, 2 ** layout.heights[tree]!, n);
  };

  const keep = (text: number, at: number, end: number, leaf: Uint8Array): Signature => {
    const textEnd = text + layout.textBytes[tree]!;
    const bytes = new Uint8Array(16 + textEnd - text + end - at);
    bytes.set(arena.subarray(step, step + 16));
    bytes.set(arena.subarray(text, textEnd), 16);
    bytes.set(arena.subarray(at, end), 16 + textEnd - text);
    return signatures[arena[at + 8]! % KEPT] =
      { set: sets[tree]!, bytes, leaf, rest: undefined, right: false };
  };

  // The signature at `at`, where it is known.
  const known = (text: number, at: number, end: number): Signature | undefined => {
    const kept = signatures[arena[at + 8]! % KEPT];
    const textEnd = text + layout.textBytes[tree]!;
    return kept && kept.set === sets[tree] && are(kept.bytes, 0, arena, step, step + 16) &&
      are(kept.bytes, 16, arena, text, textEnd) &&
      are(kept.bytes, 16 + textEnd - text, arena, at, end) ? kept : undefined;
  };

  // Whether a leaf that is in use and the path at `path` lead to the root of the key.
  const climb = (key: number, leaf: number, from: Uint8Array, path: number) => {
    arena.set(from, value);
    for (let node = 2 ** layout.heights[tree]! + leaf; node > 1; path += n) {
      const right = node & 1 ? n : 0;
      arena.copyWithin(body + right, value, value + n);
      arena.copyWithin(body + n - right, path, path + n);
      node >>= 1;
      board.unite(node, body, value);
    }
    return are(arena, value, arena, key + 16, key + 16 + n);
  };

  return {
    derive: board.derive,
    unite: board.unite,
    use(key, leaf, which) {
      tree = which;
      board.use(key, leaf, which);
    },
    leaf(to) {
      const leaf = view.getUint32(step + 16);
      const { values, there } = keptLeaf();
      const at = leaf * n;
      if (there[leaf]) {
        arena.set(values.subarray(at, at + n), to);
        return;
      }
      board.leaf(to);
      if (leaf < there.length) {
        values.set(arena.subarray(to, to + n), at);
        there[leaf] = 1;
      }
    },
    sign(text, at) {
      const end = board.sign(text, at);
      const leaf = view.getUint32(step + 16);
      const { values, there } = keptLeaf();
      if (there[leaf]) keep(text, at, end - 4, values.slice(leaf * n, leaf * n + n));
      return end;
    },
    check(key, text, at, which) {
      tree = which;
      const leaf = view.getUint32(at);
      const height = layout.heights[tree]!;
      const end = at + 8 + (1 + layout.chains[tree]!) * n;
      const path = end + 4;
      const last = path + height * n;
      board.use(key, leaf, which);
      const kept = known(text, at, end);
      if (!kept || view.getUint32(end) !== layout.lmsTypes[tree]) {
        return board.check(key, text, at, which);
      }
      const { rest } = kept;
      const root = key + 16;
      if (!rest || !are(rest, 0, arena, root, root + n) || !are(rest, n, arena, path, last)) {
        kept.right = climb(key, leaf, kept.leaf, path);
        kept.rest = new Uint8Array(n + last - path);
        kept.rest.set(arena.subarray(root, root + n));
        kept.rest.set(arena.subarray(path, last), n);
      }
      return kept.right;
    },
  };
};
