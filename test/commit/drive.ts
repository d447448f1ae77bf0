/** Networks that commit in phases, run in the emulator. */
import type { Engine } from "../../host/boards/board.js";
import { emulate } from "../../host/emulate/emulate.js";
import type { CycleRecord } from "../../host/emulate/emulate.js";
import type { TraceEvent } from "../../host/events/events.js";
import { parseTraitors } from "../../host/faults/troubles.js";
import { parseWindows } from "../../host/faults/windows.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { interpreter } from "../views/drive.js";

export const NAMES = ["2pc", "3pc", "paxos-commit"] as const;

export const networkOf = (algorithm: string, changes: object = {}, names = "a b c"): Network =>
  parseNetwork({
    name: "valves", algorithm, traitors: 1, value: "bool", decision: "unanimous", default: false,
    baud: 115200, ...(algorithm === "paxos-commit" ? {} : { commander: "a" }), ...changes,
    boards: names.split(" ").map((name) => ({ name, kind: "EMULATED" })),
  }, algorithm);

export const READY = () => [true, true, true];

export const run = async (
  network: Network, cycles: number, traitors: readonly string[] = [],
  windows: readonly string[] = [], engine: Engine = "native",
  readings: (cycle: number) => (boolean | undefined)[] = READY,
) => {
  const events: TraceEvent[] = [];
  const records: CycleRecord[] = [];
  const summary = await emulate({
    network, cycles, seed: 1, readings, engine, transport: "memory", interpreter,
    troubles: {
      lines: [], traitors: parseTraitors(network, traitors),
      windows: parseWindows(network, windows),
    },
    tracer(event) {
      events.push(event);
    },
    onCycle(record) {
      records.push(record);
    },
  });
  const outcomes = records.map(({ decisions }) =>
    (decisions ?? []).map((list) =>
      list.map(({ value }) => (value === true ? "c" : "a")).join("")));
  return { summary, records, outcomes, events };
};
