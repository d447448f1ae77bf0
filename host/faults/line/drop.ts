import type { LineKind } from "../fault.js";

export const DROP: LineKind = {
  name: "drop", on: "line", help: "a frame is lost on a link",
  strike(happening) {
    happening.fate = "lost";
    return false;
  },
};
