import { createWire } from "../../firmware/index.js";
import type { Network } from "../network/network.js";

/**
 * Makes frames, for those who make them up.
 *
 * @returns the bytes of a frame of any board, or of the hub, that has this payload
 */
export const createFrames = ({ boards }: Network) => {
  const { layout } = boards[0]!;
  const desk = new Uint8Array(layout.end + Math.max(...layout.payloads));
  const { encode } = createWire(
    layout, desk, new DataView(desk.buffer), new Uint32Array(3), () => 0, () => undefined,
  );
  return (round: number, sender: number, cycle: number, payload: Uint8Array): Uint8Array => {
    desk.set(payload, layout.end);
    const end = encode((round << 5) | sender, cycle, layout.end, payload.length);
    return desk.slice(layout.transmit, end);
  };
};
