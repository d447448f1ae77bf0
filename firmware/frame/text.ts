import { FOREIGN, GARBLED, MISSIZED } from "../base/counters.js";
import { move } from "../platform/host.js";

/**
 * What `frame.ts` and `bytes.ts` do, for a board whose words have one byte: an interpreter searches
 * a string at fifty times the speed at which it searches an array, and cuts it natively. `layout`
 * is no parameter here, for a bundle has its numbers (docs/boards.md).
 */

declare const E: {
  CRC32(bytes: string | Uint8Array): number;
  toString(bytes: Uint8Array): string;
};
declare const layout: { readonly receive: number; readonly transmit: number };

/** Espruino puts the characters of a string into an array of bytes. */
type Bytes = Uint8Array & { set(text: string, at: number): void };

/** See `RESIDUE` of `frame.ts`. */
const RESIDUE = 0xff41d9;
/** What is around a payload: start, mask, header and cycle before it, a checksum behind it. */
const AROUND = 7;

/** See `bytes.ts`. */
export const listener = (take: (chunk: string) => void): ((chunk: string) => void) => take;

/** See `createWire` of `frame.ts`. A frame that is heard is in the arena from its header on. */
export const createWire = (
  arena: Bytes,
  view: DataView,
  counts: Uint32Array,
  payloadOf: (sender: number, round: number, header: number) => number,
  hear: (sender: number, round: number, cycle: number, at: number) => void,
) => {
  const { receive, transmit } = layout;
  // What has come and is not taken yet.
  let text = "";
  return {
    decode(chunk: string): void {
      text += chunk;
      // Frames are taken until a header is still to come, or one is not whole.
      while (text[2]) {
        const mask = text[1]!;
        const head = text.charCodeAt(2);
        const payload = payloadOf(head & 31, head >> 5, head);
        const end = payload + AROUND;
        if (text[0] !== "\0") {
          const start = text.indexOf("\0");
          text = start < 0 ? "" : text.slice(start);
        } else if (payload >= 0 && text[2] !== mask) {
          // Where the mask would be 0, this is its place: the start word began later.
          const next = text.indexOf("\0", 1);
          if (next > 0 && next < end) {
            if (next > 1) counts[MISSIZED]!++;
            text = text.slice(next);
          } else if (text[end - 1]) {
            let content = text.slice(2, end);
            text = text[end] ? text.slice(end) : "";
            if (content.indexOf(mask) >= 0) content = content.split(mask).join("\0");
            if (E.CRC32(content) >>> 8 === RESIDUE) {
              arena.set(content, receive);
              hear(head & 31, head >> 5, arena[receive + 1]!, receive + 2);
            } else counts[GARBLED]!++;
          } else return;
        } else {
          // A mask word here stands for zeros, and those for no header that there is.
          if (mask !== "\0") counts[FOREIGN]!++;
          text = text.slice(1);
        }
      }
    },
    encode(header: number, cycle: number, from: number, bytes: number): number {
      const check = transmit + 4 + bytes;
      const last = check + 3;
      move(arena, transmit + 4, from, from + bytes);
      arena[transmit + 2] = header;
      arena[transmit + 3] = cycle;
      view.setUint32(check, E.CRC32(arena.subarray(transmit + 2, check)), true);
      const content = E.toString(arena.subarray(transmit + 2, last));
      let mask = 1;
      while (content.indexOf(String.fromCharCode(mask)) >= 0) mask++;
      for (let at = -1; (at = content.indexOf("\0", at + 1)) >= 0; ) {
        arena[transmit + 2 + at] = mask;
      }
      arena[transmit] = 0;
      arena[transmit + 1] = mask;
      return last;
    },
  };
};
