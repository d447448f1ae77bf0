import { move } from "../native.js";
import type { SignatureLimits } from "./sets.js";
import { hash, iterate } from "./sha256.js";

/**
 * LMS over LM-OTS: RFC 8554, sections 4 and 5, with private values from a seed as in its Appendix A.
 * Keys, messages and signatures lie in one arena; a key is two type codes, I, and the root.
 */
export interface Lms {
  /**
   * Makes leaf `leaf` of the tree whose key is at `key` and whose seed at `seed`, and leaves it at
   * `limits.step + 23`.
   */
  leaf(tree: number, key: number, seed: number, leaf: number): void;
  /** The inner node of this number, of the two nodes at `children`, is put at `to`. */
  join(key: number, node: number, children: number, to: number): void;
  /** Pseudorandom n bytes of a key's leaf, number `index`, are put at `limits.step + 23`. */
  derive(key: number, seed: number, leaf: number, index: number): void;
  /**
   * Signs the text at `text` with leaf `leaf`.
   *
   * @param at where the signature is put
   * @returns where its path belongs, which is the caller's to write
   */
  sign(tree: number, key: number, seed: number, leaf: number, text: number, at: number): number;
  /** Whether at `at` there is a signature of the text at `text` by the key at `key`. */
  check(tree: number, key: number, text: number, at: number): boolean;
}

const PUBLIC = 0x8080;
const MESSAGE = 0x8181;
const LEAF = 0x8282;
const INNER = 0x8383;
/** Beyond the numbers of chains, for what else is derived from a seed. */
const RANDOMISER = 0xfffd;

export const createLms = (limits: SignatureLimits, arena: Uint8Array): Lms => {
  const { hashBytes, heights, digitBits, chains, sumShifts, lmsTypes, otsTypes } = limits;
  const { textBytes, step, long, digits } = limits;
  const view = new DataView(arena.buffer);
  // What a chain hashes: I, the leaf, the chain, the step, and this value.
  const value = step + 23;
  // What else is hashed: I, a number, what it is for, and this.
  const body = long + 22;

  const tag = (number: number, what: number) => {
    move(arena, long, step, step + 16);
    view.setUint32(long + 16, number);
    view.setUint16(long + 20, what);
  };

  const begin = (key: number, leaf: number) => {
    move(arena, step, key + 8, key + 24);
    view.setUint32(step + 16, leaf);
  };

  const secret = (seed: number, index: number) => {
    view.setUint16(step + 20, index);
    move(arena, value, seed, seed + hashBytes);
    iterate(arena, step, value + hashBytes, 255, 256);
  };

  const digit = (width: number, index: number) =>
    (arena[digits + ((index * width) >> 3)]! >> (8 - width - ((index * width) & 7))) &
    ((1 << width) - 1);

  // The digits of the text, randomised by what is at `random`, and of their checksum.
  const read = (tree: number, leaf: number, text: number, random: number) => {
    const width = digitBits[tree]!;
    const end = body + hashBytes + textBytes[tree]!;
    tag(leaf, MESSAGE);
    move(arena, body, random, random + hashBytes);
    move(arena, body + hashBytes, text, text + textBytes[tree]!);
    hash(arena, long, end, digits);
    let sum = 0;
    for (let left = (8 * hashBytes) / width; left--; ) sum += (1 << width) - 1 - digit(width, left);
    view.setUint16(digits + hashBytes, sum << sumShifts[tree]!);
  };

  // Walks each chain from its secret, or from a signature's value at `from`, to its end, or in a
  // signature that is made to the digit; and puts what is there at `to`.
  const walk = (tree: number, seed: number, from: number, to: number) => {
    const width = digitBits[tree]!;
    const most = to === body ? (1 << width) - 1 : 0;
    for (let chain = 0; chain < chains[tree]!; chain++) {
      const reached = digit(width, chain);
      let at = 0;
      if (from) {
        at = reached;
        view.setUint16(step + 20, chain);
        move(arena, value, from, from + hashBytes);
        from += hashBytes;
      } else secret(seed, chain);
      iterate(arena, step, value + hashBytes, at, most || reached);
      move(arena, to, value, value + hashBytes);
      to += hashBytes;
    }
  };

  // The chains' ends at `body` become a leaf of the tree.
  const finish = (tree: number, leaf: number) => {
    tag(leaf, PUBLIC);
    hash(arena, long, body + chains[tree]! * hashBytes, body);
    tag((1 << heights[tree]!) + leaf, LEAF);
    hash(arena, long, body + hashBytes, value);
  };

  const join = (number: number) => {
    tag(number, INNER);
    hash(arena, long, body + 2 * hashBytes, value);
  };

  return {
    leaf(tree, key, seed, leaf) {
      begin(key, leaf);
      walk(tree, seed, 0, body);
      finish(tree, leaf);
    },
    join(key, node, children, to) {
      begin(key, 0);
      move(arena, body, children, children + 2 * hashBytes);
      join(node);
      move(arena, to, value, value + hashBytes);
    },
    derive(key, seed, leaf, index) {
      begin(key, leaf);
      secret(seed, index);
    },
    sign(tree, key, seed, leaf, text, at) {
      const values = at + 8 + hashBytes;
      const end = values + chains[tree]! * hashBytes;
      begin(key, leaf);
      secret(seed, RANDOMISER);
      view.setUint32(at, leaf);
      view.setUint32(at + 4, otsTypes[tree]!);
      move(arena, at + 8, value, value + hashBytes);
      read(tree, leaf, text, at + 8);
      walk(tree, seed, 0, values);
      view.setUint32(end, lmsTypes[tree]!);
      return end + 4;
    },
    check(tree, key, text, at) {
      const leaf = view.getUint32(at);
      const values = at + 8 + hashBytes;
      let path = values + chains[tree]! * hashBytes + 4;
      let node = (1 << heights[tree]!) + leaf;
      if (
        leaf >> heights[tree]! ||
        view.getUint32(key) !== lmsTypes[tree] || view.getUint32(path - 4) !== lmsTypes[tree] ||
        view.getUint32(key + 4) !== otsTypes[tree] || view.getUint32(at + 4) !== otsTypes[tree]
      ) {
        return false;
      }
      begin(key, leaf);
      read(tree, leaf, text, at + 8);
      walk(tree, 0, values, body);
      finish(tree, leaf);
      for (; node > 1; path += hashBytes) {
        const right = node & 1 ? hashBytes : 0;
        move(arena, body + right, value, value + hashBytes);
        move(arena, body + hashBytes - right, path, path + hashBytes);
        node >>= 1;
        join(node);
      }
      let left = hashBytes;
      while (left && arena[value + left - 1] === arena[key + 23 + left]) left--;
      return !left;
    },
  };
};
