import type { SynchronyKind } from "../fault.js";
import { endsOf } from "./ends.js";

export const ONEWAY: SynchronyKind = {
  name: "oneway", takes: "BOARD:BOARD",
  help: "nothing reaches the second from the first; hub may be an end",
  passes: () => ({ groups }, happening) => {
    const [from, to] = endsOf(happening);
    if (!groups[0]!.includes(from) || !groups[1]!.includes(to)) return true;
    happening.fate = "lost";
    return false;
  },
};
