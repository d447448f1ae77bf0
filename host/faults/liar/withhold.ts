import type { LiarKind } from "../fault.js";

export const WITHHOLD: LiarKind = {
  name: "withhold", on: "liar", help: "says what it has to say, and relays nothing",
  tells: ({ entriesOf }) => (said) => {
    if (said.round > 1) for (const entry of entriesOf(said)) entry.silence();
    return 0;
  },
};
