import { constants as K, initial } from "./hash.js";

/**
 * SHA-256 as a computer does it fast: what `hash.ts` says, eight rounds at a time, with all that
 * is worked on in variables. No board has it, and tests hold it to what boards have
 * (test/auth/sha256.test.ts).
 */

const state = new Int32Array(8);
const W = new Int32Array(16);
/** What a step of a chain hashes. Its last two words are its length. */
const message = new Int32Array(16);

/** Rotated right, as FIPS 180-4 has it: ROTR. */
const r = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

// One block, whose words are in `W`. After each round its word becomes that of 16 rounds later.
const compress = () => {
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  let w0 = W[0]!, w1 = W[1]!, w2 = W[2]!, w3 = W[3]!, w4 = W[4]!, w5 = W[5]!, w6 = W[6]!;
  let w7 = W[7]!, w8 = W[8]!, w9 = W[9]!, w10 = W[10]!, w11 = W[11]!, w12 = W[12]!;
  let w13 = W[13]!, w14 = W[14]!, w15 = W[15]!;
  let spare = 0;
  for (let at = 0; at < 64; at += 8) {
    h = (h + (r(e, 6) ^ r(e, 11) ^ r(e, 25)) + (g ^ (e & (f ^ g))) + K[at]! + w0) | 0;
    d = (d + h) | 0;
    h = (h + (r(a, 2) ^ r(a, 13) ^ r(a, 22)) + ((a & b) | (c & (a | b)))) | 0;
    w0 = (w0 + (r(w1, 7) ^ r(w1, 18) ^ (w1 >>> 3)) + w9 +
      (r(w14, 17) ^ r(w14, 19) ^ (w14 >>> 10))) | 0;
    g = (g + (r(d, 6) ^ r(d, 11) ^ r(d, 25)) + (f ^ (d & (e ^ f))) + K[at + 1]! + w1) | 0;
    c = (c + g) | 0;
    g = (g + (r(h, 2) ^ r(h, 13) ^ r(h, 22)) + ((h & a) | (b & (h | a)))) | 0;
    w1 = (w1 + (r(w2, 7) ^ r(w2, 18) ^ (w2 >>> 3)) + w10 +
      (r(w15, 17) ^ r(w15, 19) ^ (w15 >>> 10))) | 0;
    f = (f + (r(c, 6) ^ r(c, 11) ^ r(c, 25)) + (e ^ (c & (d ^ e))) + K[at + 2]! + w2) | 0;
    b = (b + f) | 0;
    f = (f + (r(g, 2) ^ r(g, 13) ^ r(g, 22)) + ((g & h) | (a & (g | h)))) | 0;
    w2 = (w2 + (r(w3, 7) ^ r(w3, 18) ^ (w3 >>> 3)) + w11 +
      (r(w0, 17) ^ r(w0, 19) ^ (w0 >>> 10))) | 0;
    e = (e + (r(b, 6) ^ r(b, 11) ^ r(b, 25)) + (d ^ (b & (c ^ d))) + K[at + 3]! + w3) | 0;
    a = (a + e) | 0;
    e = (e + (r(f, 2) ^ r(f, 13) ^ r(f, 22)) + ((f & g) | (h & (f | g)))) | 0;
    w3 = (w3 + (r(w4, 7) ^ r(w4, 18) ^ (w4 >>> 3)) + w12 +
      (r(w1, 17) ^ r(w1, 19) ^ (w1 >>> 10))) | 0;
    d = (d + (r(a, 6) ^ r(a, 11) ^ r(a, 25)) + (c ^ (a & (b ^ c))) + K[at + 4]! + w4) | 0;
    h = (h + d) | 0;
    d = (d + (r(e, 2) ^ r(e, 13) ^ r(e, 22)) + ((e & f) | (g & (e | f)))) | 0;
    w4 = (w4 + (r(w5, 7) ^ r(w5, 18) ^ (w5 >>> 3)) + w13 +
      (r(w2, 17) ^ r(w2, 19) ^ (w2 >>> 10))) | 0;
    c = (c + (r(h, 6) ^ r(h, 11) ^ r(h, 25)) + (b ^ (h & (a ^ b))) + K[at + 5]! + w5) | 0;
    g = (g + c) | 0;
    c = (c + (r(d, 2) ^ r(d, 13) ^ r(d, 22)) + ((d & e) | (f & (d | e)))) | 0;
    w5 = (w5 + (r(w6, 7) ^ r(w6, 18) ^ (w6 >>> 3)) + w14 +
      (r(w3, 17) ^ r(w3, 19) ^ (w3 >>> 10))) | 0;
    b = (b + (r(g, 6) ^ r(g, 11) ^ r(g, 25)) + (a ^ (g & (h ^ a))) + K[at + 6]! + w6) | 0;
    f = (f + b) | 0;
    b = (b + (r(c, 2) ^ r(c, 13) ^ r(c, 22)) + ((c & d) | (e & (c | d)))) | 0;
    w6 = (w6 + (r(w7, 7) ^ r(w7, 18) ^ (w7 >>> 3)) + w15 +
      (r(w4, 17) ^ r(w4, 19) ^ (w4 >>> 10))) | 0;
    a = (a + (r(f, 6) ^ r(f, 11) ^ r(f, 25)) + (h ^ (f & (g ^ h))) + K[at + 7]! + w7) | 0;
    e = (e + a) | 0;
    a = (a + (r(b, 2) ^ r(b, 13) ^ r(b, 22)) + ((b & c) | (d & (b | c)))) | 0;
    w7 = (w7 + (r(w8, 7) ^ r(w8, 18) ^ (w8 >>> 3)) + w0 +
      (r(w5, 17) ^ r(w5, 19) ^ (w5 >>> 10))) | 0;
    spare = w0; w0 = w8; w8 = spare;
    spare = w1; w1 = w9; w9 = spare;
    spare = w2; w2 = w10; w10 = spare;
    spare = w3; w3 = w11; w11 = spare;
    spare = w4; w4 = w12; w12 = spare;
    spare = w5; w5 = w13; w13 = spare;
    spare = w6; w6 = w14; w14 = spare;
    spare = w7; w7 = w15; w15 = spare;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
};

// The four bytes at `at`; behind `end` there is a bit, and then nothing.
const wordAt = (bytes: Uint8Array, at: number, end: number): number => {
  if (at + 4 <= end) {
    return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }
  let value = 0;
  for (let left = 4; left--; at++) {
    value = (value << 8) | (at < end ? bytes[at]! : at > end ? 0 : 128);
  }
  return value;
};

const put = (bytes: Uint8Array, at: number) => {
  for (let word = 0; word < 8; word++, at += 4) {
    const value = state[word]!;
    bytes[at] = value >> 24;
    bytes[at + 1] = value >> 16;
    bytes[at + 2] = value >> 8;
    bytes[at + 3] = value;
  }
};

/** See `hash.ts`. */
export const hash = (bytes: Uint8Array, from: number, end: number, at: number): void => {
  const bits = (end - from) * 8;
  state.set(initial);
  let last = false;
  for (let next = from; !last; ) {
    for (let word = 0; word < 16; word++, next += 4) W[word] = wordAt(bytes, next, end);
    last = next > end + 8;
    if (last) W[15] = bits;
    compress();
  }
  put(bytes, at);
};

/** See `hash.ts`. From step to step words stay words: a value begins with the last byte of one. */
export const iterate = (
  bytes: Uint8Array, at: number, end: number, from: number, to: number,
): void => {
  if (from >= to) return;
  for (let word = 0; word < 14; word++) message[word] = wordAt(bytes, at + 4 * word, end);
  const bits = (end - at) * 8;
  // Half of this word is the chain's number; then come the step, and the first byte of the value.
  const chain = message[5]! >>> 16;
  const last = (end - at) >> 2;
  for (let step = from; step < to; step++) {
    message[5] = (chain << 16) | (step << 8) | (message[5]! & 255);
    W.set(message);
    W[15] = bits;
    state.set(initial);
    compress();
    let before = (chain << 8) | step;
    for (let word = 5; word < last; word++) {
      message[word] = (before << 8) | (state[word - 5]! >>> 24);
      before = state[word - 5]!;
    }
    message[last] = (before << 8) | 128;
  }
  bytes[at + 22] = to - 1;
  put(bytes, at + 23);
};
