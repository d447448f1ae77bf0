import { BITS_A_BYTE } from "../../plan/plan.js";
import type { LineKind } from "../fault.js";

export const DUPLICATE: LineKind = {
  name: "duplicate", on: "line", help: "a frame comes twice",
  wired: { nothing: "it has no links that could bring a frame twice" },
  strike(happening, again) {
    again(happening, happening.time + BITS_A_BYTE * happening.length);
    return true;
  },
};
