import { HUB, countedFrom, lastRound } from "../../../firmware/index.js";
import { AT_BOARD } from "../../topology/queue.js";
import type { Happening } from "../../topology/queue.js";
import type { SynchronyKind, WindowRun } from "../fault.js";
import { createFrames } from "../frames.js";

/** @returns what makes of a beacon one of a later round: the last one closes the cycle */
const createHurry = ({ network, numberOf }: WindowRun) => {
  const { layout } = network.boards[0]!;
  const frameOf = createFrames(network);
  return (happening: Happening, by: number) => {
    const { round, cycle, bytes } = happening;
    const number = numberOf(cycle);
    const later = round + by > lastRound(layout, number) ? 0 : round + by;
    const beacon = frameOf(later, HUB, number, new Uint8Array(0));
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
    const { layout } = run.network.boards[0]!;
    return ({ amount, groups }, happening) => {
      const { kind, board, sender, round } = happening;
      const here = kind === AT_BOARD && groups[0]!.includes(board);
      // A cycle's first beacon is on time, and nothing is before the last.
      if (here && sender === HUB && countedFrom(layout, round) > 1) hurry(happening, amount);
      return true;
    };
  },
};
