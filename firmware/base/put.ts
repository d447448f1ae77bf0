import { move } from "./move.js";

/** Puts the `width` bytes at `from` to `to` as well. */
export const put = (bytes: Uint8Array, to: number, from: number, width: number): void => {
  if (width < 2) bytes[to] = bytes[from]!;
  else move(bytes, to, from, from + width);
};
