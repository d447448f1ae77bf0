import type { Layout } from "../../firmware/index.js";
import { PLAIN, START, checksum } from "../../firmware/index.js";
import { expectedIn } from "../../firmware/node/node.js";

/**
 * What the checksum of a whole frame is, from its start word on, where its mask is the plain one,
 * but for the lowest eight bits: the same for all frames of a length (docs/frames.md, FRAME.4).
 *
 * @param layout of words of one byte
 * @returns that, by the bytes of each frame that the board may hear
 */
export const residuesOf = (layout: Layout): Record<number, number> => {
  const residues: Record<number, number> = {};
  for (const length of expectedIn(layout)) {
    if (!length) continue;
    const frame = new Uint8Array(length + 1);
    [frame[0], frame[1]] = [START, PLAIN];
    new DataView(frame.buffer).setUint32(length - 3, checksum(frame, 2, length - 3), true);
    residues[length] = checksum(frame, 0, length) >>> 8;
  }
  return residues;
};
