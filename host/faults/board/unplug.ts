import type { BoardKind } from "../fault.js";
import { FOR } from "../parameter.js";

const isAway = ([since = 0, cycles = 0]: readonly number[], cycle: number): boolean =>
  cycle >= since && cycle < since + cycles;

export const UNPLUG: BoardKind = {
  name: "unplug", on: "board", help: "its line is dead from a cycle on, for so many",
  parameter: FOR, goesOn: true, isDown: isAway, isFaulty: isAway,
};
