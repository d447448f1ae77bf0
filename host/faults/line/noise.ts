import type { LineKind } from "../fault.js";

export const NOISE: LineKind = {
  name: "noise", on: "line", help: "up to 16 random bytes come before a frame",
  strike(happening, _again, prng) {
    const { bytes, length } = happening;
    const noise = Math.min(1 + prng.below(16), bytes.length - length);
    bytes.copyWithin(noise, 0, length);
    for (let at = 0; at < noise; at++) bytes[at] = prng.below(256);
    happening.length += noise;
    return true;
  },
};
