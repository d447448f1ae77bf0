import type { BoardKind } from "../fault.js";

/** Remembers what was said in each round of the cycle before. @returns it, and keeps this one */
const createMemory = () => {
  const before = new Map<number, Uint8Array>();
  return (round: number, bytes: Uint8Array): Uint8Array | undefined => {
    const kept = before.get(round);
    before.set(round, bytes);
    return kept;
  };
};

export const STALE: BoardKind = {
  name: "stale", on: "board", help: "sends the frames of the cycle before again", strays: true,
  sends() {
    const remember = createMemory();
    return (happening) => {
      const kept = remember(happening.round, happening.bytes.slice(0, happening.length));
      if (kept) happening.bytes.set(kept);
      happening.fate = kept ? "heard" : "lost";
      happening.lie = true;
      return kept !== undefined;
    };
  },
  responds() {
    const remember = createMemory();
    return (sending, { round }) => {
      const kept = remember(round, sending.bytes);
      return kept && { ...sending, bytes: kept, lie: true };
    };
  },
};
