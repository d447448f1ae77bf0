import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bundle } from "../../host/bundle/bundle.js";
import { exampleNetworks } from "../examples.js";
import { record, runOnEspruino } from "./drive.js";
import { hearOnEspruino } from "./stream.js";

/** How bytes are cut makes no difference, on Espruino itself: where ESPRUINO names it. */
const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : false;
if (skip) process.stderr.write(`NOT RUN: chunks of any length on Espruino itself: ${skip}\n`);

/** A UART event brings at most this many bytes. */
const LONGEST = 64;
/** Cycles for each length: the cuts fall elsewhere in each. */
const CYCLES = 3;
/** A cycle of signatures takes seconds where it comes byte by byte. */
const LONG = [7, 11, 32, 33, 63, 64];
const TURNS = 1000;

describe("FRAME.18: on Espruino, chunks of 1 to 64 bytes", { skip }, () => {
  for (const [name, network] of exampleNetworks()) {
    it(`make no difference to ${name}`, async () => {
      const cycles = network.signing ? LONG.length : CYCLES * LONGEST;
      const recording = await record(network, 0, cycles);
      const text = await bundle(network, network.boards[0]!);
      const heard = hearOnEspruino(path!, network, network.boards[0]!, text, recording,
        (cycle) => (network.signing ? LONG[cycle]! : 1 + Math.floor(cycle / CYCLES)));
      assert.deepEqual([heard.said, heard.wrong], [heard.due, 0], JSON.stringify(heard));
      assert.ok(heard.due >= cycles);
    });
  }
});

describe("on Espruino, 1,000 cycles", { skip }, () => {
  for (const [name, network] of exampleNetworks()) {
    // One that signs has a test of its own.
    if (network.signing) continue;
    it(`leave the memory of ${name} as it was`, async (t) => {
      // No ballot's number comes twice, so all are recorded.
      const cycles = network.boards[0]!.layout.ballots ? TURNS : 10;
      const recording = await record(network, 0, cycles);
      const { early, late, wrong } =
        await runOnEspruino(path!, network, 0, recording, TURNS);
      t.diagnostic(`${late} blocks`);
      assert.equal(wrong, 0);
      assert.equal(late, early, "memory has grown");
    });
  }
});
