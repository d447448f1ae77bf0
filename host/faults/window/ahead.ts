import { HUB } from "../../../firmware/index.js";
import { AT_BOARD } from "../../topology/queue.js";
import type { Happening } from "../../topology/queue.js";
import type { SynchronyKind, WindowRun } from "../fault.js";
import { createFrames } from "../frames.js";

/** @returns what makes of a beacon one of a later round: the last one closes the cycle */
const createHurry = ({ network, numberOf }: WindowRun) => {
  const { rounds } = network;
  const frameOf = createFrames(network);
  return (happening: Happening, by: number) => {
    const { round, cycle, bytes } = happening;
    const later = round + by > rounds ? 0 : round + by;
    const beacon = frameOf(later, HUB, numberOf(cycle), new Uint8Array(0));
    happening.round = later;
    happening.length = beacon.length;
    bytes.set(beacon);
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
