import { createWire } from "../../firmware/index.js";
import type { Network } from "../network/network.js";

/** Frames as they are on the wire, of payloads, and back: for those who make them up. */
export const createFrames = (network: Network) => {
  const { layout } = network.boards[0]!;
  const { payloads } = layout;
  const longest = Math.max(...payloads);
  const desk = new Uint8Array(layout.end + longest);
  const { encode } = createWire(
    layout, desk, new DataView(desk.buffer), new Uint32Array(3), () => -1, () => undefined,
  );
  const payloadIn = (frame: Uint8Array): Uint8Array | undefined => {
    const arena = new Uint8Array(layout.end);
    let length = 0;
    let found: Uint8Array | undefined;
    createWire(
      layout, arena, new DataView(arena.buffer), new Uint32Array(3),
      (_sender, round) => (length = payloads[round] ?? 0),
      (_sender, _round, _low, at) => {
        found = arena.slice(at, at + length);
      },
    ).decode(frame);
    return found;
  };
  const frameOf = (
    round: number, sender: number, cycle: number, payload: Uint8Array,
  ): Uint8Array => {
    desk.set(payload, layout.end);
    const end = encode((round << 5) | sender, cycle, layout.end, payload.length);
    return desk.slice(layout.transmit, end);
  };
  return { payloadIn, frameOf };
};
