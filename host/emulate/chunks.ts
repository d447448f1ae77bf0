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

/** @returns what hands bytes on in chunks of 1 to as many bytes as an event of the board has */
export const createCuts = ({ boards }: Network, seed: number, receive: Receive): Receive => {
  const prngs = boards.map(({ number }) => createPrng(derive(seed, CUTS + number)));
  return (board, bytes) => {
    const prng = prngs[board]!;
    const most = boards[board]!.kind.input.event_bytes;
    for (let from = 0; from < bytes.length; ) {
      const end = Math.min(bytes.length, from + 1 + prng.below(most));
      receive(board, end - from < bytes.length ? bytes.subarray(from, end) : bytes);
      from = end;
    }
  };
};

/** @returns the same, where what comes to a board in a row comes as one: it is cut anywhere */
export const inARow = (batch: readonly Delivery[]): readonly Delivery[] => {
  let row = false;
  for (let at = 1; at < batch.length; at++) row ||= batch[at]!.board === batch[at - 1]!.board;
  if (!row) return batch;
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
