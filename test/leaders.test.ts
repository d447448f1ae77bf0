/** What lying leaders cost, as the documents have it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { measure, pictureOf, tableOf } from "./leaders.js";
import { read } from "./tidy/source.js";

const costs = await measure();

test("VL.3, VL.4: each lying leader costs a ballot, and the virtual leader's line is flat", () => {
  for (const { leader, liars, ballots, boards, milliseconds, frames } of costs) {
    assert.equal(ballots, leader === "virtual" ? 1 : liars + 1);
    const calm = costs.find((one) =>
      one.boards === boards && one.leader === leader && one.liars === 0)!;
    assert.ok(Math.abs(milliseconds - ballots * calm.milliseconds) < 0.2);
    assert.equal(frames, ballots * calm.frames);
  }
  // F+3 frames of each board: N times F more than a report, a 2av and a 2b of each.
  for (const [boards, traitors] of [[4, 1], [7, 2]] as const) {
    const cost = costs.find((one) => one.boards === boards && one.leader === "virtual");
    assert.equal(cost!.frames - 3 * boards, boards * traitors);
  }
});

test("the documents show what was measured: make leaders", () => {
  assert.ok(read("docs/ballots.md").text.includes(tableOf(costs)), tableOf(costs));
  assert.equal(read("boards/networks/leaders.svg").text, pictureOf(costs));
});
