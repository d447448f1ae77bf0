/** A cycle that comes again whole: who had decided in it has decided nothing more. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OWN_ENGINES } from "../../host/boards/board.js";
import type { Engine } from "../../host/boards/board.js";
import { interpreter, networksOf, run } from "./drive.js";

const networkOf = networksOf("pbft", "a b c d");

describe("LOG.7: what is decided is told once where a cycle comes again", () => {
  // A review has longer rounds than all of a fast cycle, which comes again while one is open.
  for (const engine of interpreter ? [...OWN_ENGINES, "espruino"] : OWN_ENGINES) {
    it(`and nothing is decided in it: ${engine}`, async () => {
      const { summary, records } = await run(
        networkOf({ review: 8 }), 9, [], ["echo=1@7-8"], { engine: engine as Engine });
      assert.equal(summary.verdict, "held");
      assert.deepEqual(records.map(({ decisions }) => decisions![0]!.map(({ slot }) => slot)),
        [[], [0], [1], [2], [3], [4], [5], [6], []]);
    });
  }

  it("and more is decided in it", async () => {
    const { summary } = await run(
      networkOf({ review: 2, keep: 3, promises: "stored" }), 18, [],
      ["jump=3@3", "oneway=b:a@5-11", "echo=1@13-19", "ahead=a:1@12-14"], { seed: 2523 });
    assert.equal(summary.verdict, "held");
  });
});
