import { AT_BOARD } from "../../topology/queue.js";
import type { SynchronyKind } from "../fault.js";
import { longestRound } from "../longest.js";

export const BEHIND: SynchronyKind = {
  name: "behind", takes: "BOARD:ROUNDS", help: "it hears everything so many rounds late",
  passes: ({ longest }) => ({ amount, groups }, happening, again) => {
    if (happening.kind !== AT_BOARD || !groups[0]!.includes(happening.board)) return true;
    again(happening, happening.time + amount * longest);
    return false;
  },
  heldBack: ({ amount }, plan) => amount * longestRound(plan),
};
