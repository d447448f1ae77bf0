import type { BoardKind } from "../fault.js";

export const MARGINAL: BoardKind = {
  name: "marginal", on: "board", help: "every other receiver finds its frames garbled",
  blurs(happening, prng) {
    happening.bytes[prng.below(happening.length)]! ^= 1 << prng.below(8);
    happening.fate = "garbled";
    happening.lie = true;
  },
};
