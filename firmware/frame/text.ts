import { FOREIGN, GARBLED, MISSIZED } from "../base/counters.js";
import { move } from "../platform/host.js";
import { NO_FRAME, PLAIN, START } from "./words.js";

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
/** Whether a whole frame, as nearly all are, is looked for first; made for size, it is not. */
declare const QUICK: boolean;

/** Espruino puts the characters of a string into an array of bytes. */
type Bytes = Uint8Array & { set(text: string, at: number): void };

/** See `RESIDUE` of `frame.ts`. */
const RESIDUE = 0xff41d9;

/** See `bytes.ts`. */
export const listener = (take: (chunk: string) => void): ((chunk: string) => void) => take;

/**
 * See `createWire` of `frame.ts`. A frame that is heard is in the arena from its header on. What is
 * heard most comes first, and what is no whole frame is looked at apart.
 */
export const createWire = (
  arena: Bytes,
  view: DataView,
  counts: Uint32Array,
  lengthOf: (sender: number, round: number, header: number) => number,
  hear: (sender: number, round: number, cycle: number, at: number) => void,
) => {
  const { receive, transmit } = layout;
  // What has come and is not taken yet; and whether a frame may be whole in it.
  let text = "";
  let more = 1;

  // Takes a frame of so many bytes, which is whole and has no start word in it.
  const take = (head: number, end: number) => {
    const mask = text[1]!;
    let content = text.slice(2, end);
    text = !QUICK || text[end] ? text.slice(end) : "";
    // A mask word in a header's place stands for none that there is.
    if (mask !== "\x17") {
      content = QUICK && content[0] === mask ? "" : content.split(mask).join("\x16");
    }
    if (E.CRC32(content) >>> 8 === RESIDUE) {
      arena.set(content, receive);
      hear(head & 31, head >> 5, arena[receive + 1]!, receive + 2);
    } else counts[QUICK && !content ? FOREIGN : GARBLED]!++;
  };

  // The same of what may be none. Where a frame has begun, more of it is waited for, unless another
  // start comes too soon; all else is gone up to the next start.
  const findStart = (head: number, end: number) => {
    const next = text.indexOf("\x16", 1);
    const known = end < NO_FRAME && text[2] !== text[1];
    if (text[0] === "\x16" && known && next >>> 0 >= end) {
      if (QUICK || !text[end - 1]) more = 0;
      else take(head, end);
    } else {
      // Where the mask would be a start, this is its place: the start word began later.
      if (text[0] === "\x16" && next !== 1) counts[known ? MISSIZED : FOREIGN]!++;
      text = next < 0 ? "" : text.slice(next);
    }
  };

  return {
    decode(chunk: string): void {
      text += chunk;
      // Frames are taken until a header is still to come, or one is not whole.
      for (more = 1; more && text[2]; ) {
        const head = text.charCodeAt(2);
        const end = lengthOf(head & 31, head >> 5, head);
        if (QUICK && text[end - 1] && !text.lastIndexOf("\x16", end - 1)) take(head, end);
        else findStart(head, end);
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
      let mask = PLAIN;
      if (content.indexOf("\x16") >= 0) {
        do mask = (mask + 1) & 255;
        while (content.indexOf(String.fromCharCode(mask)) >= 0);
        arena.set(content.split("\x16").join(String.fromCharCode(mask)), transmit + 2);
      }
      arena[transmit] = START;
      arena[transmit + 1] = mask;
      return last;
    },
  };
};
