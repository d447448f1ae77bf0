import { createWire } from "../../firmware/index.js";
import type { Network } from "../network/network.js";

/** Frames as they are on the wire, of payloads, and back: for those who make them up. */
export const createFrames = (network: Network) => {
  const { limits } = network.boards[0]!;
  const { payloads } = limits;
  const longest = Math.max(...payloads);
  const desk = new Uint8Array(limits.end + longest);
  const { encode } = createWire(
    limits, desk, new DataView(desk.buffer), new Uint32Array(3), () => -1, () => undefined,
  );
  const payloadIn = (frame: Uint8Array): Uint8Array | undefined => {
    const arena = new Uint8Array(limits.end);
    let length = 0;
    let found: Uint8Array | undefined;
    createWire(
      limits, arena, new DataView(arena.buffer), new Uint32Array(3),
      (header) => (length = payloads[header >> 5] ?? 0),
      (_low, at) => {
        found = arena.slice(at, at + length);
      },
    ).decode(frame);
    return found;
  };
  const frameOf = (
    round: number, sender: number, cycle: number, payload: Uint8Array,
  ): Uint8Array => {
    desk.set(payload, limits.end);
    const end = encode((round << 5) | sender, cycle, limits.end, payload.length);
    return desk.slice(limits.transmit, end);
  };
  return { payloadIn, frameOf };
};
