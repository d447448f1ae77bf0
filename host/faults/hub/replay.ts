import type { HubKind } from "../fault.js";

export const REPLAY: HubKind = {
  name: "replay", on: "hub", help: "the hub passes on what the board said before",
  wired: { nothing: "nobody passes anything on" },
  lie: ({ happening: { sender, round, cycle }, oneOf }, payload) => oneOf(payload, (one) =>
    one.sender === sender && (one.round !== round || one.cycle !== cycle)),
};
