import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseNetwork } from "../../host/network/network.js";
import { planOf } from "../../host/plan/plan.js";
import { createPacer } from "../../host/topology/star/pacer.js";

/**
 * INPUT.3: what the plan says that a buffer holds is what the hub sends into it at once. Here the
 * beacon that opens a cycle is longer than others, and its bytes decide.
 */
const BOARDS = Array.from("abcdef", (name) => ({ name, kind: "PICO_R1_3" }));
const networkOf = (bytes: number) => parseNetwork({
  name: "n", baud: 115200, algorithm: "lfab", traitors: 1, mode: "log", keep: 3, auth: "mac",
  decision: "majority", value: { bytes }, default: "00".repeat(bytes), boards: BOARDS,
}, "test");

describe("the hub's pace", () => {
  it("is that of the plan, whatever the length of frames", () => {
    let paced = 0;
    for (let bytes = 1; bytes <= 24; bytes++) {
      const network = networkOf(bytes);
      const plan = planOf(network);
      const pacer = createPacer(network, plan);
      if (!plan.paced[0]) continue;
      paced++;
      for (const { round, frame, heard, intake } of plan.rounds) {
        const now = round * 1e9;
        const begins = Array.from({ length: heard }, () => pacer.frame(0, round, now, frame));
        const { holds } = intake[0]!;
        if (!holds) continue;
        // So many one after the other, and then it waits for room.
        const line = (at: number) => now + at * 10 * frame;
        assert.deepEqual(begins.slice(0, holds), begins.slice(0, holds).map((_, at) => line(at)),
          `${bytes} bytes, round ${round}`);
      }
    }
    assert.ok(paced > 5);
  });
});
