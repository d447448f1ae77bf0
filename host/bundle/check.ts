import { UsageError } from "../base/error.js";
import type { Board, Network } from "../network/network.js";
import { unaskedIn } from "./asked.js";
import { lacksIn } from "./lacks.js";

/**
 * Every bundle is checked when it is made: what Espruino would run otherwise is refused here, where
 * somebody is looking, and not found out on a board.
 */

/** The options of a network file that decide what is in a bundle, in the order of their weight. */
const OPTIONS = [
  "algorithm", "mode", "keep", "promises", "leader", "tentative", "auth", "wiring", "guardian",
  "silence_ms", "meanwhile", "value", "decision", "commander", "traitors", "signatures", "health",
  "suspect_cycles", "boards",
] as const;

const MOST = 60;

/** @returns what the network file says of these options */
const optionsOf = ({ file, boards }: Network): string =>
  OPTIONS.flatMap((name) => {
    const value = name === "boards" ? boards.length : (file as Record<string, unknown>)[name];
    return value === undefined ? []
      : [`${JSON.stringify(name)}: ${JSON.stringify(value).slice(0, MOST)}`];
  }).join(", ");

const OTHERWISE = "Espruino would not run its bundle as it is meant";

/** @throws UsageError where the firmware's part of a bundle is not what Espruino runs */
export const checkFirmware = (network: Network, board: Board, text: string): void => {
  const pins = board.file.enable === undefined ? [] : [board.file.enable];
  const console = board.kind.console_away?.replace(/\..*$/, "") ?? [];
  const known = [board.port, ...pins, ...[console].flat()];
  const [wrong] = [...lacksIn(text), ...unaskedIn(text, known)];
  if (wrong === undefined) return;
  throw new UsageError(`board ${board.name}: ${OTHERWISE}: ${wrong}; ` +
    `it is that of ${optionsOf(network)}`);
};

/** What the field of the network file is called that a part of a bundle comes from. */
const FIELDS: Readonly<Record<string, string>> = {
  read: "reading", act: "order", choose: "decision", enable: "enable", pins: "pins",
  alarm: "alarm", retract: "order.retract",
};

/** @throws UsageError naming the field whose script is not what Espruino runs */
export const checkWhole = (
  { name }: Board, text: string, parts: ReadonlyMap<string, string>,
): void => {
  for (const [part, source] of parts) {
    const [wrong] = lacksIn(`(${source})`);
    if (wrong !== undefined) {
      throw new UsageError(`board ${name}: ${FIELDS[part] ?? part}: ${wrong}`);
    }
  }
  const [wrong] = lacksIn(text);
  if (wrong !== undefined) throw new UsageError(`board ${name}: ${OTHERWISE}: ${wrong}`);
};
