import type { SynchronyKind } from "../fault.js";

export const LOSS: SynchronyKind = {
  name: "loss", takes: "CHANCE", help: "any message is lost with this chance",
  passes: ({ prng }) => ({ amount }, happening) => {
    if (!prng.chance(amount)) return true;
    happening.fate = "lost";
    return false;
  },
};
