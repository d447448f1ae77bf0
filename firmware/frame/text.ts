import { FOREIGN, GARBLED, MISSIZED } from "../base/counters.js";
import { move } from "../platform/host.js";
import { NO_FRAME, PLAIN } from "./words.js";

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
  readonly margin: number;
  readonly poll: number;
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

/** See `bytes.ts`: what is made is the frame itself. */
export const made = (_bytes: Uint8Array, _from: number, frame: number): string =>
  frame as unknown as string;

/** See `bytes.ts`. */
export const listener = (take: (chunk: string) => void): ((chunk: string) => void) => take;

/**
 * See `createWire` of `frame.ts`. What is heard is in the arena when it is shown or put down.
 */
export const createWire = (
  arena: Bytes,
  _view: DataView,
  counts: Uint32Array,
  lengthOf: (sender: number, round: number, header: number) => number,
  hear: (sender: number, round: number, cycle: number, at: number, header: number) => void,
) => {
  const { receive, margin, residues } = layout;
  // What has come and is not taken yet; and the frame that is heard, as if it masked nothing.
  let text = "";
  let frame = "";
  // The lowest byte of the cycle that is open.
  let now = "\xff";

  // Takes the first good frame. Where one has begun, more of it is waited for, unless another start
  // comes too soon; all else is gone up to the next start. @returns its header, or -1
  const findFrame = (expected: number): number => {
    // Most often it is the beginning of one frame of so many bytes, and no mask word is in its
    // header's place.
    if (expected < NO_FRAME && !text[expected - 1] && text[1] !== text[2] &&
      !text.lastIndexOf("\x16")) return -1;
    while (text[2]) {
      const begun = text[0] === "\x16";
      const mask = text[1]!;
      const head = text.charCodeAt(2);
      // A mask word in a header's place stands for none that there is.
      const end = (text[2] === mask ? 0 : lengthOf(head & 31, head >> 5, head)) || NO_FRAME;
      // Where there is no other start it is behind all that may come.
      const next = text.indexOf("\x16", 1) & (NO_FRAME - 1);
      if (begun && next >= end) {
        if (!text[end - 1]) break;
        let content = text.slice(2, end);
        text = text.slice(end);
        if (mask !== "\x17") content = content.split(mask).join("\x16");
        if (E.CRC32(content) >>> 8 === RESIDUE) {
          frame = "\x16\x17" + content;
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

  // Its cycle is asked for where it is not the one that is open.
  const tell = (head: number) => {
    hear(head & 31, head >> 5, 0, receive + 4, head);
  };

  return {
    decode(chunk: string): void {
      text += chunk;
      let head;
      if (!QUICK) while ((head = findFrame(NO_FRAME)) >= 0) tell(head);
      // What is heard most is a frame with nothing masked. On a star it comes from the hub, which
      // makes none with a start in it.
      else {
        do {
          // On a wire a header is looked at by its bits, so it has to be there.
          if (layout.poll && !text[2]) return;
          head = text.charCodeAt(2);
          const end = lengthOf(head & 31, head >> 5, head) || NO_FRAME;
          frame = text[end] ? text.slice(0, end) : text;
          if (text[end - 1] && (!layout.poll || !frame.lastIndexOf("\x16")) &&
            E.CRC32(frame) >>> 8 === residues[end]) {
            text = text[end] ? text.slice(end) : "";
          } else {
            head = findFrame(end);
            if (head < 0) return;
          }
          tell(head);
        } while (text[2]);
      }
    },
    put(to: number, from: number, bytes: number): void {
      if (margin) arena.set(frame, to);
      else {
        arena.set(frame, receive);
        move(arena, to, from, from + bytes);
      }
    },
    show(): void {
      arena.set(frame, receive);
    },
    low: (): number => frame.charCodeAt(3),
    open(cycle: number): void {
      now = String.fromCharCode(cycle & 255);
    },
    isNow: (): boolean => frame[3] === now,
    encode(header: number, cycle: number, from: number, bytes: number): string {
      let content = String.fromCharCode(header, cycle & 255) +
        E.toString(arena.subarray(from, from + bytes));
      const sum = E.CRC32(content);
      content += String.fromCharCode(sum & 255, (sum >> 8) & 255, (sum >> 16) & 255);
      let mask = "\x17";
      if (content.indexOf("\x16") >= 0) {
        let code = PLAIN;
        do {
          code = (code + 1) & 255;
          mask = String.fromCharCode(code);
        } while (content.indexOf(mask) >= 0);
        content = content.split("\x16").join(mask);
      }
      return "\x16" + mask + content;
    },
  };
};
