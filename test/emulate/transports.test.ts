/** Bytes that went through streams of serial ports are those that went through a function call. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULTS } from "../../host/faults/registry.js";
import { networkOf, run } from "../topology/drive.js";
import type { Order } from "../topology/drive.js";

const FOUR = networkOf(4, 1);
const SEVEN = networkOf(7, 2, { value: "u16", commander: "b" });

const sameOverBoth = async (order: Order): Promise<void> => {
  const memory = await run({ ...order, transport: "memory" });
  const mock = await run({ ...order, transport: "mock" });
  assert.equal(memory.events.length > 0, true);
  assert.deepEqual(mock.events, memory.events);
  assert.deepEqual(mock.summary, memory.summary);
};

test("no trouble at all", async () => {
  await sameOverBoth({ network: FOUR, cycles: 20 });
  await sameOverBoth({ network: SEVEN, cycles: 5 });
});

for (const { name, on, parameter } of FAULTS) {
  const order = (board: number): Omit<Order, "network"> => on === "line" || on === "hub"
    ? { lines: [{ name, board: board < 3 ? -1 : board, probability: 0.4 }] }
    : { traitors: [{ name, board, parameter: parameter?.fallback ?? [] }] };
  test(`${name} over both links`, async () => {
    await sameOverBoth({ network: FOUR, cycles: 6, seed: 9, ...order(1) });
    await sameOverBoth({ network: SEVEN, cycles: 3, seed: 9, ...order(3) });
  });
}
