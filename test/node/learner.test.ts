/** A learner's node: LEARN.1 to LEARN.4, by what it hears, says and counts. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nativeBoard } from "../../host/boards/board.js";
import { emulate } from "../../host/emulate/emulate.js";
import type { CycleRecord } from "../../host/emulate/emulate.js";
import type { TraceEvent } from "../../host/events/events.js";
import { parseNetwork } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";

const networkOf = (changes: object = {}) => parseNetwork({
  name: "n", algorithm: "fab", traitors: 1, review: 4, value: "u8", decision: "majority",
  default: 9, baud: 115200, ...changes,
  boards: "abcdefy".split("").map((name) =>
    ({ name, kind: "EMULATED", ...(name === "y" && { learner: true }) })),
}, "n");

const run = async (changes: object = {}) => {
  const network = networkOf(changes);
  const events: TraceEvent[] = [];
  const records: CycleRecord[] = [];
  const summary = await emulate({
    network, cycles: 9, seed: 1, readings: madeUp(network, 1), engine: "native",
    transport: "memory", troubles: { lines: [], traitors: [] },
    tracer(event) {
      events.push(event);
    },
    onCycle(record) {
      records.push(record);
    },
  });
  return { summary, events, records };
};

describe("LEARN.1: a learner", () => {
  for (const wiring of ["star", "wire"]) {
    it(`says nothing, reads nothing, and takes all that it hears: ${wiring}`, async () => {
      const { summary, events } = await run({ wiring });
      assert.ok(!events.some((event) => event.e === "frame" && event.from === 6));
      assert.ok(Object.values(summary.counts[6]!).every((count) => count === 0));
      assert.equal(summary.verdict, "held");
    });
  }

  it("acts when each cycle closes, and holds no vector", async () => {
    const { records } = await run({ meanwhile: "safe" });
    const ordersOf = (board: number) => records.map(({ orders }) => orders[board]);
    assert.deepEqual(ordersOf(6), ordersOf(0));
    assert.equal(records[4]!.orders[6], 9);
    for (const { vectors } of records) assert.deepEqual(vectors[6], Array(6).fill(null));
    // Without a log that is so from its first cycle on, which is a review.
    const { records: once } = await run({ mode: "once" });
    assert.deepEqual(once[0]!.vectors[6], Array(6).fill(null));
  });

  it("goes on after a loss of power with what it carried out last", () => {
    const network = networkOf({ promises: "stored" });
    const board = nativeBoard(network, network.boards[6]!, () => {
      assert.fail("says something");
    });
    assert.equal(board.state().order, 9);
    assert.equal(board.state().cycle, -1);
  });
});
