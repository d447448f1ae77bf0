import type { BoardKind } from "../fault.js";
import { AT } from "../parameter.js";
import { hasStopped } from "../power.js";

export const CRASH: BoardKind = {
  name: "crash", on: "board", help: "stops for good", parameter: AT,
  isDown: hasStopped,
  isFaulty: ([since = 0], cycle) => cycle >= since,
};
