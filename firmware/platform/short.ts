/**
 * What `espruino.ts` does, for a board whose frames have words of one byte: a row of bytes is moved
 * and compared as a string, in one go. There is no memory for that where frames are long.
 */
export { checksum, row, search } from "./espruino.js";

declare const E: { toString(bytes: Uint8Array): string };

/** Espruino puts the characters of a string into an array of bytes. */
type Bytes = Uint8Array & { set(text: string, at: number): void };

/** See `base/move.ts`. */
export const move = (bytes: Uint8Array, to: number, from: number, end: number): void => {
  (bytes as Bytes).set(E.toString(bytes.subarray(from, end)), to);
};

/** See `base/same.ts`. */
export const same = (bytes: Uint8Array, one: number, other: number, width: number): boolean =>
  (width < 2 ? bytes[one] === bytes[other]
    : E.toString(bytes.subarray(one, one + width)) ===
      E.toString(bytes.subarray(other, other + width)));
