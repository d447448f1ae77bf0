/** FD.1 and BULLY.1 in bundles: the same as in this process, and only where they are asked for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "../../host/bundle/bundle.js";
import { parseTraitors } from "../../host/faults/troubles.js";
import { parseWindows } from "../../host/faults/windows.js";
import { networkOf, run } from "../topology/drive.js";

for (const engine of ["bundle", "quickjs"] as const) {
  test(`${engine}: as in this process, parted, restarted, with a silent board`, async () => {
    const network = networkOf(4, 1, { suspect_cycles: 2 });
    const told = async (by: "native" | typeof engine) => (await run({
      network, engine: by, cycles: 12, traitors: parseTraitors(network, ["d=silent"]),
      windows: parseWindows(network, ["partition=a/b,c@2-5", "reset=b@8.2"]),
    })).cycles;
    const cycles = await told(engine);
    assert.deepEqual(cycles, await told("native"));
    assert.equal(new Set(cycles.map(({ detected }) => JSON.stringify(detected))).size, 4);
  });
}

test("who does not ask for it has not a byte of it, and it is small", async () => {
  const [asks, none] = [networkOf(4, 1, { suspect_cycles: 3 }), networkOf(4, 1)];
  const [more, less] = [await bundle(asks, asks.boards[0]!), await bundle(none, none.boards[0]!)];
  assert.match(more, /suspects/);
  assert.doesNotMatch(less, /suspects|leader/);
  assert.ok(more.length - less.length < 450, `${more.length - less.length} bytes`);
});
