/**
 * SHA-256 (FIPS 180-4) for boards that have none. In the bundle of a board that has it,
 * `hash-espruino.ts` stands in its place, and on a computer `hash-host.ts`.
 */

// The first 32 bits of the fractions of the square roots of the first 8 primes, and of the cube
// roots of the first 64.
export const initial = new Int32Array(8);
export const constants = new Int32Array(64);
const fraction = (root: number) => (root % 1) * 4294967296;
let found = 0;
for (let candidate = 2; found < 64; candidate++) {
  let divisor = 2;
  while (candidate % divisor) divisor++;
  if (divisor === candidate) {
    if (found < 8) initial[found] = fraction(Math.sqrt(candidate));
    constants[found++] = fraction(Math.pow(candidate, 1 / 3));
  }
}

const state = new Int32Array(8);
const words = new Int32Array(64);

const turn = (word: number, by: number) => (word >>> by) | (word << (32 - by));

// One block, whose words are the first 16 of `words`.
const compress = () => {
  for (let at = 16; at < 64; at++) {
    const old = words[at - 15]!;
    const near = words[at - 2]!;
    words[at] = words[at - 16]! + (turn(old, 7) ^ turn(old, 18) ^ (old >>> 3)) +
      words[at - 7]! + (turn(near, 17) ^ turn(near, 19) ^ (near >>> 10));
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let at = 0; at < 64; at++) {
    const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) +
      constants[at]! + words[at]!;
    const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
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

/**
 * `bytes[at..at+32)` becomes the hash of `bytes[from..end)`, fewer than 2^28 bytes, which it may
 * overlap.
 */
export const hash = (bytes: Uint8Array, from: number, end: number, at: number): void => {
  const bits = (end - from) * 8;
  state.set(initial);
  let last = false;
  for (let next = from; !last; ) {
    for (let word = 0; word < 16; word++) {
      let value = 0;
      for (let byte = 4; byte--; next++) {
        value = (value << 8) | (next < end ? bytes[next]! : next > end ? 0 : 128);
      }
      words[word] = value;
    }
    last = next > end + 8;
    if (last) words[15] = bits;
    compress();
  }
  for (let byte = 0; byte < 32; byte++) {
    bytes[at + byte] = state[byte >> 2]! >> (24 - 8 * (byte & 3));
  }
};

/**
 * Steps `from..to-1` of a Winternitz chain: `bytes[at+22]` becomes the number of the step, and what
 * stands from there to `end` its hash.
 */
export const iterate = (
  bytes: Uint8Array, at: number, end: number, from: number, to: number,
): void => {
  for (; from < to; from++) {
    bytes[at + 22] = from;
    hash(bytes, at, end, at + 23);
  }
};
