import type { HubKind } from "../fault.js";

export const INVENT: HubKind = {
  name: "invent", on: "hub", help: "the hub passes on what nobody said",
  wired: { nothing: "nobody passes anything on" },
  lie: ({ prng }, payload) => payload.map(() => prng.below(256)),
};
