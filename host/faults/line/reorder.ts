import { BITS_A_BYTE } from "../../plan/plan.js";
import type { LineKind } from "../fault.js";

export const REORDER: LineKind = {
  name: "reorder", on: "line", help: "a frame comes after one that follows at once",
  wired: { nothing: "it has no links on which one could overtake another" },
  strike(happening, again) {
    again(happening, happening.time + BITS_A_BYTE * (happening.length + 1));
    return false;
  },
};
