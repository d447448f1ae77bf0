import { HUB } from "../../firmware/index.js";
import type { Value } from "../base/values.js";
import type { Engine, SimBoard } from "../boards/board.js";
import { createBoards, settle } from "../boards/engines.js";
import type { Network } from "../network/network.js";
import { createReader } from "../topology/frames.js";
import type { Frame } from "../topology/frames.js";
import { bytesOf } from "../topology/queue.js";
import type { Delivery } from "../topology/star/bus.js";
import type { Traitor } from "./asked.js";
import type { Second } from "./fault.js";
import { createHalves } from "./liars.js";
import { traitorKind } from "./registry.js";

/**
 * Two boards under one number, both on the wire. All others are cut into halves: each copy hears
 * one half, beacons apart, which both hear, and is heard by that half only. Both say honestly what
 * they hold. The second one stands elsewhere: its sensor shows what that of the next board does.
 */

/** What a second copy has said, as the one who hands it to its half needs it. */
export interface Seconds {
  /** A second copy of `board` sends bytes. */
  readonly hear: (board: number, bytes: Uint8Array, from: number, end: number) => void;
  /** @returns the payload that it sent last, if that was in this round of this cycle */
  readonly said: Second;
}

export const createSeconds = (network: Network): Seconds => {
  const last = new Map<number, Frame>();
  const read = createReader(network);
  return {
    hear(board, bytes, from, end) {
      const frame = read(bytes.subarray(from, end));
      if (frame) last.set(board, { ...frame, payload: frame.payload.slice() });
    },
    said(board, round, cycle) {
      const found = last.get(board);
      return found?.round === round && found.low === (cycle & 255) ? found.payload : undefined;
    },
  };
};

/** The second copies themselves. */
export interface Copies {
  /** @returns whether the first copy is to have it; a second one has it already, if it is to */
  take(delivery: Delivery): boolean;
  /** See `SimBoard`. */
  settled(): Promise<void> | undefined;
  /** What the boards' sensors show from now on. */
  show(shown: readonly (Value | undefined)[]): void;
  close(): void;
}

/** @param hear takes what they send. @returns undefined where there are none */
export const createCopies = async (
  network: Network, engine: Engine, traitors: readonly Traitor[], hear: Seconds["hear"],
  interpreter?: string,
): Promise<Copies | undefined> => {
  const seconds = new Map<number, SimBoard>();
  const halfOf = createHalves(network, traitors);
  for (const { board, name } of traitors) {
    if (!traitorKind(network, name).twice) continue;
    const [second] = await createBoards(network, engine, hear, [network.boards[board]!],
      interpreter);
    seconds.set(board, second!);
  }
  if (!seconds.size) return undefined;
  return {
    take(delivery) {
      const { sender, board, round } = delivery;
      const second = seconds.get(board);
      const half = second && sender !== HUB ? halfOf(sender, round) : 0;
      if (second && (half || sender === HUB)) second.receive(bytesOf(delivery));
      return !half;
    },
    settled: () => settle([...seconds.values()]),
    show(shown) {
      const { boards } = network.shape;
      for (const [board, second] of seconds) second.reading = shown[(board + 1) % boards];
    },
    close() {
      for (const second of seconds.values()) second.close();
    },
  };
};
