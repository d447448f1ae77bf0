import { createMaster } from "../../topology/wire/master.js";
import type { BoardKind } from "../fault.js";
import { createFrames } from "../frames.js";

/** A frame in another's name; or a beacon that polls another, and that before it can answer. */
export const FORGE: BoardKind = {
  name: "forge", on: "board", help: "speaks in others' names in its slot, polled or not",
  strays: true,
  responds: () => () => undefined,
  invades({ network, prng }) {
    const { boards, members } = network;
    const { payloads } = boards[0]!.layout;
    const frameOf = createFrames(network);
    const master = createMaster(network);
    return (board, { number, round, polled, speaker }) => {
      if (board !== speaker || !round) return undefined;
      const other = (board + 1 + prng.below(members.length - 1)) % members.length;
      const poll = prng.chance(1 / 2) ? new Uint8Array(0)
        : master.beacon(number, round, other).slice();
      const payload = Uint8Array.from({ length: payloads[round]! }, () => prng.below(256));
      const frame = frameOf(round, other, number, payload);
      return { board, begins: polled, bytes: Uint8Array.of(...poll, ...frame), lie: true };
    };
  },
};
