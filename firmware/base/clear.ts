/**
 * Puts zeros to `bytes[from..end)`. This is how a computer does it; Espruino's own `fill` goes
 * through all that is before them.
 */
export const clear = (bytes: Uint8Array, from: number, end: number): void => {
  bytes.fill(0, from, end);
};
