/** What is kept or lent for speed says the same as what would be made anew. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createCuts } from "../../host/emulate/chunks.js";
import { createFrames } from "../../host/faults/frames.js";
import { parseNetwork, planOf } from "../../host/index.js";
import { createListener, createReader } from "../../host/topology/frames.js";
import { contentOf } from "../cli/harness.js";

const pump = parseNetwork(contentOf("pump"), "pump");

test("a network has one plan, and another network one of its own", () => {
  assert.equal(planOf(pump), planOf(pump));
  const slower = { ...pump, file: { ...pump.file, period_ms: 5000 } };
  assert.notEqual(planOf(slower).period, planOf(pump).period);
  const alike = parseNetwork(contentOf("pump"), "pump");
  assert.notEqual(planOf(alike), planOf(pump));
  assert.deepEqual(planOf(alike), planOf(pump));
});

test("a reader gives the first frame of some bytes, as a listener hears it", () => {
  const frameOf = createFrames(pump);
  const bytes = pump.boards[0]!.layout.payloads[1]!;
  const one = frameOf(1, 0, 7, new Uint8Array(bytes).fill(1)).slice();
  const other = frameOf(1, 1, 7, new Uint8Array(bytes).fill(3)).slice();
  const both = Uint8Array.from([...one, ...other]);
  const [first, second] = createListener(pump)(both);
  assert.deepEqual([first!.sender, second!.sender], [0, 1]);
  const read = createReader(pump);
  assert.deepEqual(read(both), first);
  assert.deepEqual(read(other), second);
  assert.equal(read(other.subarray(1)), undefined);
});

test("parts of bytes are those bytes, in their order, however long they are", () => {
  for (const length of [1, 2, 127, 128, 129, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 7 + 1) & 255);
    const came: number[] = [];
    let parts = 0;
    const cut = createCuts(pump, length, (board, part) => {
      assert.equal(board, 1);
      came.push(...part);
      parts++;
    });
    for (let time = 0; time < 20; time++) cut(1, bytes);
    assert.deepEqual(came, Array.from({ length: 20 }, () => [...bytes]).flat());
    assert.ok(length < 100 || parts > 20);
  }
});
