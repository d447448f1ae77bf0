import type { LineKind } from "../fault.js";

export const DELAY: LineKind = {
  name: "delay", on: "line", help: "a frame comes up to a round late on a link",
  wired: { nothing: "it has no links on which one could be late" },
  strike(happening, again, prng, roundBits) {
    again(happening, happening.time + 1 + prng.below(roundBits));
    return false;
  },
};
