import type { BoardKind } from "../fault.js";

export const EDGE: BoardKind = {
  name: "edge", on: "board", help: "every other receiver hears it after the next beacon only",
  wired: { nothing: "all hear a frame at the same time" }, played: true,
  tells: ({ halfOf, roundBits }) => ({ receiver, round }) =>
    (halfOf(receiver, round) ? roundBits : 0),
};
