import type { BoardKind } from "../fault.js";

/** Bytes of garbage that are sent at once, at most. */
const GARBAGE_MOST = 40;

export const JAM: BoardKind = {
  name: "jam", on: "board", help: "sends garbage while others speak", strays: true,
  invades: ({ prng }) => (board, { speaker, polled, ends }) => {
    if (board === speaker || prng.chance(1 / 2)) return undefined;
    const begins = polled + prng.below(Math.max(1, ends - polled));
    const length = 1 + prng.below(GARBAGE_MOST);
    const bytes = Uint8Array.from({ length }, () => prng.below(256));
    return { board, begins, bytes, lie: true };
  },
};
