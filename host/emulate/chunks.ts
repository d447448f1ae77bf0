import { createPrng, derive } from "../base/random.js";
import type { Network } from "../network/network.js";
import type { Share } from "../topology/inputs.js";
import type { Receive } from "../topology/transport.js";
import { bytesOf } from "../topology/queue.js";
import type { Delivery } from "../topology/star/bus.js";

/** How bytes come to the programs of emulated boards, and how long those compute: by the seed. */

/** Uses of a run's seed, of which each board has one more. */
const CUTS = 64;
const SHARES = 128;

/** A part of so many bytes has a view that is made once: most are as short. */
const SHORT = 128;

/** @returns a function that gives a part of bytes, valid until the next bytes of the same board */
const createParts = () => {
  const copy = new Uint8Array(SHORT);
  const views = Array<Uint8Array | undefined>(SHORT + 1).fill(undefined);
  return (bytes: Uint8Array, from: number, end: number): Uint8Array => {
    const length = end - from;
    if (length > SHORT) return bytes.subarray(from, end);
    for (let at = 0; at < length; at++) copy[at] = bytes[from + at]!;
    return views[length] ??= copy.subarray(0, length);
  };
};

/** @returns what hands bytes on in chunks of 1 to as many bytes as an event of the board has */
export const createCuts = ({ boards }: Network, seed: number, receive: Receive): Receive => {
  const cuts = boards.map(({ number, kind }) => ({
    prng: createPrng(derive(seed, CUTS + number)), most: kind.input.event_bytes,
    part: createParts(),
  }));
  return (board, bytes) => {
    const { prng, most, part } = cuts[board]!;
    const { length } = bytes;
    for (let from = 0; from < length; ) {
      const end = from + 1 + prng.below(most);
      if (end >= length) receive(board, from ? part(bytes, from, length) : bytes);
      else receive(board, part(bytes, from, end));
      from = end;
    }
  };
};

/**
 * @returns gives a part of bytes, without a copy: a board sends from one place, and there are few
 *   lengths of what it sends
 */
export const createViews = () => {
  const known: { bytes: Uint8Array; from: number; views: (Uint8Array | undefined)[] }[] = [];
  return (board: number, bytes: Uint8Array, from: number, end: number): Uint8Array => {
    let of = known[board];
    if (of?.bytes !== bytes || of.from !== from) known[board] = of = { bytes, from, views: [] };
    return of.views[end - from] ??= bytes.subarray(from, end);
  };
};

const isInARow = (batch: readonly Delivery[]): boolean => {
  let last = -1;
  for (const { board } of batch) {
    if (board === last) return true;
    last = board;
  }
  return false;
};

/** @returns the same, where what comes to a board in a row comes as one: it is cut anywhere */
export const inARow = (batch: readonly Delivery[]): readonly Delivery[] => {
  if (!isInARow(batch)) return batch;
  const joined: Delivery[] = [];
  for (const delivery of batch) {
    const last = joined[joined.length - 1];
    if (last?.board === delivery.board) {
      const bytes = new Uint8Array(Buffer.concat([bytesOf(last), bytesOf(delivery)]));
      joined[joined.length - 1] = { ...delivery, bytes, length: bytes.length, views: [] };
    } else joined.push(delivery);
  }
  return joined;
};

/** @returns how much of what is planned each computation takes: between the two, by the seed */
export const shareOf = (
  { boards }: Network, seed: number, [least, most]: readonly [number, number],
): Share => {
  const prngs = boards.map(({ number }) => createPrng(derive(seed, SHARES + number)));
  return (board) => least + (most - least) * (prngs[board]!.next() / 2 ** 32);
};
