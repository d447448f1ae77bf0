import { createWire } from "../../firmware/index.js";
import type { Network } from "../network.js";

/** A whole frame of a board. Its payload is only lent until the next is read. */
export interface Frame {
  readonly sender: number;
  readonly round: number;
  /** The lowest byte of the cycle's number. */
  readonly low: number;
  readonly payload: Uint8Array;
}

/** @returns a function that gives the first whole frame in some bytes */
export const createReader = ({ boards }: Network) => {
  const { limits } = boards[0]!;
  const arena = new Uint8Array(limits.end);
  let header = 0;
  let found: Frame | undefined;
  const wire = createWire(
    limits, arena, new DataView(arena.buffer), new Uint32Array(3),
    (said) => {
      header = said;
      return said >> 5 ? limits.payloads[said >> 5] ?? -1 : -1;
    },
    (low, at) => {
      const round = header >> 5;
      found ??= {
        sender: header & 31, round, low, payload: arena.subarray(at, at + limits.payloads[round]!),
      };
    },
  );
  return (bytes: Uint8Array): Frame | undefined => {
    found = undefined;
    wire.decode(bytes);
    return found;
  };
};
