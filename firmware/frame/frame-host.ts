import { checksumStep, move } from "../platform/host.js";
import { createWire as createBoardWire } from "./frame.js";
import type { Wire } from "./frame.js";

/**
 * Frames as a computer reads and makes them: a chunk that is one whole frame, as most are, or the
 * rest of one, in one pass, and all else as boards do. In a bundle `frame.ts` stands in its place.
 * Tests hold the one to the other (test/frame/frame-host.test.ts).
 */

/** See `createWire` of `frame.ts`. */
export const createWire: typeof createBoardWire = (
  layout, arena, view, counts, payloadOf, hear,
): Wire => {
  const { word, receive, transmit } = layout;
  // Start and mask, then header and cycle, stand before a payload, and a checksum behind it.
  const before = 2 * word + 2;
  const after = 4 - word;
  // How many bytes may be waiting in the arena: all that came since none was. None is once a frame
  // ends with a chunk: it is then all of the chunk, or all that came.
  let since = 0;
  let open: Uint8Array;
  // What has come of a frame that is not whole, and of which a board would make nothing yet.
  const kept = new Uint8Array(layout.end - receive);
  let fill = 0;

  const heard: typeof hear = (sender, round, cycle, at) => {
    const length = before + payloadOf(sender, round, (round << 5) | sender) + after;
    if (length === since || (length === open.length && !open[0])) since = 0;
    hear(sender, round, cycle, at);
  };
  const board = createBoardWire(layout, arena, view, counts, payloadOf, heard);

  // How long the frame is of which these are the first bytes; 0: none that is expected.
  const frameOf = (bytes: Uint8Array): number => {
    const header = bytes[2] === bytes[1] ? 0 : bytes[2]!;
    const payload = payloadOf(header & 31, header >> 5, header);
    return payload < 0 ? 0 : before + payload + after;
  };

  // Whether bytes are a frame that counts, which then lies in the arena as it would for a board.
  const take = (bytes: Uint8Array, length: number): boolean => {
    const mask = bytes[1]!;
    if (length < before + after || bytes[0] || !mask || frameOf(bytes) !== length) return false;
    const sum = length - after;
    let rest = -1;
    for (let at = 2; at < length; at++) {
      let byte = bytes[at]!;
      if (!byte) return false;
      if (byte === mask) byte = 0;
      arena[receive + at] = byte;
      if (at < sum) rest = checksumStep(rest, byte);
    }
    const at = receive + sum;
    const told = arena[at]! | (arena[at + 1]! << 8) | (arena[at + 2]! << 16);
    return ((~rest ^ told) & 0xffffff) === 0;
  };

  // Whether bytes begin a frame of which more is to come.
  const begins = (bytes: Uint8Array, length: number): boolean => {
    if (!length || bytes[0] || (length > 2 && length >= frameOf(bytes))) return false;
    for (let at = 1; at < length; at++) if (!bytes[at]) return false;
    return true;
  };

  const tell = () => {
    const header = arena[receive + 2]!;
    hear(header & 31, header >> 5, arena[receive + 3]!, receive + before);
  };

  const pass = (chunk: Uint8Array) => {
    since += chunk.length;
    open = chunk;
    board.decode(chunk);
  };

  // Adds a chunk to what is kept. @returns whether it needs no board
  const add = (chunk: Uint8Array): boolean => {
    const length = fill + chunk.length;
    if (length > kept.length) return false;
    for (let at = 0; at < chunk.length; at++) kept[fill + at] = chunk[at]!;
    if (take(kept, length)) {
      fill = 0;
      tell();
      return true;
    }
    if (!begins(kept, length)) return false;
    fill = length;
    return true;
  };

  // The first mask that does not occur in a frame's content; 0: it is for the board to find.
  const maskOf = (from: number, end: number): number => {
    let used = 1;
    for (let at = from; at < end; at++) if (arena[at]! < 32) used |= 1 << arena[at]!;
    return used === -1 ? 0 : 31 - Math.clz32(~used & (used + 1));
  };

  return {
    encode(header, cycle, from, bytes) {
      if (word > 1) return board.encode(header, cycle, from, bytes);
      const body = transmit + 2;
      const check = body + 2 + bytes;
      const last = check + after;
      move(arena, body + 2, from, from + bytes);
      arena[body] = header;
      arena[body + 1] = cycle;
      let rest = -1;
      for (let at = body; at < check; at++) rest = checksumStep(rest, arena[at]!);
      arena[check] = ~rest;
      arena[check + 1] = ~rest >> 8;
      arena[check + 2] = ~rest >> 16;
      const mask = maskOf(body, last);
      if (!mask) return board.encode(header, cycle, body + 2, bytes);
      for (let at = body; at < last; at++) if (!arena[at]) arena[at] = mask;
      arena[transmit] = 0;
      arena[transmit + 1] = mask;
      return last;
    },
    decode(chunk) {
      if (word > 1 || since) pass(chunk);
      else if (fill) {
        if (add(chunk)) return;
        pass(kept.slice(0, fill));
        fill = 0;
        pass(chunk);
      } else if (take(chunk, chunk.length)) tell();
      else if (chunk.length > kept.length || !begins(chunk, chunk.length)) pass(chunk);
      else {
        kept.set(chunk);
        fill = chunk.length;
      }
    },
  };
};
