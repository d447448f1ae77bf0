/** Hashing as Espruino does it natively; see `hash.ts`. */

declare const require: (name: string) => {
  readonly SHA256: (bytes: Uint8Array) => ArrayLike<number>;
};

const LIBRARY = "crypto";
const sha256 = require(LIBRARY).SHA256;

/** See `hash.ts`. */
export const hash = (bytes: Uint8Array, from: number, end: number, at: number): void => {
  bytes.set(sha256(bytes.subarray(from, end)), at);
};

/** See `hash.ts`. The loop stands here lest each step cost a call. */
export const iterate = (
  bytes: Uint8Array, at: number, end: number, from: number, to: number,
): void => {
  const input = bytes.subarray(at, end);
  for (; from < to; from++) {
    bytes[at + 22] = from;
    bytes.set(sha256(input), at + 23);
  }
};
