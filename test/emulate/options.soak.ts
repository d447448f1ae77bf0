import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { coveringNetworks } from "../bundle/covering.js";
import { record } from "../espruino/drive.js";

/**
 * Every two options of a network file that go together, in networks of several seeds: where nothing
 * goes wrong, everything holds. What is lost then is lost by the plan, the hub, or a layout.
 */
const SEEDS = [8, 11, 12];
const CYCLES = 3;

describe("networks of every two options, and no faults", () => {
  for (const seed of SEEDS) {
    it(`hold, seed ${seed}`, async () => {
      const { networks } = coveringNetworks(seed);
      assert.ok(networks.length > 50);
      for (const { network, about } of networks) {
        const { cycles } = await record(network, 0, CYCLES);
        assert.deepEqual(cycles.flatMap(({ verdict, broken }) =>
          (verdict === "broken" ? broken : [])), [], about);
      }
    });
  }
});
