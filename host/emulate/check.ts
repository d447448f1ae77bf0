import { UsageError } from "../base/error.js";
import { plural } from "../base/text.js";
import { sameValue, show } from "../base/values.js";
import type { Value } from "../base/values.js";
import { ENGINES } from "../boards/board.js";
import { isProgram } from "../boards/espruino/process.js";
import { CYCLES_MAX, SEED_MAX } from "../faults/limits.js";
import { checkTroubles } from "../faults/troubles.js";
import type { Troubles } from "../faults/asked.js";
import { refuseNumbers } from "../faults/windows.js";
import type { Network } from "../network/network.js";
import { refuseRestless } from "../plan/silence.js";

/** What a program asks for, held to what the command line may ask for. */

export const TRANSPORTS = ["mock", "memory"] as const;

interface Asked {
  readonly network: Network;
  readonly cycles: number;
  readonly seed: number;
  readonly troubles: Troubles;
  readonly engine: string;
  readonly transport: string;
  readonly interpreter?: string;
}

const whole = (name: string, value: number, low: number, high: number): void => {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new UsageError(`${name}: ${value} must be a whole number from ${low} to ${high}`);
};

const oneOf = (name: string, value: string, names: readonly string[]): void => {
  if (names.includes(value)) return;
  throw new UsageError(`${name}: ${JSON.stringify(value)} is unknown, there are: ${
    names.join(", ")}`);
};

/** @throws UsageError naming the field, and what would be right */
export const checkEmulation = (asked: Asked): void => {
  const { network, cycles, seed, troubles, engine, transport, interpreter = "" } = asked;
  whole("cycles", cycles, 1, CYCLES_MAX);
  whole("seed", seed, 0, SEED_MAX);
  oneOf("engine", engine, ENGINES);
  oneOf("transport", transport, TRANSPORTS);
  if (engine === "espruino" && !isProgram(interpreter)) {
    throw new UsageError(`interpreter: ${JSON.stringify(interpreter)} must be the path of ` +
      "Espruino's Linux build, on which the engine espruino runs");
  }
  checkTroubles(network, troubles);
  refuseNumbers(network, troubles.windows ?? [], cycles);
  refuseRestless(network, "network: ");
};

/** @throws UsageError naming the cycle, the board, and what would be right */
export const checkShown = (
  { boards, type }: Network, cycle: number, shown: readonly (Value | undefined)[],
): void => {
  const refuse = (what: string) => {
    throw new UsageError(`readings: cycle ${cycle}: ${what}`);
  };
  if (shown.length !== boards.length) {
    refuse(`${plural(shown.length, "entry", "entries")}, ${boards.length} are needed`);
  }
  for (let board = 0; board < boards.length; board++) {
    const value = shown[board];
    if (value === undefined || sameValue(type.parse(show(value)) ?? undefined, value)) continue;
    refuse(`board ${boards[board]!.name}: ${JSON.stringify(show(value))} is not ${type.range}`);
  }
};
