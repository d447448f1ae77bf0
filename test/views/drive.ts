/** Networks that go by views, run in the emulator, and traces of them that are judged again. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Engine } from "../../host/boards/board.js";
import { emulate } from "../../host/emulate/emulate.js";
import type { CycleRecord } from "../../host/emulate/emulate.js";
import type { TraceEvent } from "../../host/events/events.js";
import { parseTraitors } from "../../host/faults/troubles.js";
import { parseWindows } from "../../host/faults/windows.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";
import { rejudge } from "../../host/replay/replay.js";
import { headerOf } from "../../host/trace/check.js";
import { createTraceWriter, openTrace } from "../../host/trace/file.js";
import { contentOf, folder } from "../cli/harness.js";

/** Cycles of a view. */
export const REVIEW = 4;

/** @returns makes networks of an algorithm, unless a change says another */
export const networksOf = (algorithm: string, usual: string) =>
  (changes: object = {}, names = usual): Network => parseNetwork({
    ...contentOf("desk"), algorithm, review: REVIEW, ...changes,
    boards: names.split(" ").map((name) => ({ name, kind: "EMULATED" })),
  }, algorithm);

/** The path of Espruino's Linux build; "" where there is none. */
export const interpreter = process.env["ESPRUINO"] ?? "";

export const run = async (
  network: Network, cycles: number, traitors: readonly string[] = [],
  windows: readonly string[] = [],
  { seed = 1, engine = "native" }: { readonly seed?: number; readonly engine?: Engine } = {},
) => {
  const hash = createHash("sha256");
  const events: TraceEvent[] = [];
  const records: CycleRecord[] = [];
  const summary = await emulate({
    network, cycles, seed, readings: madeUp(network, seed), engine, transport: "memory",
    troubles: {
      lines: [], traitors: parseTraitors(network, traitors),
      windows: parseWindows(network, windows),
    },
    interpreter,
    tracer(event) {
      hash.update(JSON.stringify(event));
      events.push(event);
    },
    onCycle(record) {
      records.push(record);
    },
  });
  const decided = records.map(({ decisions }) => decisions!.flat().length);
  return { summary, records, decided, events, hash: hash.digest("hex") };
};

/**
 * A trace without faults is judged again as it was.
 *
 * @param real whether it is of real lines
 */
export const judgedAgain = (
  context: TestContext, network: Network, cycles: number, events: readonly TraceEvent[],
  real = false,
): void => {
  const path = join(folder(context), "n.trace");
  const writer = createTraceWriter(path, headerOf(network, {
    seed: 1, cycles, faults: [], traitors: [], ...(real ? { real, first: 0 } : {}),
  }));
  for (const event of events) writer.write(event);
  writer.finish();
  assert.deepEqual([...rejudge(openTrace(path))].flatMap(({ differences }) => differences), []);
};
