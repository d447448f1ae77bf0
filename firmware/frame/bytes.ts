import type { Layout } from "../base/layout.js";
import { checksum, move, search } from "../platform/host.js";
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
  /** Where the first start word at or behind `from` is, or a number below `layout.receive`. */
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

/** Where a word first occurs in `arena[from..end)`, or -1: a number, its first byte the low one. */
const findWord = (
  layout: Layout, arena: Uint8Array, word: number, from: number, end: number,
): number => {
  const low = layout.word > 1 ? word & 255 : word;
  let at = search(arena, low, from, end);
  while (layout.word > 1 && at >= 0 && arena[at + 1] !== word >> 8) at = arena.indexOf(low, at + 1);
  return (layout.word > 1 ? at + 1 : at) < end ? at : -1;
};

/** The start word, as a number. */
const startOf = (layout: Layout) => (layout.word > 1 ? START * 257 : START);
/** The same of the mask that stands for nothing. */
const plainOf = (layout: Layout) => (layout.word > 1 ? PLAIN * 256 : PLAIN);

const replace = (
  layout: Layout, arena: Uint8Array, old: number, fresh: number, from: number, end: number,
): void => {
  for (let at = from; (at = findWord(layout, arena, old, at, end)) >= 0; ) {
    arena[at] = fresh;
    if (layout.word > 1) arena[at + 1] = fresh >> 8;
  }
};

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
    find: (from) => findWord(layout, arena, startOf(layout), from, input.fill),
    unmask(mask, body, end) {
      const word = layout.word > 1 ? arena[mask]! | (arena[mask + 1]! << 8) : arena[mask]!;
      if (word !== plainOf(layout)) replace(layout, arena, word, startOf(layout), body, end);
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
  if (findWord(layout, arena, startOf(layout), from, end) < 0) return mask;
  do mask = (mask + 1) & (layout.word > 1 ? 65535 : 255);
  while (
    (layout.word > 1 && ((mask & 255) === START || (mask & 255) === mask >> 8)) ||
    findWord(layout, arena, mask, from, end) >= 0
  );
  replace(layout, arena, startOf(layout), mask, from, end);
  return mask;
};
