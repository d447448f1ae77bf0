import type { HubKind } from "../fault.js";

export const ALTER: HubKind = {
  name: "alter", on: "hub", help: "the hub changes a value in a frame that it passes on",
  wired: { nothing: "nobody passes anything on" },
  lie({ prng, layout, happening }, payload) {
    const made = payload.slice();
    const from = layout.bitmaps[happening.round]!;
    made[0]! |= 1;
    made[from + prng.below(payload.length - layout.tags - from)]! ^= 1 + prng.below(255);
    return made;
  },
};
