import {
  HUB, OPENING_BYTES, START, countedFrom, createWire,
} from "../../../firmware/index.js";
import type { Network } from "../../network/network.js";

/**
 * The master of a wire that all share (SPEC.md, "A shared wire"): it polls the boards, and relays
 * nothing. It knows no clock and no line, as the hub of a star knows none.
 */
export interface Master {
  /** The cycle and the round that are open; round 0: none, or the cycle is closed. */
  readonly cycle: number;
  readonly round: number;
  /** Who was polled last; HUB: nobody. */
  readonly speaker: number;
  /**
   * Makes a beacon: the first of a round opens it, all of them poll a board; round 0 closes the
   * cycle, and polls HUB, which is nobody.
   *
   * @returns its bytes, which are only lent until this is called again
   */
  beacon(cycle: number, round: number, speaker: number): Uint8Array;
  /**
   * Takes bytes that came over the wire.
   *
   * @returns whether the frame of the polled board is whole now, of which no earlier one was
   */
  hear(bytes: Uint8Array): boolean;
  /** @returns the polled board's frame that was accepted, and nothing else that came with it */
  accepted(): Uint8Array | undefined;
}

export const createMaster = (network: Network): Master => {
  const { layout } = network.boards[0]!;
  const { payloads, poll, word } = layout;
  const longest = Math.max(...payloads);
  let [cycle, round, speaker] = [0, 0, HUB];
  let heard: Uint8Array | undefined;

  // Beacons are put together here: a payload behind the frame, and a byte of 0 in front of it.
  const room = layout.end + longest;
  const desk = new Uint8Array(room + longest);
  const { encode } = createWire(
    layout, desk, new DataView(desk.buffer), new Uint32Array(3), () => 0, () => undefined,
  );

  const arena = new Uint8Array(layout.end);
  const ear = createWire(
    layout, arena, new DataView(arena.buffer), new Uint32Array(3),
    (sender, spoken) => (round && spoken === round && sender === speaker
      ? layout.overhead + payloads[round]! : 0),
    (_sender, _round, low, at) => {
      if (low === (cycle & 255)) heard ??= arena.slice(at, at + payloads[round]!);
    },
  );

  return {
    get cycle() {
      return cycle;
    },
    get round() {
      return round;
    },
    get speaker() {
      return speaker;
    },
    beacon(during, opens, polled) {
      cycle = during;
      round = opens;
      speaker = polled;
      heard = undefined;
      const first = countedFrom(layout, opens) === 1;
      const bytes = first ? payloads[0]! : poll;
      const named = first ? OPENING_BYTES : 0;
      desk.fill(0, room, room + bytes);
      for (let at = 0; at < named; at++) desk[room + at] = Math.floor(cycle / 256 ** (at + 1));
      desk[room + named] = polled;
      const end = encode((opens << 5) | HUB, cycle, room, bytes);
      const from = layout.transmit - (word - 1);
      if (from < layout.transmit) desk[from] = START;
      return desk.subarray(from, end);
    },
    hear(bytes) {
      const before = heard;
      ear.decode(bytes);
      return !before && heard !== undefined;
    },
    accepted() {
      if (!heard) return undefined;
      desk.set(heard, room);
      return desk.slice(
        layout.transmit, encode((round << 5) | speaker, cycle, room, heard.length));
    },
  };
};
