import { FIRST_PLACE, checksum } from "../firmware/index.js";
import type { BallotLimits } from "../firmware/index.js";
import type { Board } from "./network.js";

/**
 * What a board of ballots has written down before it ever runs (SPEC.md, BALLOT.7): that it is new,
 * or that it stands in the place of one that may have promised something.
 */

/** The names of the two files in Espruino's Storage. */
export const PROMISE_FILES: readonly string[] =
  [FIRST_PLACE, FIRST_PLACE + 1].map((place) => `tagma.${place}`);

/** No ballot, or slot, is known that comes after what was promised. */
const UNKNOWN = 0xffffffff;

/**
 * @param after no ballot up to this one may be one that the board promised anything in; -1: it is
 *   new, and has promised nothing
 * @returns image 0, for the first of the two files
 */
export const firstImage = ({ limits }: Board, after = -1): Uint8Array => {
  const { stored, width, mark } = limits as BallotLimits;
  const end = stored ? 16 + width : 8;
  const image = new Uint8Array(end + 4);
  const view = new DataView(image.buffer);
  view.setUint32(4, after + 1);
  if (stored && after >= 0) view.setUint32(8, UNKNOWN);
  view.setUint32(end, checksum(image, 0, end) ^ mark);
  return image;
};
