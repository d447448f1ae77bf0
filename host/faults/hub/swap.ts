import type { HubKind } from "../fault.js";

export const SWAP: HubKind = {
  name: "swap", on: "hub", help: "the hub passes on what another board said",
  wired: { nothing: "nobody passes anything on" },
  lie: ({ happening: { sender, round, cycle }, oneOf }, payload) => oneOf(payload, (one) =>
    one.sender !== sender && one.round === round && one.cycle === cycle),
};
