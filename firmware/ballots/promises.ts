import { UNKEPT } from "../base/counters.js";
import type { Layout } from "../base/layout.js";
import { checksum } from "../platform/host.js";
import { UNKNOWN } from "./decision-log.js";
import type { Promises } from "./decision-log.js";

/**
 * Two places that outlast a loss of power. Neither function throws; a write may fail, or be cut off
 * at any byte.
 */
export interface Places {
  /** @returns what is in a place, or undefined where there is nothing */
  readonly read: (place: number) => ArrayLike<number> | undefined;
  readonly write: (place: number, bytes: Uint8Array) => void;
}

/** The first of the two places; those before it belong to a signer. */
export const FIRST_PLACE = 3;

/**
 * Image 0: what lies in the first place before a board ever runs.
 *
 * @param after the board stands in the place of one that may have promised something in the ballots
 *   up to this one; -1: it is new
 */
export const firstImage = (
  { stored, width, mark }: Layout, after = -1,
): Uint8Array => {
  const end = stored ? 16 + width : 8;
  const image = new Uint8Array(end + 4);
  const view = new DataView(image.buffer);
  view.setUint32(4, after + 1);
  if (stored && after >= 0) view.setUint32(8, UNKNOWN);
  view.setUint32(end, checksum(image, 0, end) ^ mark);
  return image;
};

/**
 * What a board writes down: images, each of which is its number, a bound of ballots (see
 * `Promises.ballot`) and, where promises are stored, the bound of slots, how many are carried out,
 * and the record; at the end a checksum in which the network's mark is. Numbers have their most
 * significant byte first. Image 0 is made by who puts the program on the board.
 *
 * The newest whole image is never written over: a new one goes to the other place, and is the
 * newest once it has been read back. Each attempt has a number of its own, so that one which failed
 * is not taken for the next.
 *
 * @param counts [UNKEPT] is counted up where an image could not be written
 */
export const createPromises = (
  layout: Layout, arena: Uint8Array, counts: Uint32Array, { read, write }: Places,
): Promises => {
  const { stored } = layout;
  const own = layout.levels[0]! + 1;
  const end = stored ? 16 + layout.width : 8;
  const image = new Uint8Array(end + 4);
  const view = new DataView(image.buffer);
  let number = 0;
  let newest = 0;
  let bound = UNKNOWN;
  let from = UNKNOWN;
  let acted = 0;

  const sum = () => checksum(image, 0, end) ^ layout.mark;

  // Whether what is in a place is a whole image, not older than `least`; it is then in `image`.
  const load = (place: number, least: number) => {
    const found = read(FIRST_PLACE + place);
    if (!found || found.length !== end + 4) return false;
    image.set(found);
    return !((sum() ^ view.getUint32(end)) | 0) && view.getUint32(0) >= least;
  };

  for (let place = 0; place < 2; place++) {
    if (load(place, number)) {
      number = view.getUint32(0) + 1;
      newest = place;
      bound = view.getUint32(4);
      from = bound && UNKNOWN;
      if (stored) {
        from = view.getUint32(8);
        acted = view.getUint32(12);
        arena.set(image.subarray(16, end), own);
      }
    }
  }

  return {
    ballot: bound,
    from,
    acted,
    keep(ballot, done, first) {
      if (!stored && ballot <= bound) return true;
      const next = stored
        ? ballot || bound
        : Math.min(ballot + (layout.reserve - 1), UNKNOWN);
      view.setUint32(0, number);
      view.setUint32(4, next);
      if (stored) {
        view.setUint32(8, first);
        view.setUint32(12, done);
        image.set(arena.subarray(own, own + layout.width), 16);
      }
      view.setUint32(end, sum());
      write(FIRST_PLACE + (newest ^ 1), image);
      if (!load(newest ^ 1, number++)) {
        counts[UNKEPT]!++;
        return false;
      }
      newest ^= 1;
      bound = next;
      return true;
    },
  };
};
