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
declare const layout: {
  readonly receive: number;
  readonly transmit: number;
  /**
   * By the bytes of a frame: what the checksum of a whole one is, from its start word on, where its
   * mask is the plain one; but for the lowest eight bits. Start and mask alter `RESIDUE` by what
   * depends on the length alone (docs/frames.md, FRAME.4).
   */
  readonly residues: Readonly<Record<number, number>>;
};
/** Whether what is heard most is looked for first; made for size, it is not. */
declare const QUICK: boolean;

/** Espruino puts the characters of a string into an array of bytes. */
type Bytes = Uint8Array & { set(text: string, at: number): void };

/** See `RESIDUE` of `frame.ts`. */
const RESIDUE = 0xff41d9;

/** See `bytes.ts`. */
export const listener = (take: (chunk: string) => void): ((chunk: string) => void) => take;

/**
 * See `createWire` of `frame.ts`. A frame that is heard is in the arena from its start word on, or,
 * where that is not looked at any more, from its header on.
 */
export const createWire = (
  arena: Bytes,
  view: DataView,
  counts: Uint32Array,
  lengthOf: (sender: number, round: number, header: number) => number,
  hear: (sender: number, round: number, cycle: number, at: number) => void,
) => {
  const { receive, transmit, residues } = layout;
  // What has come and is not taken yet.
  let text = "";

  // Takes the first good frame. Where one has begun, more of it is waited for, unless another start
  // comes too soon; all else is gone up to the next start. @returns its header, or -1
  const findFrame = (): number => {
    while (text[2]) {
      const begun = text[0] === "\x16";
      const mask = text[1]!;
      const head = text.charCodeAt(2);
      // A mask word in a header's place stands for none that there is.
      const end = text[2] === mask ? NO_FRAME : lengthOf(head & 31, head >> 5, head);
      // Where there is no other start it is behind all that may come.
      const next = text.indexOf("\x16", 1) & (NO_FRAME - 1);
      if (begun && next >= end) {
        if (!text[end - 1]) break;
        let content = text.slice(2, end);
        text = text.slice(end);
        if (mask !== "\x17") content = content.split(mask).join("\x16");
        if (E.CRC32(content) >>> 8 === RESIDUE) {
          arena.set(content, receive + 2);
          return head;
        }
        counts[GARBLED]!++;
      } else {
        // Where the mask would be a start, this is its place: the start word began later.
        if (begun && next !== 1) counts[end < NO_FRAME ? MISSIZED : FOREIGN]!++;
        text = text.slice(next);
      }
    }
    return -1;
  };

  return {
    decode(chunk: string): void {
      text += chunk;
      while (text[2]) {
        let head = QUICK ? text.charCodeAt(2) : 0;
        const end = QUICK ? lengthOf(head & 31, head >> 5, head) : 0;
        // What is heard most is a frame with nothing masked, and alone.
        const frame = QUICK && text[end] ? text.slice(0, end) : text;
        if (QUICK && text[end - 1] && !frame.lastIndexOf("\x16") &&
          E.CRC32(frame) >>> 8 === residues[end]) {
          arena.set(frame, receive);
          text = text[end] ? text.slice(end) : "";
        } else {
          head = findFrame();
          if (head < 0) return;
        }
        hear(head & 31, head >> 5, arena[receive + 3]!, receive + 4);
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
