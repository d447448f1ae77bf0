import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bundle } from "../../host/bundle/bundle.js";
import { OPTIMIZE } from "../../host/network/network.js";
import { sampleNetworks } from "../cost/sample.js";
import { maskingOf } from "../cost/worst.js";
import { SEED, createRandom, replay } from "../core/random.js";
import { madeFor } from "../examples.js";
import { record } from "./drive.js";
import { hearOnEspruino } from "./stream.js";

/**
 * Frames with words of two bytes on Espruino itself, in pieces of any length: with readings by
 * which each mask that is tried is in use, so that words are searched and replaced; and others.
 */
const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : false;
if (skip) process.stderr.write(`NOT RUN: words of two bytes on Espruino itself: ${skip}\n`);

const CYCLES = 6;
/** So long is a piece at most, in each of the cycles: from single bytes to all at once. */
const LENGTHS = [1, 7, 64, 255, 300, 5000];

describe("words of two bytes on Espruino", { skip }, () => {
  for (const name of ["om-wide-2", "om-wide-3", "om-7-rows", "lfab-rows"]) {
    for (const setting of OPTIMIZE) {
      it(`${name} at ${setting}: says what the emulator does; ${replay}`, async () => {
        const network = madeFor(setting, sampleNetworks().get(name)!);
        const board = network.boards[0]!;
        assert.equal(board.layout.word, 2);
        const text = await bundle(network, board);
        const random = createRandom(SEED);
        for (const readings of [undefined, maskingOf(network)]) {
          const recording = await record(network, 0, CYCLES, undefined, readings);
          const { said, due, wrong, cycle } = hearOnEspruino(
            path!, network, board, text, recording, (at) => 1 + random() % LENGTHS[at]!);
          assert.deepEqual([said, wrong, cycle], [due, 0, CYCLES - 1]);
        }
      });
    }
  }
});
