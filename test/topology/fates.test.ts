/** The trace says of each transmission what came of it, however many faults met it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FrameEvent } from "../../host/events/events.js";
import { HUB, networkOf, run } from "./drive.js";

const FOUR = networkOf(4, 1);
const CYCLES = 6;

/** What came of the beacons to board 2, while these faults met every one of them. */
const beacons = async (...names: string[]): Promise<FrameEvent[]> => {
  const lines = names.map((name) => ({ name, board: 2, probability: 1 }));
  const { frames } = await run({ network: FOUR, cycles: CYCLES, seed: 3, lines });
  // A copy of the very last one would come when all is over.
  return frames.filter(({ from, to, cycle }) =>
    from === HUB && to === 2 && cycle < CYCLES - 1);
};

const fatesOf = (frames: readonly FrameEvent[]): string[] =>
  [...new Set(frames.map(({ fate }) => fate))].toSorted();

describe("a frame that meets two faults", () => {
  test("flipped and then duplicated is garbled twice", async () => {
    const [flip, both] = [await beacons("flip"), await beacons("flip", "duplicate")];
    assert.deepEqual(fatesOf(flip), ["garbled"]);
    assert.deepEqual(fatesOf(both), ["garbled"]);
    assert.equal(both.length, 2 * flip.length);
  });

  test("duplicated and then lost is lost once, and its copy is heard", async () => {
    const both = await beacons("duplicate", "drop");
    assert.deepEqual(fatesOf(both), ["heard", "lost"]);
    const lost = both.filter(({ fate }) => fate === "lost");
    assert.equal(2 * lost.length, both.length);
  });

  test("only late is not lost", async () => {
    assert.equal((await beacons("delay")).some(({ fate }) => fate === "lost"), false);
  });

  test("cut and then late is garbled", async () => {
    assert.deepEqual(fatesOf(await beacons("truncate", "delay")), ["garbled"]);
  });
});
