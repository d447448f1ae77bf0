import { smallBundle } from "./bundle.js";
import { shapeOf, treeSet } from "./board.js";

/** Bytes that signing and checking add to a bundle, by choice of sets. */
export const ENTRY = `
import { createSigner } from "./auth/lms/signer.js";
global.start = function (arena, view, parts) {
  return createSigner(layout, arena, view, parts);
};`;

export const SHAPES = {
  "N24 W4 H5": [treeSet(24, 5, 4)],
  "N24 W4 H10": [treeSet(24, 10, 4)],
  "N32 W8 H15": [treeSet(32, 15, 8)],
  "N24 W4 H10 over H5": [treeSet(24, 10, 4), treeSet(24, 5, 4)],
} as const;

/** @param native whether SHA-256 is the board's own */
export const sizeOf = async (name: keyof typeof SHAPES, native: boolean): Promise<number> =>
  Buffer.byteLength(await smallBundle(shapeOf(SHAPES[name], 10, { boards: 3 }), ENTRY, native));
