import type { LineKind } from "../fault.js";

export const TRUNCATE: LineKind = {
  name: "truncate", on: "line", help: "the end of a frame is missing",
  strike(happening, _again, prng) {
    happening.length = prng.below(happening.length);
    happening.fate = "garbled";
    return true;
  },
};
