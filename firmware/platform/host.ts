/**
 * What an interpreter can do natively at once and would do slowly byte by byte. This is how a
 * computer does it; in a board's bundle `espruino.ts` stands in its place.
 */

const table: number[] = [];
for (let byte = 0; byte < 256; byte++) {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  table[byte] = rest;
}

/** CRC-32 (IEEE 802.3, reflected) of `bytes[from..end)`, signed or not. */
export const checksum = (bytes: Uint8Array, from: number, end: number): number => {
  let rest = -1;
  for (let at = from; at < end; at++) rest = (rest >>> 8) ^ table[(rest ^ bytes[at]!) & 255]!;
  return ~rest;
};

export { move } from "../base/move.js";
