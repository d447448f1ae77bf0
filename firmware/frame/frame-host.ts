import { checksumStep } from "../platform/host.js";
import { createWire as createBoardWire } from "./frame.js";
import type { Wire } from "./frame.js";

/**
 * Frames as a computer reads them: a chunk that is one whole frame, as most are, in one pass, and
 * all else as boards do. In a bundle `frame.ts` stands in its place. Tests hold the one to the
 * other (test/frame/frame-host.test.ts).
 */

/** See `createWire` of `frame.ts`. */
export const createWire: typeof createBoardWire = (
  layout, arena, view, counts, payloadOf, hear,
): Wire => {
  const { word, receive } = layout;
  // Start and mask, then header and cycle, stand before a payload, and a checksum behind it.
  const before = 2 * word + 2;
  const after = 4 - word;
  // How many bytes may be waiting in the arena: all that came since none was. None is once a frame
  // ends with a chunk: it is then all of the chunk, or all that came.
  let since = 0;
  let open: Uint8Array;

  const heard: typeof hear = (sender, round, cycle, at) => {
    const length = before + payloadOf(sender, round, (round << 5) | sender) + after;
    if (length === since || (length === open.length && !open[0])) since = 0;
    hear(sender, round, cycle, at);
  };
  const board = createBoardWire(layout, arena, view, counts, payloadOf, heard);

  // Whether a chunk is a frame that counts, which then lies in the arena as it would for a board.
  const take = (chunk: Uint8Array): boolean => {
    const { length } = chunk;
    const mask = chunk[1]!;
    if (length < before + after || chunk[0] || !mask) return false;
    const header = chunk[2] === mask ? 0 : chunk[2]!;
    if (payloadOf(header & 31, header >> 5, header) !== length - before - after) return false;
    const sum = length - after;
    let rest = -1;
    for (let at = 2; at < length; at++) {
      let byte = chunk[at]!;
      if (!byte) return false;
      if (byte === mask) byte = 0;
      arena[receive + at] = byte;
      if (at < sum) rest = checksumStep(rest, byte);
    }
    const at = receive + sum;
    const told = arena[at]! | (arena[at + 1]! << 8) | (arena[at + 2]! << 16);
    return ((~rest ^ told) & 0xffffff) === 0;
  };

  return {
    encode: board.encode,
    decode(chunk) {
      if (word < 2 && !since && take(chunk)) {
        const header = arena[receive + 2]!;
        hear(header & 31, header >> 5, arena[receive + 3]!, receive + before);
        return;
      }
      since += chunk.length;
      open = chunk;
      board.decode(chunk);
    },
  };
};
