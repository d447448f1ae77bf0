import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OPTIMIZE } from "../../host/network/network.js";
import { exampleNetworks, madeFor } from "../examples.js";
import { record, runOnEspruino } from "./drive.js";

/**
 * The first board of each example at each setting on Espruino itself: after ten cycles it holds as
 * many blocks as after all. TAGMA_CYCLES=1000 makes a long run of it. What signs takes a second a
 * cycle, and has a run of its own (espruino.soak.ts).
 */
const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : false;
if (skip) process.stderr.write(`NOT RUN: constant memory on Espruino itself: ${skip}\n`);

const TURNS = Number(process.env["TAGMA_CYCLES"] ?? 100);

describe(`blocks after 10 cycles and after ${TURNS}`, { skip }, () => {
  for (const [file, example] of exampleNetworks().filter(([, { signing }]) => !signing)) {
    it(file.replace(/\.json$/, ""), async (t) => {
      // No cycle is as another: health, counts of a log and numbers of ballots go on.
      const recording = await record(example, 0, TURNS);
      for (const setting of OPTIMIZE) {
        const network = madeFor(setting, example);
        const { early, late, wrong } = await runOnEspruino(path!, network, 0, recording, TURNS);
        t.diagnostic(`${setting}: ${early} and ${late}`);
        assert.equal(wrong, 0, setting);
        assert.equal(late, early, `memory has grown at ${setting}`);
      }
    });
  }
});
