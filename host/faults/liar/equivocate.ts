import type { LiarKind } from "../fault.js";

export const EQUIVOCATE: LiarKind = {
  name: "equivocate", on: "liar", help: "tells every other receiver the contrary",
  wired: { nothing: "all hear the same; marginal has some not hear it" }, played: true,
  tells: ({ halfOf, entriesOf }) => (said) => {
    if (halfOf(said.receiver, said.round)) for (const entry of entriesOf(said)) entry.deny();
    return 0;
  },
};
