import { FOREIGN, GARBLED, MISSIZED } from "../base/counters.js";
import type { Layout } from "../base/layout.js";
import { checksum, move, search } from "../platform/host.js";

/**
 * One frame <-> bytes, as SPEC.md, "Framing", lays down: start word, mask word, header, cycle,
 * payload, checksum. The start word is all zeros and cannot occur inside a frame, where the mask
 * word stands in for it; so whatever came before, the next good frame is heard. A word is one byte
 * where the longest frame is short enough to leave one of the other 255 unused, else two, and the
 * checksum has the rest of four bytes.
 */

export interface Wire {
  /** Takes the next chunk from the line, of any length. Never throws. */
  readonly decode: (chunk: Uint8Array) => void;
  /**
   * Makes a frame of this header and cycle, and a payload of `bytes` at `arena[from..]`, at
   * `layout.transmit`.
   *
   * @returns where it ends
   */
  readonly encode: (header: number, cycle: number, from: number, bytes: number) => number;
}

/**
 * @param arena at `layout.receive` and `layout.transmit` it has room for the longest frames
 * @param view the same bytes
 * @param counts [FOREIGN], [MISSIZED] and [GARBLED] are counted up
 * @param payloadOf bytes of the payload of such a frame, or -1 where none is expected
 * @param hear called for each good frame; its payload is at `arena[at..]` until the call returns
 */
export const createWire = (
  layout: Layout,
  arena: Uint8Array,
  view: DataView,
  counts: Uint32Array,
  payloadOf: (sender: number, round: number) => number,
  hear: (sender: number, round: number, cycle: number, at: number) => void,
): Wire => {
  const { word: size, receive, transmit, end: room } = layout;
  let fill = receive;

  // Where a word first occurs in `arena[from..end)`, or -1. A word is a number, its first byte the
  // low one.
  const find = (word: number, from: number, end: number) => {
    const low = size > 1 ? word & 255 : word;
    let at = search(arena, low, from, end);
    while (size > 1 && at >= 0 && arena[at + 1] !== word >> 8) at = arena.indexOf(low, at + 1);
    return (size > 1 ? at + 1 : at) < end ? at : -1;
  };

  const replace = (old: number, fresh: number, from: number, end: number) => {
    while ((from = find(old, from, end)) >= 0) {
      arena[from] = fresh;
      if (size > 1) arena[from + 1] = fresh >> 8;
    }
  };

  // Takes the frame that begins at `from`, and gives where to go on; `from` itself: wait for more.
  const take = (from: number): number => {
    const mask = from + size;
    const body = mask + size;
    if (body + size > fill) return from;
    // Where the mask would begin with 0, the start word began later.
    if (!arena[mask]) return size > 1 ? from + 1 : mask;
    // A mask word here stands for zeros, and those for the header that is judged.
    const zero = arena[body] === arena[mask] &&
      (size < 2 || arena[body + 1] === arena[mask + 1]);
    const header = zero ? 0 : arena[body]!;
    const payload = payloadOf(header & 31, header >> 5);
    const at = body + 2 + payload;
    const end = at + (4 - size);
    if (payload < 0) {
      counts[FOREIGN]!++;
      return mask;
    }
    const next = find(0, mask, end < fill ? end : fill);
    if (next > 0) {
      counts[MISSIZED]!++;
      return next;
    }
    if (end > fill) return from;
    replace(size > 1 ? arena[mask] | (arena[mask + 1]! << 8) : arena[mask], 0, body, end);
    // The lower 24 or 16 bits of both must be the same, here in the upper bits of a word. Where
    // they are not, the last byte may be the first of a start word.
    const sum = checksum(arena, body, at) << (8 * size);
    if ((sum ^ view.getUint32(end - 4, true)) >> (8 * size)) {
      counts[GARBLED]!++;
      return size > 1 ? end - 1 : end;
    }
    hear(header & 31, header >> 5, arena[body + 1]!, body + 2);
    return end;
  };

  return {
    decode(chunk) {
      for (let from = 0; from < chunk.length; ) {
        // Espruino's `subarray` does not stop where the chunk ends: zeros would follow.
        const bytes = Math.min(chunk.length - from, room - fill);
        arena.set(chunk.subarray(from, from + bytes), fill);
        fill += bytes;
        from += bytes;
        // Frames are taken until one is not whole. Of what is no frame, only the last byte may be
        // the first of a start word.
        let start = 0;
        let rest = receive;
        while (start >= 0 && rest > start && rest < fill) {
          start = find(0, rest, fill);
          rest = start < 0 ? (size > 1 && !arena[fill - 1] ? fill - 1 : fill) : take(start);
        }
        if (rest < fill) move(arena, receive, rest, fill);
        fill += receive - rest;
      }
    },
    encode(header, cycle, from, bytes) {
      const body = transmit + 2 * size;
      const check = body + 2 + bytes;
      const last = check + (4 - size);
      move(arena, body + 2, from, from + bytes);
      arena[body] = header;
      arena[body + 1] = cycle;
      view.setUint32(check, checksum(arena, body, check), true);
      // The first word that does not occur. Its bytes are not 0, and differ, lest two of them
      // overlap.
      let mask = size > 1 ? 256 : 1;
      while (
        (size > 1 && (!(mask & 255) || (mask & 255) === mask >> 8)) || find(mask, body, last) >= 0
      ) mask++;
      replace(0, mask, body, last);
      arena[transmit] = 0;
      arena[transmit + 1] = size > 1 ? 0 : mask;
      if (size > 1) view.setUint16(transmit + 2, mask, true);
      return last;
    },
  };
};
