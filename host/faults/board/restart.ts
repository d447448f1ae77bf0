import type { BoardKind } from "../fault.js";
import { AT } from "../parameter.js";
import { hasStopped, wholeAfter } from "../power.js";

export const RESTART: BoardKind = {
  name: "restart", on: "board", help: "stops, and begins anew a cycle later", parameter: AT,
  isDown: (parameter, cycle, round) =>
    hasStopped(parameter, cycle, round) && cycle <= parameter[0]!,
  isFaulty: ([since = 0], cycle, network) =>
    cycle >= since && cycle <= Math.max(since + 1, wholeAfter(since, network)),
  restarts: ([stopped = 0], cycle) => stopped === cycle - 1,
};
