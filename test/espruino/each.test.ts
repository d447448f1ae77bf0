import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OPTIMIZE } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { exampleNetworks, learnerNetwork, madeFor, signedNetwork } from "../examples.js";
import { differenceOf, liarAndLosses, runOn } from "./alike.js";

/**
 * Each example at each setting on Espruino itself, for a few cycles with a liar and losses: all
 * frames, vectors, orders and counts are what the firmware says in this process. In place of the
 * example that signs, whose keys take minutes, there is a network with small ones; and one with a
 * learner.
 */
const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : false;
if (skip) process.stderr.write(`NOT RUN: each example on Espruino itself: ${skip}\n`);

const CYCLES = 3;

const networks: readonly (readonly [string, Network])[] =
  [...exampleNetworks().filter(([, { signing }]) => !signing),
    ["signed", signedNetwork("LINUX", 115200, 4, 5)], ["learner", learnerNetwork("LINUX")]];

describe("each example on Espruino", { skip }, () => {
  for (const [file, example] of networks) {
    for (const setting of OPTIMIZE) {
      it(`${file.replace(/\.json$/, "")} at ${setting}: is alike`, async () => {
        const network = madeFor(setting, example);
        const wrong = liarAndLosses(network);
        const native = await runOn(network, "native", wrong, CYCLES, 1);
        const real = await runOn(network, "espruino", wrong, CYCLES, 1, path);
        assert.equal(differenceOf(native, real), "");
        assert.ok(native.events.length > CYCLES);
      });
    }
  }

  it("is not alike where one frame is another", async () => {
    const [, network] = networks[0]!;
    const native = await runOn(network, "native", {}, CYCLES, 1);
    const real = await runOn(network, "espruino", { faults: ["drop=0.1"] }, CYCLES, 1, path);
    assert.match(differenceOf(native, real), /^event \d+:/);
  });
});
