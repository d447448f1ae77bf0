/**
 * What an interpreter can do natively at once and would do slowly byte by byte. This is how a
 * computer does it; in a board's bundle `espruino.ts` stands in its place.
 */

const table = new Int32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  table[byte] = rest;
}

/** What is left of a checksum, -1 at first, after one more byte; at last it is inverted. */
export const checksumStep = (rest: number, byte: number): number =>
  (rest >>> 8) ^ table[(rest ^ byte) & 255]!;

/** CRC-32 (IEEE 802.3, reflected) of `bytes[from..end)`, signed or not. */
export const checksum = (bytes: Uint8Array, from: number, end: number): number => {
  let rest = -1;
  for (let at = from; at < end; at++) rest = checksumStep(rest, bytes[at]!);
  return ~rest;
};

/** As many bytes are gone through one by one sooner than they are handed on. */
const FEW = 64;

const searchByte = (bytes: Uint8Array, byte: number, from: number, end: number): number => {
  if (end - from > FEW) from = bytes.indexOf(byte, from);
  else while (from < end && bytes[from] !== byte) from++;
  return from < end ? from : -1;
};

/**
 * @param word a number of `size` bytes, 1 or 2, its first byte the low one
 * @returns where it first is in `bytes[from..end)`, whole; or -1
 */
export const search = (
  bytes: Uint8Array, word: number, size: number, from: number, end: number,
): number => {
  let at = searchByte(bytes, word & 255, from, end + 1 - size);
  while (size > 1 && at >= 0 && bytes[at + 1] !== word >> 8) {
    at = searchByte(bytes, word & 255, at + 1, end - 1);
  }
  return at;
};

/**
 * Puts `by` in the place of each `word`, the first one first; see `search`. The first byte of the
 * one is no byte of the other.
 */
export const replace = (
  bytes: Uint8Array, word: number, by: number, size: number, from: number, end: number,
): void => {
  for (let at = from; (at = search(bytes, word, size, at, end)) >= 0; ) {
    bytes[at] = by;
    if (size > 1) bytes[at + 1] = by >> 8;
  }
};

/** The bytes of `bytes[from..end)` that have `byte` behind them, as characters. */
export const before = (bytes: Uint8Array, byte: number, from: number, end: number): string => {
  let found = "";
  for (let at = from + 1; at < end; at++) {
    if (bytes[at] === byte) found += String.fromCharCode(bytes[at - 1]!);
  }
  return found;
};

export { move } from "../base/move.js";
export { row } from "../base/row.js";
