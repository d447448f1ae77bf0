import { visible } from "../base/text.js";
import type { Flashed } from "./flash.js";

/** What a board of ballots is that knows nothing of its past. */
const UNBORN = "does not know whether it has promised anything, and will say nothing that binds " +
  "it: flash it again with --once where the network has never run, or else with --after CYCLE";

/** @returns how a transfer went, in a line or two */
export const flashedText = (
  board: string, path: string, done: Flashed, seconds: number,
): string => {
  const how = done.sent
    ? `sent by ${done.by}${done.sent > 1 ? `, ${done.sent} times` : ""}, read back and compared`
    : "was there already, read back and compared";
  const now = done.now === "runs" ? "runs" : "started, and has the console's UART";
  return `${visible(`${board}: ${done.bytes} bytes on ${done.kind} (Espruino ${
    done.version}) at ${path}, ${how}, in ${seconds.toFixed(1)} s: ${now}`)}\n${
    done.store === "none" ? `${visible(`${board}: ${UNBORN}`)}\n` : ""}`;
};
