import { HUB } from "../../../firmware/index.js";
import type { SynchronyKind } from "../fault.js";
import { endsOf } from "./ends.js";

export const PARTITION: SynchronyKind = {
  name: "partition", takes: "BOARDS/BOARDS", help: "groups of boards do not hear each other",
  passes: () => ({ groups }, happening) => {
    const [from, to] = endsOf(happening);
    if (from === HUB || to === HUB) return true;
    if (groups.some((group) => group.includes(from) && group.includes(to))) return true;
    happening.fate = "lost";
    return false;
  },
};
