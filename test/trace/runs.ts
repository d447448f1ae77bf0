/** Runs whose traces the tests look at. */
import { readFileSync } from "node:fs";
import { encodeItem } from "../../host/base/cbor.js";
import { emulate } from "../../host/emulate/emulate.js";
import type { Emulation } from "../../host/emulate/emulate.js";
import type { Header, TraceEvent } from "../../host/events/events.js";
import { parseFaults, parseTraitors } from "../../host/faults/troubles.js";
import { parseWindows } from "../../host/faults/windows.js";
import { parseNetwork } from "../../host/network/network.js";
import type { BoardFile, Network, NetworkFile } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";
import { headerOf } from "../../host/trace/check.js";
import { parseTrace } from "../../host/trace/file.js";
import type { Trace } from "../../host/trace/file.js";

const pump = JSON.parse(
  readFileSync(new URL("../../boards/networks/pump.json", import.meta.url), "utf8"),
) as NetworkFile;

/** The pump's network with other fields, and with as many boards as there are names. */
export const networkOf = (
  change: Partial<NetworkFile> = {}, names = "a b c d", board: Partial<BoardFile> = {},
): Network =>
  parseNetwork({
    ...pump, ...change,
    boards: names.split(" ").map((name) => ({ name, kind: "PICO_R1_3", ...board })),
  }, "a test's network");

/** Seven boards around an oven, of which two may lie. */
export const sevenBoards = (): Network =>
  networkOf({ name: "seven", traitors: 2, value: "f32", decision: "median" }, "a b c d e f g");

export interface Run {
  readonly header: Header;
  readonly events: readonly TraceEvent[];
}

export interface Order {
  readonly network?: Network;
  readonly cycles?: number;
  readonly seed?: number;
  readonly faults?: readonly string[];
  readonly traitors?: readonly string[];
  readonly windows?: readonly string[];
  readonly change?: Partial<Emulation>;
}

export const run = async (order: Order = {}): Promise<Run> => {
  const { network = networkOf(), cycles = 2, seed = 1, faults = [], traitors = [] } = order;
  const { windows } = order;
  const events: TraceEvent[] = [];
  await emulate({
    network, cycles, seed, readings: madeUp(network, seed),
    troubles: {
      lines: parseFaults(network, faults), traitors: parseTraitors(network, traitors),
      windows: parseWindows(network, windows ?? []),
    },
    engine: "native", transport: "memory", ...order.change,
    tracer(event) {
      events.push(event);
    },
  });
  return { header: headerOf(network, {
    seed, cycles, faults, traitors, ...(windows ? { windows } : {}),
  }), events };
};

export const bytesOf = ({ header, events }: Run): Buffer =>
  Buffer.concat([header, ...events].map(encodeItem));

/** A trace in memory, in parts of so many bytes. */
export const traceOf = (bytes: Uint8Array, part = 1000): Trace =>
  parseTrace(function* () {
    for (let from = 0; from < bytes.length; from += part) yield bytes.subarray(from, from + part);
  }, "x.trace");

/** Reads all of it. */
export const read = (bytes: Uint8Array): Run => {
  const trace = traceOf(bytes);
  return { header: trace.header, events: [...trace.events()] };
};
