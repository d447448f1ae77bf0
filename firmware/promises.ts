import { checksum } from "./native.js";
import type { Limits } from "./core/limits.js";

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
const FIRST = 3;

/** What a board has promised in ballots, where a loss of power cannot take it (LOG.6). */
export interface Promises {
  /** One more than the last ballot that was stored, whose record is in the arena again; 0: none. */
  readonly ballot: number;
  /** Stores the record as it is now. @returns whether it was found there afterwards. */
  readonly keep: (ballot: number) => boolean;
}

/**
 * An image is its number, one more than the ballot, the record, and a checksum in which the
 * network's mark is. Images go to the two places in turn: a write that is cut off damages the one
 * that was to be replaced, and the frame that would have told of it has not been sent.
 */
export const createPromises = (
  limits: Limits, arena: Uint8Array, { read, write }: Places,
): Promises => {
  const own = limits.levels[0]! + 1;
  const end = 8 + limits.width;
  const image = new Uint8Array(end + 4);
  const view = new DataView(image.buffer);
  const sum = () => checksum(image, 0, end) ^ limits.stored;
  let number = 0;
  let ballot = 0;

  // Whether what is in a place is whole; if so, it is in the image.
  const load = (place: number) => {
    const found = read(FIRST + place);
    if (!found || found.length !== end + 4) return false;
    image.set(found);
    return !((sum() ^ view.getUint32(end)) | 0);
  };

  for (let place = 0; place < 2; place++) {
    if (load(place) && view.getUint32(0) > number) {
      number = view.getUint32(0);
      ballot = view.getUint32(4);
      arena.set(image.subarray(8, end), own);
    }
  }

  return {
    ballot,
    keep(opened) {
      view.setUint32(0, ++number);
      view.setUint32(4, opened);
      image.set(arena.subarray(own, own + limits.width), 8);
      view.setUint32(end, sum());
      write(FIRST + (number & 1), image);
      return load(number & 1) && view.getUint32(0) === number;
    },
  };
};
