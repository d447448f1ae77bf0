/** What the wire tests put in the place of hardware, and a receiver to listen with. */
import assert from "node:assert/strict";
import { createWire } from "../../firmware/frame/frame.js";
import { HUB, layoutOf } from "../../firmware/index.js";
import type { Hal, Layout, Shape, Wire } from "../../firmware/index.js";

export interface TestHal<Value> extends Hal<Value> {
  /** Copies of the frames sent so far, and the orders carried out. */
  readonly sent: number[][];
  readonly orders: Value[];
}

export const createHal = <Value>(read: () => Value | undefined): TestHal<Value> => {
  const sent: number[][] = [];
  const orders: Value[] = [];
  return {
    sent,
    orders,
    send: (bytes, from, end) => void sent.push([...bytes.subarray(from, end)]),
    read,
    act: (order) => void orders.push(order),
  };
};

export interface Receiver {
  readonly wire: Wire;
  readonly layout: Layout;
  readonly arena: Uint8Array;
  /** Foreign, missized, garbled. */
  readonly counts: Uint32Array;
  /** Header, cycle and payload of each frame heard; see `naiveDecode`. */
  readonly heard: number[][];
  /** Encodes a payload. */
  encode(header: number, cycle: number, payload: readonly number[]): number[];
}

/**
 * @param expected bytes of the payload that belongs to a header, or -1
 * @param create what reads and makes frames: what boards have, unless told
 */
export const createReceiver = (
  shape: Shape, expected: (header: number) => number, self = 0, wired = true,
  create = createWire,
): Receiver => {
  const all = layoutOf(shape, self, wired);
  // The payload to be encoded lies behind all that the wire uses.
  const arena = new Uint8Array(all.end + all.block);
  const counts = new Uint32Array(3);
  const heard: number[][] = [];
  const wire = create(
    all, arena, new DataView(arena.buffer), counts,
    (sender, round) => {
      const bytes = expected((round << 5) | sender);
      return bytes < 0 ? 0 : all.overhead + bytes;
    },
    (sender, round, _low, at, header) => {
      assert.equal(header, (round << 5) | sender);
      wire.show();
      const frame = [header, wire.low(), ...arena.subarray(at, at + expected(header))];
      heard.push(frame);
      wire.open(wire.low() + 256);
      assert.ok(wire.isNow());
      wire.open(wire.low() ^ 1);
      assert.ok(!wire.isNow());
      // Nothing else is put where it is put down, but for what stands around it.
      if (sender === HUB) return;
      const { heard: from, block, margin } = all;
      arena.fill(0xaa, from - margin, from + 2 * block);
      wire.put(from + block - margin, at, frame.length - 2);
      const put = [...arena.subarray(from - margin, from + 2 * block)];
      assert.deepEqual(put.slice(margin + block, margin + block + frame.length - 2),
        frame.slice(2));
      put.fill(0xaa, block, margin + 2 * block);
      assert.ok(put.every((byte) => byte === 0xaa));
    },
  );
  return {
    wire, layout: all, arena, counts, heard,
    encode(head, cycle, payload) {
      arena.set(payload, all.end);
      return [...arena.subarray(all.transmit, wire.encode(head, cycle, all.end, payload.length))];
    },
  };
};

/** Feeds `stream` in chunks of these lengths, and then the rest. */
export const feed = (
  wire: Wire, stream: Uint8Array, lengths: readonly number[] = [],
): void => {
  let from = 0;
  for (const length of lengths) {
    wire.decode(stream.subarray(from, from + length));
    from += length;
  }
  wire.decode(stream.subarray(from));
};

/** Between them: each word size, shortest and longest frames, one and all commanders. */
export const SHAPES: readonly Shape[] = [
  { boards: 2, traitors: 0, width: 1, commander: -1 },
  { boards: 3, traitors: 0, width: 64, commander: -1 },
  { boards: 31, traitors: 0, width: 4, commander: -1 },
  { boards: 4, traitors: 1, width: 1, commander: -1 },
  { boards: 4, traitors: 1, width: 4, commander: 1 },
  { boards: 4, traitors: 1, width: 64, commander: -1 },
  { boards: 7, traitors: 2, width: 1, commander: -1 },
  { boards: 7, traitors: 2, width: 2, commander: 3 },
  // The longest contents: 254 bytes, the most that leave one byte unused, and 255.
  { boards: 9, traitors: 1, width: 31, commander: -1 },
  { boards: 20, traitors: 1, width: 13, commander: -1 },
  { boards: 10, traitors: 3, width: 1, commander: -1 },
  { boards: 10, traitors: 3, width: 2, commander: 0 },
  { boards: 13, traitors: 4, width: 1, commander: -1 },
];

/** Such a network's name in a test's output. */
export const nameOf = ({ boards, traitors, width, commander }: Shape): string =>
  `n=${boards} m=${traitors} w=${width}${commander < 0 ? "" : ` commander ${commander}`}`;
