import { hash, iterate } from "../../platform/hash-host.js";
import { move } from "../../platform/host.js";
import type { SignatureLayout } from "./sets.js";

/**
 * LMS over LM-OTS: RFC 8554, sections 4 and 5, with private values from a seed as in Appendix A.
 * Keys, messages and signatures lie in one arena. A key is I and then the root.
 */
export interface Lms {
  /** From now on it is about this leaf of the key at `key`, which belongs to tree `tree`. */
  readonly use: (key: number, leaf: number, tree: number) => void;
  /** Puts pseudorandom n bytes of the leaf, number `index`, at `to`. */
  readonly derive: (index: number, to: number) => void;
  /** Makes the leaf, and puts it at `to`. */
  readonly leaf: (to: number) => void;
  /** The inner node `number` of the key, of the two nodes at `children`, is put at `to`. */
  readonly unite: (number: number, children: number, to: number) => void;
  /**
   * Signs the tree's text at `text` with the leaf.
   *
   * @param at where the signature is put
   * @returns where its path belongs, which is the caller's to write
   */
  readonly sign: (text: number, at: number) => number;
  /** Whether at `at` there is a signature of the text at `text` by the key. Its leaf is used. */
  readonly check: (key: number, text: number, at: number, tree: number) => boolean;
}

const PUBLIC = 0x8080;
const MESSAGE = 0x8181;
const LEAF = 0x8282;
const INNER = 0x8383;
/** Beyond the numbers of chains, for what else is derived from a seed. */
const RANDOMISER = 0xfffd;

/**
 * @param arena has room for all that `layout` names
 * @param view the same bytes
 */
export const createLms = (
  layout: SignatureLayout, arena: Uint8Array, view: DataView,
): Lms => {
  const { hashBytes, trees, seeds, step, long, digits } = layout;
  // What a chain hashes: I, the leaf, the chain, the step, and this value.
  const value = step + 23;
  // What else is hashed: I, a number, what it is for, and this.
  const body = long + 22;

  // With one tree, `tree` stays 0 and the lists fold away.
  let tree = 0;
  let leaf = 0;

  const copy = (to: number, from: number) => {
    move(arena, to, from, from + hashBytes);
  };

  const use = (key: number, number: number, which: number) => {
    if (trees > 1) tree = which;
    leaf = number;
    move(arena, step, key, key + 16);
    view.setUint32(step + 16, leaf);
  };

  // The hash of I, `number`, `what`, and the `bytes` bytes at `body`, is put at `to`.
  const digest = (number: number, what: number, bytes: number, to: number) => {
    move(arena, long, step, step + 16);
    view.setUint32(long + 16, number);
    view.setUint16(long + 20, what);
    hash(arena, long, body + bytes, to);
  };

  const secret = (index: number) => {
    view.setUint16(step + 20, index);
    copy(value, seeds + tree * hashBytes);
    iterate(arena, step, value + hashBytes, 255, 256);
  };

  const digit = (index: number) => {
    const bits = layout.digitBits[tree]!;
    return (arena[digits + ((index * bits) >> 3)]! >> (8 - bits - ((index * bits) & 7))) &
      ((1 << bits) - 1);
  };

  // The digits of the text, randomised by what is at `random`, and of their checksum.
  const read = (text: number, random: number) => {
    const bytes = layout.textBytes[tree]!;
    copy(body, random);
    move(arena, body + hashBytes, text, text + bytes);
    digest(leaf, MESSAGE, hashBytes + bytes, digits);
    let sum = 0;
    for (let left = (8 * hashBytes) / layout.digitBits[tree]!; left--; ) {
      sum += (1 << layout.digitBits[tree]!) - 1 - digit(left);
    }
    view.setUint16(digits + hashBytes, sum << layout.sumShifts[tree]!);
  };

  // Walks each chain from its secret, or from a signature's value at `from`, to its end, or in a
  // signature that is made to the digit; and puts what is there at `to`.
  const walk = (from: number, to: number) => {
    const most = to === body ? (1 << layout.digitBits[tree]!) - 1 : 0;
    for (let chain = 0; chain < layout.chains[tree]!; chain++) {
      const reached = digit(chain);
      if (from) {
        view.setUint16(step + 20, chain);
        copy(value, from + chain * hashBytes);
      } else secret(chain);
      iterate(arena, step, value + hashBytes, from && reached, most || reached);
      copy(to + chain * hashBytes, value);
    }
  };

  // The ends of the chains at `body` become the leaf, at `value`.
  const finish = () => {
    digest(leaf, PUBLIC, layout.chains[tree]! * hashBytes, body);
    digest((1 << layout.heights[tree]!) + leaf, LEAF, hashBytes, value);
  };

  return {
    use,
    derive(index, to) {
      secret(index);
      copy(to, value);
    },
    leaf(to) {
      walk(0, body);
      finish();
      copy(to, value);
    },
    unite(number, children, to) {
      move(arena, body, children, children + 2 * hashBytes);
      digest(number, INNER, 2 * hashBytes, value);
      copy(to, value);
    },
    sign(text, at) {
      const random = at + 8;
      const values = random + hashBytes;
      const end = values + layout.chains[tree]! * hashBytes;
      secret(RANDOMISER);
      copy(random, value);
      read(text, random);
      walk(0, values);
      view.setUint32(at, leaf);
      view.setUint32(at + 4, layout.otsTypes[tree]!);
      view.setUint32(end, layout.lmsTypes[tree]!);
      return end + 4;
    },
    check(key, text, at, which) {
      use(key, view.getUint32(at), which);
      const values = at + 8 + hashBytes;
      const end = values + layout.chains[tree]! * hashBytes;
      let node = (1 << layout.heights[tree]!) + leaf;
      if (
        leaf >> layout.heights[tree]! || view.getUint32(at + 4) !== layout.otsTypes[tree] ||
        view.getUint32(end) !== layout.lmsTypes[tree]
      ) {
        return false;
      }
      read(text, at + 8);
      walk(values, body);
      finish();
      for (let path = end + 4; node > 1; path += hashBytes) {
        const right = node & 1 ? hashBytes : 0;
        copy(body + right, value);
        copy(body + hashBytes - right, path);
        node >>= 1;
        digest(node, INNER, 2 * hashBytes, value);
      }
      let left = hashBytes;
      while (left && arena[value + left - 1] === arena[key + 15 + left]) left--;
      return !left;
    },
  };
};
