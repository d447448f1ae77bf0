/** Random frames for the wire tests. */
import type { Shape } from "../../firmware/index.js";
import {
  NAIVE_START, naiveEncode, naiveExpected, naiveHeader, naiveSpeaks, naiveWord,
} from "./naive-codec.js";

export type Random = () => number;

/** Random, full of starts, of few values or of one, or counting through all of them. */
export const randomPayload = (random: Random, bytes: number): number[] => {
  const style = random() % 6;
  const first = random() & 255;
  const chance = random() % 100;
  return Array.from({ length: bytes }, (_, at) => {
    if (style === 0) return random() & 255;
    if (style === 1) return random() % 100 < chance ? NAIVE_START : random() & 255;
    if (style === 2) return NAIVE_START + random() % 3;
    if (style === 3) return NAIVE_START;
    if (style === 4) return (first + at) & 255;
    return random() % 5 ? (at & 1) * (first & 7) : random() & 3;
  });
};

export interface RandomFrame {
  readonly header: number;
  readonly cycle: number;
  readonly payload: number[];
  readonly bytes: number[];
}

/** A frame that board `self`, without a reading by wire, expects; or of `sender` and `round`. */
export const randomFrame = (
  random: Random, shape: Shape, self: number, sender?: number, round?: number,
): RandomFrame => {
  for (;;) {
    const from = sender ?? (random() % 3 ? random() % shape.boards : 31);
    const opens = round ?? random() % (shape.traitors + 2);
    const header = naiveHeader(opens, from);
    const length = naiveExpected(shape, self, false)(header);
    if (length >= 0 && (from === 31 || naiveSpeaks(shape, from, opens))) {
      const cycle = random() & 255;
      const payload = randomPayload(random, length);
      const bytes = naiveEncode(naiveWord(shape), header, cycle, payload);
      return { header, cycle, payload, bytes };
    }
  }
};

/** Lengths of chunks that cut `total` bytes at random places, empty chunks among them. */
export const randomCuts = (random: Random, total: number): number[] => {
  const lengths: number[] = [];
  for (let left = total; left > 0; ) {
    const length = Math.min(left, random() % (1 + (random() % 60)));
    lengths.push(length);
    left -= length;
  }
  return lengths;
};

/** One piece of a line's traffic: a frame, part of one, one with a damaged byte, or noise. */
export const randomPiece = (random: Random, shape: Shape): number[] => {
  const kind = random() % 8;
  if (kind === 0) return randomPayload(random, random() % 30);
  const { bytes } = randomFrame(random, shape, 0);
  const at = random() % bytes.length;
  if (kind === 1) return bytes.slice(0, at);
  if (kind === 2) return bytes.slice(at);
  if (kind === 3) return [...bytes.slice(0, at), ...bytes.slice(at + 1)];
  if (kind === 4) bytes[at]! ^= 1 << random() % 8;
  if (kind === 5) bytes[at] = random() & 255;
  return bytes;
};
