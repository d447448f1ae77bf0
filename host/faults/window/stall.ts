import type { SynchronyKind } from "../fault.js";

export const STALL: SynchronyKind = {
  name: "stall", takes: "ROUNDS", harmless: true,
  help: "the hub begins each round so many rounds late",
  stalls: ({ amount }, longest) => amount * longest,
};
