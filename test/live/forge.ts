import { createWire } from "../../firmware/index.js";
import type { Network } from "../../host/network/network.js";

/** A frame's payload, which may be changed in place. */
export interface Told {
  readonly sender: number;
  readonly round: number;
  readonly payload: Uint8Array;
  /** Where its values begin. */
  readonly values: number;
}

/**
 * Makes of a frame another of the same round, whole and with a checksum that fits.
 *
 * @param as in whose name, its own board's unless told
 */
export const createForge = ({ boards }: Network, change: (told: Told) => void, as?: number) => {
  const { layout } = boards[0]!;
  const { payloads, bitmaps } = layout;
  return (frame: Uint8Array): Uint8Array => {
    const arena = new Uint8Array(layout.end + layout.block);
    let made: Uint8Array | undefined;
    const codec = createWire(
      layout, arena, new DataView(arena.buffer), new Uint32Array(3),
      (_sender, round) => (round && round < payloads.length
        ? layout.overhead + payloads[round]! : 0),
      (sender, round, cycle, at) => {
        const payload = arena.slice(at, at + payloads[round]!);
        change({ sender, round, payload, values: bitmaps[round]! });
        arena.set(payload, layout.end);
        const name = (round << 5) | (as ?? sender);
        const end = codec.encode(name, cycle, layout.end, payload.length);
        made = arena.slice(layout.transmit, end);
      },
    );
    codec.decode(frame);
    return made ?? frame;
  };
};
