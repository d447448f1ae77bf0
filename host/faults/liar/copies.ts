import type { LiarKind } from "../fault.js";

export const COPIES: LiarKind = {
  name: "copies", on: "liar", twice: true,
  help: "two boards under its name, each honest to the half of the boards that it hears",
  tells: ({ halfOf, second }) => ({ sender, receiver, round, cycle, payload }) => {
    if (!second || !halfOf(receiver, round)) return 0;
    const said = second(sender, round, cycle);
    if (said) payload.set(said);
    return said ? 0 : -1;
  },
};
