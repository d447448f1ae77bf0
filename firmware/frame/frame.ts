import { FOREIGN, GARBLED, MISSIZED } from "../base/counters.js";
import type { Layout } from "../base/layout.js";
import { checksum, move } from "../platform/host.js";
import { createInput, cover } from "./bytes.js";
import type { Chunk } from "./bytes.js";
import { NO_FRAME, START } from "./words.js";

/**
 * One frame <-> bytes, as SPEC.md, "Framing", lays down: start word, mask word, header, cycle,
 * payload, checksum. The start word cannot occur inside a frame, where the mask
 * word stands in for it; so whatever came before, the next good frame is heard. A word is one byte
 * where the longest frame is short enough to leave one of the other 255 unused, else two, and the
 * checksum has the rest of four bytes.
 */

/**
 * What the checksum of a frame's content and of its own first three bytes is, but for the lowest
 * eight bits: the register has become nothing but these (docs/frames.md, FRAME.4). With two bytes,
 * the upper 16 bits are as here.
 */
const RESIDUE = 0xff41d9;

export interface Wire {
  /** Takes the next chunk from the line, of any length. Never throws. */
  readonly decode: (chunk: Chunk) => void;
  /**
   * Makes a frame of this header and cycle, and a payload of `bytes` at `arena[from..]`, at
   * `layout.transmit`.
   *
   * @returns where it ends
   */
  readonly encode: (header: number, cycle: number, from: number, bytes: number) => number;
  /**
   * Puts down the frame that was heard, until that call returns.
   *
   * @param to where its payload is to begin, but for `layout.margin`
   * @param from where that begins, as the call says
   */
  readonly put: (to: number, from: number, bytes: number) => void;
  /** Puts that frame to where the call says that it is, until then. */
  readonly show: () => void;
  /** The lowest byte of the cycle that it names. */
  readonly low: () => number;
  /** From now on `isNow` says whether that is this one. */
  readonly open: (cycle: number) => void;
  readonly isNow: () => boolean;
}

/**
 * @param arena at `layout.receive` and `layout.transmit` it has room for the longest frames
 * @param view the same bytes
 * @param counts [FOREIGN], [MISSIZED] and [GARBLED] are counted up
 * @param lengthOf bytes of a whole frame with such a header; 0 or nothing where none is expected
 * @param hear called for each good frame; its payload is at `arena[at..]` until the call returns;
 *   of strings, once it is put or shown
 */
export const createWire = (
  layout: Layout,
  arena: Uint8Array,
  view: DataView,
  counts: Uint32Array,
  lengthOf: (sender: number, round: number, header: number) => number,
  hear: (sender: number, round: number, cycle: number, at: number, header: number) => void,
): Wire => {
  const { word: size, receive, transmit } = layout;
  const input = createInput(layout, arena);
  // The lowest bytes of the cycles that the frame names which is heard, and that is open.
  let named = 0;
  let now = 255;
  // Before here there is none but the start of the frame that is waited for.
  let looked = 0;

  const wire: Wire = {
    decode(chunk) {
      const left = input.add(chunk);
      let rest = receive;
      let start;
      // Frames are taken until one is not whole.
      do {
        start = input.find(rest);
        rest = start;
        const mask = start + size;
        const body = mask + size;
        if (start < receive) {
          // Of what is no frame, only the last byte may be the first of a start word.
          const half = size > 1 && input.fill > receive && arena[input.fill - 1] === START;
          rest = input.fill - (half ? 1 : 0);
        } else if (body + size > input.fill) {
          // Its header is still to come.
        } else if (arena[mask] === START) {
          // No mask begins so: the start word began later.
          rest = size > 1 ? start + 1 : mask;
        } else {
          // A mask word here stands for a start word, which begins with no header that there is.
          const header = arena[body] !== arena[mask] ||
            (size > 1 && arena[body + 1] !== arena[mask + 1]) ? arena[body]! : START;
          const length = lengthOf(header & 31, header >> 5, header) || NO_FRAME;
          const end = start + length;
          const next = input.find(looked > mask ? looked : mask);
          looked = 0;
          if (length === NO_FRAME) {
            counts[FOREIGN]!++;
            rest = mask;
          } else if (next >= receive && next + size <= (end < input.fill ? end : input.fill)) {
            counts[MISSIZED]!++;
            rest = next;
          } else if (end <= input.fill) {
            rest = end;
            if (input.unmask(mask, body, end) >>> (8 * size) ===
              (size > 1 ? RESIDUE & 65535 : RESIDUE)) {
              named = arena[body + 1]!;
              hear(header & 31, header >> 5, named, body + 2, header);
            } else {
              counts[GARBLED]!++;
              // The last byte may be the first of a start word.
              if (size > 1) rest--;
            }
          } else {
            looked = input.fill + 1 - size + (receive - rest);
          }
        }
      } while (rest < input.fill && rest > start && start >= receive);
      input.drop(rest);
      if (left) wire.decode(left);
    },
    encode(header, cycle, from, bytes) {
      const body = transmit + 2 * size;
      const check = body + 2 + bytes;
      const last = check + (4 - size);
      move(arena, body + 2, from, from + bytes);
      arena[body] = header;
      arena[body + 1] = cycle;
      view.setUint32(check, checksum(arena, body, check), true);
      const mask = cover(layout, arena, body, last);
      arena[transmit] = START;
      arena[transmit + 1] = size > 1 ? START : mask;
      if (size > 1) view.setUint16(transmit + 2, mask, true);
      return last;
    },
    put(to, from, bytes) {
      move(arena, to + layout.margin, from, from + bytes);
    },
    show: () => undefined,
    low: () => named,
    open(cycle) {
      now = cycle & 255;
    },
    isNow: () => named === now,
  };
  return wire;
};
