/** The seams with Espruino: what it does natively, and its UART. */

declare const E: { CRC32(bytes: Uint8Array): number; toString(bytes: Uint8Array): string };

/** See `host.ts`. */
export const checksum = (bytes: Uint8Array, from: number, end: number): number =>
  E.CRC32(bytes.subarray(from, end));

/** See `host.ts`. */
export const move = (bytes: Uint8Array, to: number, from: number, end: number): void => {
  bytes.set(bytes.subarray(from, end), to);
};

/** See `base/row.ts`. */
export const row = (bytes: Uint8Array, at: number, width: number): string =>
  E.toString(bytes.subarray(at, at + width));

/**
 * Searched at once: a string is searched at five times the speed at which an array is, and one of
 * so many bytes is a small part of what a board has.
 */
const PIECE = 256;

const wordOf = (word: number, size: number): string =>
  (size > 1 ? String.fromCharCode(word & 255, word >> 8) : String.fromCharCode(word));

// So many bytes from `from` on that each word that begins in the piece is whole.
const pieceAt = (bytes: Uint8Array, size: number, from: number, end: number): string => {
  const to = from + PIECE + (size - 1);
  return E.toString(bytes.subarray(from, to < end ? to : end));
};

/**
 * See `host.ts`. Espruino finds half a word, too, where a string ends with it; that is none, or
 * the next piece begins with it.
 */
export const search = (
  bytes: Uint8Array, word: number, size: number, from: number, end: number,
): number => {
  const text = wordOf(word, size);
  let at = -1;
  for (; at < 0 && from + size <= end; from += PIECE) {
    at = pieceAt(bytes, size, from, end).indexOf(text);
    if (at >= 0) at = at < PIECE && from + at + size <= end ? from + at : -1;
  }
  return at;
};

/** See `host.ts`. */
export const replace = (
  bytes: Uint8Array, word: number, by: number, size: number, from: number, end: number,
): void => {
  const text = wordOf(word, size);
  for (; from + size <= end; from += PIECE) {
    const piece = pieceAt(bytes, size, from, end);
    let at = 0;
    while ((at = piece.indexOf(text, at)) >= 0 && at < PIECE && from + at + size <= end) {
      bytes[from + at] = by;
      if (size > 1) bytes[from + at + 1] = by >> 8;
      at += size;
    }
  }
};

/**
 * See `host.ts`. Espruino adds a character above 127 to a string as two bytes where it comes from
 * `piece[at]`; of a slice it adds one.
 */
export const before = (bytes: Uint8Array, byte: number, from: number, end: number): string => {
  const text = String.fromCharCode(byte);
  let found = "";
  for (; from + 1 < end; from += PIECE) {
    const piece = pieceAt(bytes, 2, from, end);
    let at = 1;
    while ((at = piece.indexOf(text, at)) >= 0) {
      found += piece.slice(at - 1, at);
      at++;
    }
  }
  return found;
};

/** A UART, as far as it is used. */
export interface Uart {
  setup(baud: number, options: object): void;
  on(event: "data", listener: (chunk: string) => void): void;
  write(bytes: Uint8Array | string): void;
}
