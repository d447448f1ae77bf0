/**
 * Moves `bytes[from..end)` to `to`. This is how a computer does it; in a board's bundle there
 * stands what an interpreter does natively.
 */
export const move = (bytes: Uint8Array, to: number, from: number, end: number): void => {
  if (end - from > 32) bytes.copyWithin(to, from, end);
  else if (to < from) while (from < end) bytes[to++] = bytes[from++]!;
  else for (let left = end - from; left--; ) bytes[to + left] = bytes[from + left]!;
};
