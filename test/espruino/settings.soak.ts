import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OPTIMIZE } from "../../host/network/network.js";
import { exampleNetworks, madeFor } from "../examples.js";
import { differenceOf, liarAndLosses, runOn } from "./alike.js";
import { record, runOnEspruino } from "./drive.js";
import { signOnBoard } from "./signed.js";

/**
 * Each example at each setting on Espruino itself: it says what the firmware says in this process,
 * and has as many blocks after many cycles as after 10. TAGMA_CYCLES says how many, 100 unless
 * told; TAGMA_ONLY=pump,oven runs some of them.
 */
const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : false;
if (skip) process.stderr.write(`NOT RUN: each setting on Espruino itself: ${skip}\n`);

const CYCLES = Number(process.env["TAGMA_CYCLES"] ?? 100);
const ONLY = process.env["TAGMA_ONLY"]?.split(",");
const EARLY = 10;
const SIDE_BY_SIDE = 5;

describe("each setting on Espruino", { skip }, () => {
  for (const [file, example] of exampleNetworks()) {
    const name = file.replace(/\.json$/, "");
    if (ONLY && !ONLY.includes(name)) continue;
    for (const setting of OPTIMIZE) {
      const network = madeFor(setting, example);

      it(`${name} at ${setting}: is alike, with a liar and losses`, async () => {
        const wrong = liarAndLosses(network);
        const cycles = network.signing ? 2 : SIDE_BY_SIDE;
        const native = await runOn(network, "native", wrong, cycles, 1);
        const real = await runOn(network, "espruino", wrong, cycles, 1, path);
        assert.equal(differenceOf(native, real), "");
      });

      it(`${name} at ${setting}: has as many blocks after ${CYCLES} cycles as after ${EARLY}`,
        async (t) => {
          if (network.signing) {
            const { early, late, wrong } = await signOnBoard(path!, network, 0, CYCLES);
            assert.deepEqual([late, wrong], [early, 0]);
            t.diagnostic(`${late} blocks`);
            return;
          }
          // No ballot's number comes twice, so all are recorded.
          const recording = await record(network, 0, network.ballots ? CYCLES : EARLY);
          const { early, late, wrong, driver } =
            await runOnEspruino(path!, network, 0, recording, CYCLES);
          assert.deepEqual([late, wrong], [early, 0]);
          t.diagnostic(`${late - driver} blocks besides what runs it`);
        });
    }
  }
});
