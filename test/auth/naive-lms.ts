import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes as concat } from "@noble/hashes/utils.js";

/**
 * RFC 8554 and NIST SP 800-208 once more, written from their text, deliberately without thought for
 * time or memory: nothing of the firmware is in here. Names are those of the RFC.
 */

export interface LmotsSet {
  readonly type: number;
  readonly n: number;
  readonly w: number;
  readonly p: number;
  readonly ls: number;
}

/** RFC 8554, table 1, and SP 800-208, table 3. */
export const LMOTS: Readonly<Record<string, LmotsSet>> = {
  LMOTS_SHA256_N32_W1: { type: 1, n: 32, w: 1, p: 265, ls: 7 },
  LMOTS_SHA256_N32_W2: { type: 2, n: 32, w: 2, p: 133, ls: 6 },
  LMOTS_SHA256_N32_W4: { type: 3, n: 32, w: 4, p: 67, ls: 4 },
  LMOTS_SHA256_N32_W8: { type: 4, n: 32, w: 8, p: 34, ls: 0 },
  LMOTS_SHA256_N24_W1: { type: 5, n: 24, w: 1, p: 200, ls: 8 },
  LMOTS_SHA256_N24_W2: { type: 6, n: 24, w: 2, p: 101, ls: 6 },
  LMOTS_SHA256_N24_W4: { type: 7, n: 24, w: 4, p: 51, ls: 4 },
  LMOTS_SHA256_N24_W8: { type: 8, n: 24, w: 8, p: 26, ls: 0 },
};

export interface LmsSet {
  readonly type: number;
  readonly m: number;
  readonly h: number;
}

/** RFC 8554, table 2, and SP 800-208, table 4. */
export const LMS: Readonly<Record<string, LmsSet>> = {
  LMS_SHA256_M32_H5: { type: 5, m: 32, h: 5 },
  LMS_SHA256_M32_H10: { type: 6, m: 32, h: 10 },
  LMS_SHA256_M32_H15: { type: 7, m: 32, h: 15 },
  LMS_SHA256_M24_H5: { type: 10, m: 24, h: 5 },
  LMS_SHA256_M24_H10: { type: 11, m: 24, h: 10 },
  LMS_SHA256_M24_H15: { type: 12, m: 24, h: 15 },
};

type Bytes = Uint8Array;

export const u8str = (x: number): Bytes => Uint8Array.of(x);
export const u16str = (x: number): Bytes => Uint8Array.of(x / 256, x);
export const u32str = (x: number): Bytes =>
  Uint8Array.of(x / 2 ** 24, x / 2 ** 16, x / 2 ** 8, x);
export const strTou32 = (bytes: Bytes): number =>
  bytes.slice(0, 4).reduce((x, b) => x * 256 + b, 0);

const D_PBLC = u16str(0x8080);
const D_MESG = u16str(0x8181);
const D_LEAF = u16str(0x8282);
const D_INTR = u16str(0x8383);

/** Section 3.1.3. */
const coef = (s: Bytes, i: number, w: number): number =>
  Math.floor(s[Math.floor((i * w) / 8)]! / 2 ** (8 - (w * (i % (8 / w)) + w))) % 2 ** w;

/** Section 4.4. */
const cksm = (s: Bytes, { n, w, ls }: LmotsSet): number => {
  let sum = 0;
  for (let i = 0; i < (8 * n) / w; i++) sum += 2 ** w - 1 - coef(s, i, w);
  return sum * 2 ** ls;
};

const hashTo = (n: number, ...parts: Bytes[]): Bytes => sha256(concat(...parts)).slice(0, n);

/** Appendix A. */
const prf = (n: number, I: Bytes, q: number, i: number, seed: Bytes): Bytes =>
  hashTo(n, I, u32str(q), u16str(i), u8str(0xff), seed);

const chain = (
  set: LmotsSet, I: Bytes, q: number, i: number, from: number, to: number, start: Bytes,
): Bytes => {
  let tmp = start;
  for (let j = from; j < to; j++) tmp = hashTo(set.n, I, u32str(q), u16str(i), u8str(j), tmp);
  return tmp;
};

/** Algorithm 1. */
const lmotsPublic = (set: LmotsSet, I: Bytes, q: number, seed: Bytes): Bytes => {
  const y = Array.from({ length: set.p }, (_, i) =>
    chain(set, I, q, i, 0, 2 ** set.w - 1, prf(set.n, I, q, i, seed)));
  return hashTo(set.n, I, u32str(q), D_PBLC, ...y);
};

/** Algorithm 3. */
const lmotsSign = (
  set: LmotsSet, I: Bytes, q: number, seed: Bytes, C: Bytes, message: Bytes,
): Bytes => {
  const Q = hashTo(set.n, I, u32str(q), D_MESG, C, message);
  const digits = concat(Q, u16str(cksm(Q, set)));
  const y = Array.from({ length: set.p }, (_, i) =>
    chain(set, I, q, i, 0, coef(digits, i, set.w), prf(set.n, I, q, i, seed)));
  return concat(u32str(set.type), C, ...y);
};

/** Algorithm 4b. */
const lmotsCandidate = (
  set: LmotsSet, I: Bytes, q: number, signature: Bytes, message: Bytes,
): Bytes | undefined => {
  const { n, p, w } = set;
  if (signature.length !== 4 + n * (p + 1) || strTou32(signature) !== set.type) return undefined;
  const Q = hashTo(n, I, u32str(q), D_MESG, signature.slice(4, 4 + n), message);
  const digits = concat(Q, u16str(cksm(Q, set)));
  const z = Array.from({ length: p }, (_, i) =>
    chain(set, I, q, i, coef(digits, i, w), 2 ** w - 1,
      signature.slice(4 + n * (i + 1), 4 + n * (i + 2))));
  return hashTo(n, I, u32str(q), D_PBLC, ...z);
};

export interface NaiveTree {
  readonly lms: LmsSet;
  readonly ots: LmotsSet;
  readonly I: Bytes;
  readonly seed: Bytes;
  /** Node r at r; there is no node 0. */
  readonly T: readonly Bytes[];
}

/** Section 5.3. */
export const naiveTree = (lms: string, ots: string, I: Bytes, seed: Bytes): NaiveTree => {
  const tree = { lms: LMS[lms]!, ots: LMOTS[ots]!, I, seed };
  const { m, h } = tree.lms;
  const T: Bytes[] = [];
  for (let r = 2 ** (h + 1) - 1; r >= 1; r--) {
    T[r] = r >= 2 ** h
      ? hashTo(m, I, u32str(r), D_LEAF, lmotsPublic(tree.ots, I, r - 2 ** h, seed))
      : hashTo(m, I, u32str(r), D_INTR, T[2 * r]!, T[2 * r + 1]!);
  }
  return { ...tree, T };
};

export const naivePublic = ({ lms, ots, I, T }: NaiveTree): Bytes =>
  concat(u32str(lms.type), u32str(ots.type), I, T[1]!);

/** The randomiser that this project takes, a pseudorandom value beyond those of the chains. */
export const naiveRandomiser = ({ lms, I, seed }: NaiveTree, q: number): Bytes =>
  prf(lms.m, I, q, 0xfffd, seed);

/** The key that this project derives for the tree below leaf q. */
export const naiveChild = ({ lms: { m }, I, seed }: NaiveTree, q: number): [Bytes, Bytes] =>
  [prf(16, I, q, 0xffff, seed), prf(m, I, q, 0xfffe, seed)];

/** Algorithm 5. */
export const naiveSign = (
  tree: NaiveTree, q: number, message: Bytes, C = naiveRandomiser(tree, q),
): Bytes => {
  const { lms: { type, h }, ots, I, seed, T } = tree;
  const path = Array.from({ length: h }, (_, i) => {
    const node = Math.floor((2 ** h + q) / 2 ** i);
    return T[node % 2 ? node - 1 : node + 1]!;
  });
  return concat(u32str(q), lmotsSign(ots, I, q, seed, C, message), u32str(type), ...path);
};

/** Algorithm 6a: the root that a signature leads to, whatever root the key has. */
export const naiveRoot = (
  lms: LmsSet, ots: LmotsSet, key: Bytes, message: Bytes, signature: Bytes,
): Bytes | undefined => {
  const { m, h } = lms;
  if (key.length !== 24 + m || strTou32(key) !== lms.type) return undefined;
  if (strTou32(key.slice(4)) !== ots.type) return undefined;
  const end = 8 + m * (ots.p + 1);
  if (signature.length !== end + 4 + m * h) return undefined;
  const I = key.slice(8, 24);
  const q = strTou32(signature);
  if (strTou32(signature.slice(end)) !== lms.type || q >= 2 ** h) return undefined;
  const Kc = lmotsCandidate(ots, I, q, signature.slice(4, end), message);
  if (!Kc) return undefined;
  let node = 2 ** h + q;
  let tmp = hashTo(m, I, u32str(node), D_LEAF, Kc);
  for (let i = 0; node > 1; i++) {
    const sibling = signature.slice(end + 4 + m * i, end + 4 + m * (i + 1));
    const half = u32str(Math.floor(node / 2));
    tmp = node % 2
      ? hashTo(m, I, half, D_INTR, sibling, tmp)
      : hashTo(m, I, half, D_INTR, tmp, sibling);
    node = Math.floor(node / 2);
  }
  return tmp;
};

/** Algorithm 6, for keys of exactly these sets. */
export const naiveVerify = (
  lms: LmsSet, ots: LmotsSet, key: Bytes, message: Bytes, signature: Bytes,
): boolean => {
  const root = naiveRoot(lms, ots, key, message, signature);
  return root !== undefined && Buffer.compare(root, key.slice(24)) === 0;
};

/** Section 6: signatures of the levels above, each with the public key it signs; then the last. */
export const naiveHss = (certificates: readonly [Bytes, Bytes][], last: Bytes): Bytes =>
  concat(u32str(certificates.length), ...certificates.flat(), last);
