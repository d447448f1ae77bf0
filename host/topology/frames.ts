import { OPENING_BYTES, createWire } from "../../firmware/index.js";
import type { Network } from "../network/network.js";

/** A whole frame of a board. */
export interface Frame {
  readonly sender: number;
  readonly round: number;
  /** The lowest byte of the cycle's number. */
  readonly low: number;
  readonly payload: Uint8Array;
  /** The same bytes, for numbers. */
  readonly view: DataView;
}

/** Bytes of the longest payload on a line: a board's, or a beacon's that brings a reading. */
export const longestPayload = ({ boards, shape }: Network): number => {
  const { block, margin, tags } = boards[0]!.layout;
  return Math.max(block - margin + tags, OPENING_BYTES + 1 + shape.width);
};

/** @param hear takes what is heard: whose, of which round and cycle, and where its payload lies */
const createEar = (
  { boards, shape }: Network, arena: Uint8Array, hear: Parameters<typeof createWire>[5],
) => {
  const { layout } = boards[0]!;
  return createWire(
    layout, arena, new DataView(arena.buffer), new Uint32Array(3),
    (sender, round) => (round && round < layout.payloads.length && sender < shape.boards
      ? layout.overhead + layout.payloads[round]! : 0), hear,
  );
};

/** @returns a function that gives the first whole frame in some bytes: lent, until the next call */
export const createReader = (network: Network) => {
  const { layout } = network.boards[0]!;
  const arena = new Uint8Array(layout.end);
  // By round.
  const frames = layout.payloads.map((bytes, round) => {
    const payload = new Uint8Array(bytes);
    return { sender: 0, round, low: 0, payload, view: new DataView(payload.buffer) };
  });
  let found: Frame | undefined;
  const wire = createEar(network, arena, (sender, round, low, at) => {
    if (found) return;
    const frame = frames[round]!;
    frame.sender = sender;
    frame.low = low;
    const { payload } = frame;
    for (let byte = 0; byte < payload.length; byte++) payload[byte] = arena[at + byte]!;
    found = frame;
  });
  return (bytes: Uint8Array): Frame | undefined => {
    found = undefined;
    wire.decode(bytes);
    return found;
  };
};

/**
 * Listens along on a line, whoever speaks there.
 *
 * @returns a function that gives the frames that are whole with some more bytes, in their order
 */
export const createListener = (network: Network) => {
  const { layout } = network.boards[0]!;
  const arena = new Uint8Array(layout.end);
  let found: Frame[] = [];
  const wire = createEar(network, arena, (sender, round, low, at) => {
    const payload = arena.slice(at, at + layout.payloads[round]!);
    found.push({ sender, round, low, payload, view: new DataView(payload.buffer) });
  });
  return (bytes: Uint8Array): readonly Frame[] => {
    found = [];
    wire.decode(bytes);
    return found;
  };
};
