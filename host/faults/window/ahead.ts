import { HUB, createWire } from "../../../firmware/index.js";
import { AT_BOARD } from "../../topology/queue.js";
import type { Happening } from "../../topology/queue.js";
import type { SynchronyKind, WindowRun } from "../fault.js";

/** @returns what makes of a beacon one of a later round: the last one closes the cycle */
const createHurry = ({ network, numberOf }: WindowRun) => {
  const { boards, rounds } = network;
  const { layout } = boards[0]!;
  const arena = new Uint8Array(layout.end);
  const { encode } = createWire(
    layout, arena, new DataView(arena.buffer), new Uint32Array(3), () => -1, () => undefined,
  );
  return (happening: Happening, by: number) => {
    const { round, cycle, bytes } = happening;
    const later = round + by > rounds ? 0 : round + by;
    const end = encode((later << 5) | HUB, numberOf(cycle), layout.heard, 0);
    happening.round = later;
    happening.length = end - layout.transmit;
    bytes.set(arena.subarray(layout.transmit, end));
  };
};

export const AHEAD: SynchronyKind = {
  name: "ahead", takes: "BOARD:ROUNDS",
  help: "from the second round on, it hears beacons so many rounds early",
  passes(run) {
    const hurry = createHurry(run);
    return ({ amount, groups }, happening) => {
      const { kind, board, sender, round } = happening;
      const here = kind === AT_BOARD && groups[0]!.includes(board);
      // A cycle's first beacon is on time, and nothing is before the last.
      if (here && sender === HUB && round > 1) hurry(happening, amount);
      return true;
    };
  },
};
