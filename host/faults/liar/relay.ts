import type { LiarKind } from "../fault.js";

export const RELAY: LiarKind = {
  name: "relay", on: "liar", help: "tells its own value truly and lies about the others'",
  played: true,
  tells: ({ entriesOf }) => (said) => {
    if (said.round > 1) for (const entry of entriesOf(said)) entry.deny();
    return 0;
  },
};
