import type { Layout } from "../base/layout.js";
import { before, checksum, move, replace, search } from "../platform/host.js";
import { PLAIN, START } from "./words.js";

/**
 * How bytes are searched and replaced in frames, in an arena. In the bundle of a board whose words
 * have one byte `text.ts` stands in its place, which does the same to strings.
 */

/** Bytes as they come from the line. */
export type Chunk = Uint8Array;

/** What has come from the line and is not taken yet: `arena[layout.receive..fill)`. */
export interface Input {
  fill: number;
  /** Takes as much of a chunk as there is room for. @returns what is left of it, if anything */
  readonly add: (chunk: Chunk) => Chunk | undefined;
  /**
   * Where the first start word at or behind `from` is, or a number below `layout.receive`. At
   * `from` it may be one of which not all has come.
   */
  readonly find: (from: number) => number;
  /**
   * Puts a start word in the place of each mask word in a frame's content.
   *
   * @param mask where the mask word is; the content is `arena[body..end)`
   * @returns the checksum of the content
   */
  readonly unmask: (mask: number, body: number, end: number) => number;
  /** What is before `rest` is taken. */
  readonly drop: (rest: number) => void;
}

declare const E: { toUint8Array(text: string): Uint8Array };

/** @returns what a UART of Espruino hands its chunks to */
export const listener = (take: (chunk: Chunk) => void) => (chunk: string): void => {
  take(E.toUint8Array(chunk));
};

/** @returns what a UART of Espruino is handed of the frame that was made, which ends at `end` */
export const made = (arena: Uint8Array, from: number, end: number): Uint8Array | string =>
  arena.subarray(from, end);

/** The start word, as a number. */
const startOf = (layout: Layout) => (layout.word > 1 ? START * 257 : START);
/** The same of the mask that stands for nothing. */
const plainOf = (layout: Layout) => (layout.word > 1 ? PLAIN * 256 : PLAIN);

/** @param arena has room for the longest frame from `layout.receive` to `layout.end` */
export const createInput = (layout: Layout, arena: Uint8Array): Input => {
  const input: Input = {
    fill: layout.receive,
    add(chunk) {
      // Espruino's `subarray` does not stop where the chunk ends: zeros would follow.
      const count = Math.min(chunk.length, layout.end - input.fill);
      arena.set(chunk.subarray(0, count), input.fill);
      input.fill += count;
      return count < chunk.length ? chunk.subarray(count) : undefined;
    },
    find: (from) =>
      (arena[from] === START && (layout.word < 2 || arena[from + 1] === START)
        ? from : search(arena, startOf(layout), layout.word, from, input.fill)),
    unmask(mask, body, end) {
      const word = layout.word > 1 ? arena[mask]! | (arena[mask + 1]! << 8) : arena[mask]!;
      if (word !== plainOf(layout)) {
        replace(arena, word, startOf(layout), layout.word, body, end);
      }
      return checksum(arena, body, end);
    },
    drop(rest) {
      if (rest < input.fill) move(arena, layout.receive, rest, input.fill);
      input.fill += layout.receive - rest;
    },
  };
  return input;
};

/**
 * Puts the first word behind the plain one that does not occur in `arena[from..end)` in the place
 * of each start word, if there is any. It has no byte of a start, and of two they differ, lest two
 * of them overlap.
 *
 * @returns that word, or the plain one
 */
export const cover = (layout: Layout, arena: Uint8Array, from: number, end: number): number => {
  let mask = plainOf(layout);
  if (search(arena, startOf(layout), layout.word, from, end) < 0) return mask;
  // Of those that are tried first only the low byte differs, so one look tells of all of them.
  const taken = layout.word > 1 ? before(arena, PLAIN, from, end) : "";
  do mask = (mask + 1) & (layout.word > 1 ? 65535 : 255);
  while (
    (layout.word > 1 && ((mask & 255) === START || (mask & 255) === mask >> 8)) ||
    (layout.word > 1 && mask >> 8 === PLAIN ? taken.indexOf(String.fromCharCode(mask & 255))
      : search(arena, mask, layout.word, from, end)) >= 0
  );
  replace(arena, startOf(layout), mask, layout.word, from, end);
  return mask;
};
