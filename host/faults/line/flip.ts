import type { LineKind } from "../fault.js";

export const FLIP: LineKind = {
  name: "flip", on: "line", help: "one bit of a frame is wrong",
  strike(happening, _again, prng) {
    happening.bytes[prng.below(happening.length)]! ^= 1 << prng.below(8);
    happening.fate = "garbled";
    return true;
  },
};
