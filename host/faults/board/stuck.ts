import type { BoardKind } from "../fault.js";

export const STUCK: BoardKind = {
  name: "stuck", on: "board", help: "its sensor shows the same value for ever", stuck: true,
};
