import type { Plan } from "../plan/plan.js";

/** @returns bits of the longest round */
export const longestRound = (plan: Plan): number =>
  Math.max(...plan.rounds.map(({ length }) => length));
