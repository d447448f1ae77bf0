/** Which beacons open and close what, where a review and a fast cycle have rounds of their own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ballotLayout } from "../../firmware/ballots/layout.js";
import { COUNTERS } from "../../firmware/base/counters.js";
import { createRounds } from "../../firmware/node/rounds.js";
import { shapeOf } from "../ballots/ballots.js";

const HUB = 31;
/** A review of the rounds 1 and 2, then two fast cycles of the rounds 3 to 5. */
const LAYOUT = ballotLayout(shapeOf("pbft", 4, 1, 2, false, 3), 0, false);

/** Beacons as [cycle, round], or a board's frame as [cycle, round, sender]; and what they do. */
const play = (frames: readonly (readonly number[])[]): { did: string; counts: string } => {
  const view = new DataView(new ArrayBuffer(16));
  const counts = new Uint32Array(COUNTERS.length);
  const did: string[] = [];
  let [low, now] = [0, 255];
  const frame = {
    show: () => undefined,
    low: () => low,
    open(cycle: number) {
      now = cycle & 255;
    },
    isNow: () => low === now,
  };
  const hear = createRounds(LAYOUT, view, counts, frame, {
    take(sender, header) {
      did.push(`${sender} in ${header >> 5}`);
    },
    drop() {},
    read(cycle, _at, late) {
      did.push(`cycle ${cycle}${late ? " late" : ""}`);
    },
    open() {},
    close(round, heard) {
      did.push(`end ${round}${heard ? ` of ${heard}` : ""}`);
    },
    settle(cycle) {
      did.push(`act ${cycle}`);
    },
    speak(round) {
      did.push(`say ${round}`);
    },
    poll() {},
  });
  for (const [cycle = 0, round = 0, sender = HUB] of frames) {
    view.setUint32(3, cycle, true);
    low = cycle & 255;
    hear(sender, round, low, 4, (round << 5) | sender);
  }
  const found = COUNTERS.flatMap((name, at) => (counts[at] ? [`${name} ${counts[at]}`] : []));
  return { did: did.join(", "), counts: found.join(", ") };
};

const CASES: [string, number[][], string, string][] = [
  ["a review and a fast cycle",
    [[0, 1], [0, 1, 2], [0, 2], [0, 0], [1, 3], [1, 3, 1], [1, 4], [1, 5], [1, 0]],
    "cycle 0, say 1, 2 in 1, end 1 of 4, say 2, end 2, act 0, " +
      "cycle 1, say 3, 1 in 3, end 3 of 2, say 4, end 4, say 5, end 5, act 1", ""],
  ["a fast cycle is the first that it hears", [[1, 3], [1, 4]],
    "cycle 1, say 3, end 3, say 4", ""],
  ["beacons are missing in a fast cycle", [[1, 3], [1, 0]],
    "cycle 1, say 3, end 3, end 4, end 5, act 1", "missed 2"],
  ["the opening of a fast cycle is missing", [[0, 1], [0, 2], [0, 0], [1, 5]],
    "cycle 0, say 1, end 1, say 2, end 2, act 0, cycle 1 late, end 3, end 4, say 5", "missed 2"],
  ["a review is open, and the opening of a fast cycle says its number, or one that ends alike",
    [[0, 1], [0, 2], [0, 3], [256, 3], [256, 4]],
    "cycle 0, say 1, end 1, say 2, cycle 256, say 3, end 3, say 4", "early 1, missed 1"],
  ["a frame of a fast cycle's round, when the review of that number is closed",
    [[0, 1], [0, 2], [0, 0], [0, 3, 1], [1, 3], [1, 3, 1]],
    "cycle 0, say 1, end 1, say 2, end 2, act 0, cycle 1, say 3, 1 in 3", "early 1"],
  ["a cycle is not closed", [[0, 1], [1, 3]], "cycle 0, say 1, cycle 1, say 3", "missed 1"],
  ["a review's beacon in a fast cycle, and the other way round",
    [[1, 3], [1, 1], [1, 2], [3, 3], [3, 4], [4, 1], [2, 4]],
    "cycle 1, say 3, cycle 2 late, end 3, say 4", "early 5, missed 2"],
  ["a board's frame of a round that the cycle does not have",
    [[0, 1], [0, 3, 1], [0, 2], [0, 0], [0, 3, 2]],
    "cycle 0, say 1, end 1, say 2, end 2, act 0", "early 2"],
];

for (const [name, frames, did, counts] of CASES) {
  test(`VIEW.1, NODE.1 to NODE.6: ${name}`, () => {
    assert.deepEqual(play(frames), { did, counts });
  });
}
