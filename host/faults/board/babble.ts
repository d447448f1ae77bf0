import type { BoardKind } from "../fault.js";
import { createFrames } from "../frames.js";
import { FORGE } from "./forge.js";
import { JAM } from "./jam.js";
import { USURP } from "./usurp.js";

/** Garbage, or a whole frame of this round that claims to be another board's. */
export const BABBLE: BoardKind = {
  name: "babble", on: "board", help: "sends garbage, or frames that claim to be others'",
  wired: { help: "jams, forges and usurps as it comes" }, strays: true,
  sends({ network, prng, numberOf }) {
    const { shape, boards } = network;
    const { payloads } = boards[0]!.layout;
    const frameOf = createFrames(network);
    return (happening) => {
      const { bytes, board, round, cycle } = happening;
      happening.lie = true;
      if (prng.chance(1 / 2)) {
        happening.length = Math.min(2 * happening.length, bytes.length);
        for (let at = 0; at < happening.length; at++) bytes[at] = prng.below(256);
        return true;
      }
      const other = (board + 1 + prng.below(shape.boards - 1)) % shape.boards;
      const payload = Uint8Array.from({ length: payloads[round]! }, () => prng.below(256));
      const frame = frameOf(round, other, numberOf(cycle), payload);
      happening.length = frame.length;
      bytes.set(frame);
      return true;
    };
  },
  invades(run) {
    const all = [JAM, FORGE, USURP].map((kind) => kind.invades!(run));
    return (board, slot) => all[run.prng.below(all.length)]!(board, slot);
  },
};
