import { UsageError } from "../base/error.js";
import type { Kind } from "./kinds.js";

/** What a board of the network file has at pins. */
interface Devices {
  readonly tx?: string | undefined;
  readonly rx?: string | undefined;
  readonly enable?: string | undefined;
  readonly reading?: unknown;
  readonly order?: unknown;
  readonly alarm?: unknown;
}

/**
 * Lamps and buttons have names of their own, which not every kind has: one that is not there would
 * be an exception on the board.
 *
 * @throws UsageError naming the field, and those that there are
 */
export const checkDevices = (file: Devices, { id, devices = [] }: Kind, where: string): void => {
  const pinOf = (field: unknown): unknown =>
    (typeof field === "object" && field !== null && "pin" in field ? field.pin : undefined);
  const named: Readonly<Record<string, unknown>> = {
    "tx": file.tx, "rx": file.rx, "enable": file.enable,
    "reading.pin": pinOf(file.reading), "order.pin": pinOf(file.order),
    "alarm.pin": pinOf(file.alarm),
  };
  for (const [field, name] of Object.entries(named)) {
    if (typeof name !== "string" || !/^(?:LED|BTN)\d*$/.test(name)) continue;
    if (devices.includes(name)) continue;
    throw new UsageError(`${where}.${field}: ${id} has no ${name}, ${
      devices.length ? `there are: ${devices.join(", ")}` : "nor any other lamp or button"}`);
  }
};
