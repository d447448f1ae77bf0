import { checksum, checksumStep, move } from "../platform/host.js";
import { createWire as createBoardWire } from "./frame.js";
import type { Wire } from "./frame.js";
import { PLAIN, START } from "./words.js";

/**
 * Frames as a computer reads and makes them: a chunk that is one whole frame, as most are, or the
 * rest of one, in one pass, and all else as boards do. In a bundle `frame.ts` stands in its place.
 * Tests hold the one to the other (test/frame/frame-host.test.ts).
 */

/** The mask of one byte that is tried first. */
const FIRST = PLAIN + 1;

/**
 * Whether a chunk with which a frame was heard is that frame, and nothing but it, as `encode` makes
 * it. A frame has a start at its beginning and nowhere else, so what begins with one and is as long
 * is it. And its mask is the plain one, or stands for something and is the first that its content
 * leaves free.
 *
 * @param length of the frame
 */
export const isMade = (chunk: Uint8Array, length: number): boolean => {
  if (chunk.length !== length || chunk[0] !== START) return false;
  const tried = chunk[1]! - FIRST;
  if (chunk[1] === PLAIN || tried < 0 || tried > 30) return chunk[1] === PLAIN;
  let used = 0;
  let stands = false;
  for (let at = 2; at < length; at++) {
    const beyond = chunk[at]! - FIRST;
    if (beyond === tried) stands = true;
    else if (beyond >= 0 && beyond < tried) used |= 1 << beyond;
  }
  return stands && used === (1 << tried) - 1;
};

/** See `createWire` of `frame.ts`. */
export const createWire: typeof createBoardWire = (
  layout, arena, view, counts, lengthOf, hear,
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
  // The lowest bytes of the cycles that the frame names which is heard, and that is open.
  let named = 0;
  let now = 255;
  // Of masks whose second byte is PLAIN, by the first: which occur. Starts and that are none.
  const taken = new Uint8Array(word > 1 ? 256 : 0);

  const heard: typeof hear = (sender, round, cycle, at, header) => {
    const length = lengthOf(sender, round, header);
    if (length === since || (word < 2 && length === open.length && open[0] === START)) since = 0;
    named = cycle;
    hear(sender, round, cycle, at, header);
  };
  const board = createBoardWire(layout, arena, view, counts, lengthOf, heard);

  // How long the frame of each header is; -1: it was never asked for.
  const lengths = new Int32Array(256).fill(-1);

  // How long the frame is of which these are the first bytes; 0: none that is expected.
  const frameOf = (bytes: Uint8Array): number => {
    const masked = bytes[2 * word] === bytes[word] &&
      (word < 2 || bytes[2 * word + 1] === bytes[word + 1]);
    const header = masked ? START : bytes[2 * word]!;
    const known = lengths[header]!;
    if (known >= 0) return known;
    const length = lengthOf(header & 31, header >> 5, header) || 0;
    // On a shared wire it depends on who is polled, too.
    if (!layout.poll) lengths[header] = length;
    return length;
  };

  // Whether bytes are a frame that counts, which then lies in the arena as it would for a board.
  const take = (bytes: Uint8Array, length: number): boolean => {
    const mask = bytes[1]!;
    if (length < before + after || bytes[0] !== START || mask === START) return false;
    if (frameOf(bytes) !== length) return false;
    const sum = length - after;
    const stands = mask === PLAIN ? -1 : mask;
    let rest = -1;
    for (let at = 2; at < length; at++) {
      let byte = bytes[at]!;
      if (byte === START) return false;
      if (byte === stands) byte = START;
      arena[receive + at] = byte;
      if (at < sum) rest = checksumStep(rest, byte);
    }
    const at = receive + sum;
    const told = arena[at]! | (arena[at + 1]! << 8) | (arena[at + 2]! << 16);
    return ((~rest ^ told) & 0xffffff) === 0;
  };

  // The same for words of two bytes, of which `beginsWide` has said that none is a start.
  const takeWide = (bytes: Uint8Array, length: number): boolean => {
    const [low, high] = [bytes[2]! || bytes[3] !== PLAIN ? bytes[2]! : -1, bytes[3]!];
    for (let at = 4; at < length; at++) {
      const byte = bytes[at]!;
      if (byte === low && at + 1 < length && bytes[at + 1] === high) {
        arena[receive + at++] = START;
        arena[receive + at] = START;
      } else arena[receive + at] = byte;
    }
    const sum = receive + length - after;
    const told = arena[sum]! | (arena[sum + 1]! << 8);
    return ((checksum(arena, receive + 4, sum) ^ told) & 0xffff) === 0;
  };

  // Whether bytes, of which those before `from` do, begin a frame of words of two bytes, of which
  // more may be to come.
  const beginsWide = (bytes: Uint8Array, from: number, length: number): boolean => {
    if (bytes[0] !== START || (length > 1 && bytes[1] !== START)) return false;
    if (length > 2 && bytes[2] === START) return false;
    for (let at = from > 3 ? from : 3; at < length; at++) {
      if (bytes[at] === START && bytes[at - 1] === START) return false;
    }
    return length < 6 || length <= frameOf(bytes);
  };

  const tell = () => {
    const header = arena[receive + 2 * word]!;
    named = arena[receive + 2 * word + 1]!;
    hear(header & 31, header >> 5, named, receive + before, header);
  };

  const pass = (chunk: Uint8Array) => {
    since += chunk.length;
    open = chunk;
    board.decode(chunk);
  };

  // Adds a chunk to what is kept, which begins with a start. @returns whether it needs no board
  const add = (chunk: Uint8Array): boolean => {
    const length = fill + chunk.length;
    if (length > kept.length || (!fill && chunk[0] !== START)) return false;
    if (!fill) kept[0] = START;
    for (let at = fill ? 0 : 1; at < chunk.length; at++) {
      if (chunk[at] === START) return false;
      kept[fill + at] = chunk[at]!;
    }
    if (length < 3 || length < frameOf(kept)) {
      fill = length;
      return true;
    }
    if (!take(kept, length)) return false;
    fill = 0;
    tell();
    return true;
  };

  // The same for words of two bytes, where nothing may be kept.
  const addWide = (chunk: Uint8Array): boolean => {
    const length = fill + chunk.length;
    if (length > kept.length) return false;
    kept.set(chunk, fill);
    if (!beginsWide(kept, fill, length)) return false;
    if (length < 6 || length < frameOf(kept)) {
      fill = length;
      return true;
    }
    if (!takeWide(kept, length)) return false;
    fill = 0;
    tell();
    return true;
  };

  // The mask for a frame's content; 0: it is for the board to find.
  const maskOf = (from: number, end: number): number => {
    let used = 0;
    let starts = false;
    for (let at = from; at < end; at++) {
      const beyond = arena[at]! - FIRST;
      if (beyond >= 0 && beyond < 32) used |= 1 << beyond;
      if (arena[at] === START) starts = true;
    }
    if (!starts) return PLAIN;
    return used === -1 ? 0 : FIRST + 31 - Math.clz32(~used & (used + 1));
  };

  // Puts a mask in the place of start words, both of two bytes. @returns it; 0: it is for the board
  const coverWide = (from: number, end: number): number => {
    taken.fill(0);
    taken[0] = taken[START] = taken[PLAIN] = 1;
    let starts = false;
    for (let at = from + 1; at < end; at++) {
      if (arena[at] === PLAIN) taken[arena[at - 1]!] = 1;
      else if (arena[at] === START && arena[at - 1] === START) starts = true;
    }
    if (!starts) return PLAIN << 8;
    const mask = taken.indexOf(0);
    if (mask < 0) return 0;
    for (let at = from + 1; at < end; at++) {
      if (arena[at] !== START || arena[at - 1] !== START) continue;
      arena[at - 1] = mask;
      arena[at] = PLAIN;
    }
    return mask | (PLAIN << 8);
  };

  const encodeWide: Wire["encode"] = (header, cycle, from, bytes) => {
    const body = transmit + 4;
    const check = body + 2 + bytes;
    const last = check + after;
    move(arena, body + 2, from, from + bytes);
    arena[body] = header;
    arena[body + 1] = cycle;
    const sum = checksum(arena, body, check);
    arena[check] = sum;
    arena[check + 1] = sum >> 8;
    const mask = coverWide(body, last);
    if (!mask) return board.encode(header, cycle, body + 2, bytes);
    arena[transmit] = arena[transmit + 1] = START;
    arena[transmit + 2] = mask;
    arena[transmit + 3] = mask >> 8;
    return last;
  };

  const decodeWide = (chunk: Uint8Array) => {
    if (!since) {
      if (addWide(chunk)) return;
      if (fill) pass(kept.slice(0, fill));
      fill = 0;
    }
    pass(chunk);
  };

  return {
    put: board.put,
    show: board.show,
    low: () => named,
    open(cycle) {
      now = cycle & 255;
    },
    isNow: () => named === now,
    encode(header, cycle, from, bytes) {
      if (word > 1) return encodeWide(header, cycle, from, bytes);
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
      for (let at = body; at < last; at++) if (arena[at] === START) arena[at] = mask;
      arena[transmit] = START;
      arena[transmit + 1] = mask;
      return last;
    },
    decode(chunk) {
      if (word > 1) decodeWide(chunk);
      else if (since) pass(chunk);
      else if (!fill && take(chunk, chunk.length)) tell();
      else if (!add(chunk)) {
        if (fill) pass(kept.slice(0, fill));
        fill = 0;
        pass(chunk);
      }
    },
  };
};
