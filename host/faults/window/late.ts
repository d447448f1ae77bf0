import type { SynchronyKind } from "../fault.js";

export const LATELY: SynchronyKind = {
  name: "late", takes: "CHANCE", help: "any message is up to a cycle late with this chance",
  passes: ({ prng, plan }) => ({ amount }, happening, again) => {
    if (!prng.chance(amount)) return true;
    again(happening, happening.time + 1 + prng.below(plan.period));
    return false;
  },
  heldBack: (_window, { period }) => period,
};
