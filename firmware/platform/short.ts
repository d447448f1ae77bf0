/**
 * What `espruino.ts` does, for a board whose frames have words of one byte: a row of bytes is
 * compared as a string, in one go. There is no memory for that where frames are long.
 */
export { before, checksum, move, replace, row, search } from "./espruino.js";

declare const E: { toString(bytes: Uint8Array): string };

/** See `base/same.ts`. */
export const same = (bytes: Uint8Array, one: number, other: number, width: number): boolean =>
  (width < 2 ? bytes[one] === bytes[other]
    : E.toString(bytes.subarray(one, one + width)) ===
      E.toString(bytes.subarray(other, other + width)));
