import type { SynchronyKind } from "../fault.js";
import { longestRound } from "../longest.js";

export const ECHO: SynchronyKind = {
  name: "echo", takes: "ROUNDS", help: "every message comes again so many rounds later",
  passes: ({ longest }) => ({ amount }, happening, again) => {
    again(happening, happening.time + amount * longest);
    return true;
  },
  heldBack: ({ amount }, plan) => amount * longestRound(plan),
};
