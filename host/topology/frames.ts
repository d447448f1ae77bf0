import { OPENING_BYTES, createWire } from "../../firmware/index.js";
import type { Network } from "../network/network.js";

/** A whole frame of a board. */
export interface Frame {
  readonly sender: number;
  readonly round: number;
  /** The lowest byte of the cycle's number. */
  readonly low: number;
  readonly payload: Uint8Array;
}

/** Bytes of the longest payload on a line: a board's, or a beacon's that brings a reading. */
export const longestPayload = ({ boards, shape }: Network): number => {
  const { block, tags } = boards[0]!.layout;
  return Math.max(block + tags, OPENING_BYTES + 1 + shape.width);
};

/** @returns a function that gives the first whole frame in some bytes */
export const createReader = (network: Network) => {
  const read = createListener(network);
  return (bytes: Uint8Array): Frame | undefined => read(bytes)[0];
};

/**
 * Listens along on a line, whoever speaks there.
 *
 * @returns a function that gives the frames that are whole with some more bytes, in their order
 */
export const createListener = ({ boards }: Network) => {
  const { layout } = boards[0]!;
  const arena = new Uint8Array(layout.end);
  let found: Frame[] = [];
  const wire = createWire(
    layout, arena, new DataView(arena.buffer), new Uint32Array(3),
    (sender, round) => (round && sender < boards.length ? layout.payloads[round] ?? -1 : -1),
    (sender, round, low, at) => {
      found.push({ sender, round, low, payload: arena.slice(at, at + layout.payloads[round]!) });
    },
  );
  return (bytes: Uint8Array): readonly Frame[] => {
    found = [];
    wire.decode(bytes);
    return found;
  };
};
