/** BALLOT.1: the host's table of a record's parts is the firmware's layout. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BallotLayout } from "../../firmware/index.js";
import { ALGORITHMS } from "../../host/algorithms/registry.js";
import { networkOf } from "../topology/drive.js";

test("the parts of a record follow one another, to the last byte of the firmware's", () => {
  let compared = 0;
  for (const algorithm of ALGORITHMS) {
    if (algorithm.kind !== "ballots") continue;
    const { phases, accepts } = algorithm.protocol;
    for (const value of phases ? ["bool" as const] : ["u8", "u16", "f32"] as const) {
      for (const keep of phases ? [2, 5] : [0, 2, 5]) {
        const network = networkOf(phases ? 3 : algorithm.protocol.least(1), 1, {
          algorithm: algorithm.name, value, ...(keep ? { keep } : { mode: "once" }),
          ...(phases && { default: false, decision: "unanimous" }),
          ...(phases && !accepts && { commander: "a" }),
        });
        const { width, body, slot, ring, lead, review } = network.boards[0]!.layout as BallotLayout;
        let end = 0;
        for (const { at, bytes } of network.record) {
          assert.equal(at, end);
          end += bytes;
        }
        assert.equal(end, width);
        const own = network.record.slice(-algorithm.fields.length);
        assert.equal(own[0]!.at, body);
        const placed = (what: string) => network.record.find(({ is }) => is === what)?.at;
        assert.equal(phases ? placed("lead") : placed("lead") ?? placed("named"),
          review ? lead : undefined);
        if (keep) assert.deepEqual([placed("slot"), placed("kept")], [slot, ring]);
        compared++;
      }
    }
  }
  assert.equal(compared, 51);
  assert.deepEqual(networkOf(4, 1).record, []);
});
