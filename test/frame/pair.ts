/** Two receivers that are to hear the same of any bytes, and what is hard to hear. */
import assert from "node:assert/strict";
import type { Shape } from "../../firmware/index.js";
import { replay } from "../core/random.js";
import { createReceiver } from "../node/hal.js";
import type { Receiver } from "../node/hal.js";
import { NAIVE_START, naiveCrc, naiveExpected } from "./naive-codec.js";

export type Pair = readonly [Receiver, Receiver];

/** @returns one that hears as the firmware's frames do, and one by another wire */
export const pairOf = (
  shape: Shape, createWire: Parameters<typeof createReceiver>[4],
): Pair => {
  const expected = naiveExpected(shape, 0, false);
  return [
    createReceiver(shape, expected, 0, false),
    createReceiver(shape, expected, 0, false, createWire),
  ];
};

/** Both hear a chunk, and have heard and counted the same by then. */
export const hearAlike = (pair: Pair, chunk: readonly number[]): void => {
  for (const { wire } of pair) wire.decode(Uint8Array.from(chunk));
  const [one, other] = pair;
  assert.deepEqual(other.heard, one.heard, replay);
  assert.deepEqual(other.counts, one.counts, replay);
};

/** Each byte of a frame may be any other, or missing, and a good one follows. @returns chunks */
export const damagedOf = (
  bytes: readonly number[], good: readonly number[],
): (readonly number[])[][] => bytes.flatMap((_, at) => [
  ...Array.from({ length: 256 }, (__, value) => [bytes.with(at, value), good]),
  [bytes.toSpliced(at, 1), good, bytes.slice(0, at), good],
]);

/** Frames whose header is a start, by whatever byte it is masked. */
export const startsAsHeaders = (shape: Shape): number[][] => {
  const expected = naiveExpected(shape, 0, false);
  return Array.from({ length: 256 }, (_, mask) => mask).flatMap((mask) => {
    if (mask === NAIVE_START) return [];
    const payload = Array.from({ length: Math.max(0, expected(mask)) }, () => 255);
    const body = [NAIVE_START, 1, ...payload];
    const sum = naiveCrc(body);
    const checked = [...body, sum & 255, (sum >> 8) & 255, (sum >> 16) & 255];
    return checked.includes(mask) ? []
      : [[NAIVE_START, mask, ...checked.map((byte) => (byte === NAIVE_START ? mask : byte))]];
  });
};
