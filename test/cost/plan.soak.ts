import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { OPTIMIZE } from "../../host/network/network.js";
import { instructionsFor } from "../../host/plan/compute.js";
import { coveringNetworks } from "../bundle/covering.js";
import { madeFor } from "../examples.js";
import { worstOf } from "./worst.js";

/**
 * Whether a plan promises enough to networks by which no price was found: those that cover every
 * two options, each at one setting and of one of its boards, with liars, counted under valgrind.
 * TAGMA_COVER says how many of them, spread over all; TAGMA_COVER_FROM with which one to begin.
 */
const espruino = process.env["ESPRUINO"] ?? "";
const skip = espruino === "" ? "ESPRUINO names no interpreter"
  : spawnSync("valgrind", ["--version"]).error ? "valgrind is not there" : false;
if (skip) process.stderr.write(`NOT RUN: plans against counted instructions: ${skip}\n`);

const COUNT = Number(process.env["TAGMA_COVER"] ?? 12);
const FROM = Number(process.env["TAGMA_COVER_FROM"] ?? 0);

describe("a plan's times", { skip }, () => {
  const { networks } = skip ? { networks: [] } : coveringNetworks(1);
  const step = Math.max(1, Math.floor(networks.length / COUNT));
  for (let index = 0; index < COUNT && !skip; index++) {
    const at = FROM + index * step;
    const covering = networks[at];
    if (!covering) break;
    const setting = OPTIMIZE[at % OPTIMIZE.length]!;
    it(`covering.${at} at ${setting}: are no less than what is executed`, async (t) => {
      const network = madeFor(setting, covering.network);
      const board = network.boards[at % network.boards.length]!;
      const { rows } = await worstOf(espruino, network, setting, board.number);
      const ratios = rows.map((row) => {
        const planned = instructionsFor(network, board, row.kind, row.round, row.closes);
        assert.ok(planned >= row.cost, `${covering.about}: a ${row.kind} of round ${row.round
        } takes ${row.cost}, planned are ${Math.round(planned)}`);
        return planned / row.cost;
      });
      t.diagnostic(`${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} times ` +
        "the dearest that was counted");
    });
  }
});
